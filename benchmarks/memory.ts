import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { path, run, type Run } from './child.ts';
import { read, TOKEN } from './connector.ts';
import { startSimulated } from './simulated.ts';
import { count, table } from './table.ts';

/** Memory that a read takes at most, when whoever reads its output is slow. */
export async function memory(isQuick: boolean): Promise<string> {
  const sizes = isQuick ? [20_000, 100_000] : [100_000, 1_000_000];
  const rows: string[][] = [];
  for (const contacts of sizes) {
    const simulator = await startSimulated(['--contacts', String(contacts), '--limit', '1000000', '--no-gzip']);
    try {
      const output = { bytes: 0 };
      const { exitCode, peak, seconds } = await read(
        { url: simulator.url, streams: [{ name: 'contacts', mode: 'full_refresh' }] },
        (stream) => void stall(stream, output),
      );
      if (exitCode !== 0) throw new Error('The connector failed.');
      rows.push(rowOf('connector', contacts, output, { peak, seconds }));
      if (contacts === sizes[0]) rows.unshift(await bare(simulator.url, contacts));
    } finally {
      await simulator.close();
    }
  }
  return [
    table(['What', 'Contacts', 'Output', 'Seconds', 'Peak memory'], rows),
    'Resident memory (`VmHWM` of the child process), with a reader that stops for ' +
      `${PAUSE / 1000} s at the start and after every ${BURST / MEGABYTE} MB, so that everything that can fill up does. Aim: flat, below 200 MB. The bare loop (see throughput) shows what Node alone takes.`,
  ].join('\n\n');
}

/** What Node itself takes for the same work, with one page in memory at a time. */
async function bare(url: string, contacts: number): Promise<string[]> {
  const output = { bytes: 0 };
  const consume = (stream: Readable): void => void stall(stream, output);
  return rowOf('bare loop', contacts, output, await run([path('benchmarks/bare-loop.ts'), url, TOKEN], { consume }));
}

function rowOf(
  what: string,
  contacts: number,
  output: { readonly bytes: number },
  { peak, seconds }: Pick<Run, 'peak' | 'seconds'>,
): string[] {
  const megabytes = (bytes: number): string => `${count(Math.round(bytes / MEGABYTE))} MB`;
  return [
    what,
    count(contacts),
    megabytes(output.bytes),
    seconds.toFixed(0),
    peak === undefined ? 'unknown' : megabytes(peak),
  ];
}

async function stall(stream: Readable, output: { bytes: number }): Promise<void> {
  let left = 0;
  for await (const chunk of stream) {
    const { length } = chunk as Buffer;
    output.bytes += length;
    left -= length;
    if (left > 0) continue;
    await sleep(PAUSE);
    left = BURST;
  }
}

const MEGABYTE = 1024 * 1024;
/** Bytes. */
const BURST = 96 * MEGABYTE;
/** Milliseconds. */
const PAUSE = 2_000;
