import { parentPort } from 'node:worker_threads';
import { reportOf } from './report.ts';
import { play } from './world.ts';

/** What a worker says of a seed. */
export interface Played {
  readonly seed: number;
  readonly isBroken: boolean;
  readonly report: string;
  readonly runs: number;
  readonly lines: number;
  readonly requests: number;
}

parentPort?.on('message', (seed: number) => void answer(seed));

async function answer(seed: number): Promise<void> {
  const result = await play(seed);
  const { runs, lines, requests, violation } = result;
  const played: Played = { seed, isBroken: violation !== undefined, report: reportOf(result), runs, lines, requests };
  parentPort?.postMessage(played);
}
