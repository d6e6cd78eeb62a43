import { parentPort } from 'node:worker_threads';
import { reportOf } from './report.ts';
import { inProcesses, virtually } from './scenes.ts';
import { play } from './world.ts';

/** A world to play. */
export interface Order {
  readonly seed: number;
  /** Each run a process of its own, instead of virtual time. */
  readonly inProcesses: boolean;
}

/** What a worker says of a seed. */
export interface Played {
  readonly seed: number;
  readonly isBroken: boolean;
  readonly report: string;
  readonly runs: number;
  readonly lines: number;
  readonly requests: number;
}

parentPort?.on('message', (order: Order) => void answer(order));

async function answer(order: Order): Promise<void> {
  const { seed } = order;
  const result = await play(await (order.inProcesses ? inProcesses(seed) : virtually(seed)));
  const { runs, lines, requests, violation } = result;
  const report = reportOf(result, order);
  parentPort?.postMessage({ seed, isBroken: violation !== undefined, report, runs, lines, requests } satisfies Played);
}
