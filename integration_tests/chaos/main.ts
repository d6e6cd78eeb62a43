import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Played } from './worker.ts';
import { playAll } from './workers.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '100' },
    workers: { type: 'string', default: String(availableParallelism()) },
    processes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`Lets the connector read random worlds, which change, fail and interrupt it, and holds what it prints to the truth.

  --seed N     the first world; the same number is always the same world. Default 1
  --runs M     so many worlds: N, N + 1, ... Default 100; of a single one all that was done is told
  --processes  each run is a process of its own, killed by the system's signals, over HTTP and in real time: slower, without long
               trouble, and who overtakes whom is another matter each time. Without it all is in virtual time, and plays the same again
  --workers W  worlds at once. Default: as many as the machine has processors`);
} else {
  const [first, count, workers] = [values.seed, values.runs, values.workers].map(Number);
  if (![first, count, workers].every((each) => Number.isSafeInteger(each) && (each ?? 0) >= 0))
    throw new Error('Seed, runs and workers are whole numbers.');
  if (values.processes && !existsSync(new URL('../../dist/source.js', import.meta.url)))
    throw new Error('The program is not built: npm run build');
  process.exitCode = (await play(first ?? 1, count ?? 0, workers ?? 1)) ? 0 : 1;
}

/** @returns whether every promise was kept */
async function play(first: number, count: number, workers: number): Promise<boolean> {
  const sums = { runs: 0, requests: 0, lines: 0 };
  const broken: number[] = [];
  const tell = (played: Played): void => {
    for (const name of ['runs', 'requests', 'lines'] as const) sums[name] += played[name];
    if (played.isBroken) broken.push(played.seed);
    if (played.isBroken || count === 1) console.log(`${played.report}\n`);
  };
  await playAll(
    Array.from({ length: count }, (_, index) => ({ seed: first + index, inProcesses: values.processes })),
    workers,
    tell,
  );
  const verdict =
    broken.length === 0 ? 'Every promise was kept.' : `Broken: ${broken.sort((a, b) => a - b).join(', ')}.`;
  console.log(
    `${count} worlds from seed ${first} on: ${sums.runs} runs, ${sums.requests} requests, ${sums.lines} lines. ${verdict}`,
  );
  return broken.length === 0;
}
