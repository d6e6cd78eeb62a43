import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { read } from './connector.ts';
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
      const megabytes = peak === undefined ? 'unknown' : `${(peak / MEGABYTE).toFixed(0)} MB`;
      rows.push([count(contacts), `${count(Math.round(output.bytes / MEGABYTE))} MB`, seconds.toFixed(0), megabytes]);
    } finally {
      await simulator.close();
    }
  }
  return [
    table(['Contacts', 'Output', 'Seconds', 'Peak memory'], rows),
    'Resident memory (`VmHWM` of the child process), with a reader that stops for ' +
      `${PAUSE / 1000} s at the start and after every ${BURST / MEGABYTE} MB, so that everything that can fill up does. Aim: the same for both, below 200 MB.`,
  ].join('\n\n');
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
