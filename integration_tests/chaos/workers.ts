import { Worker } from 'node:worker_threads';
import type { Played } from './worker.ts';

/** Plays seeds, several at once. @param tell - Called with each as it ends */
export async function playAll(
  seeds: readonly number[],
  workers: number,
  tell: (played: Played) => void,
): Promise<void> {
  const left = [...seeds];
  const work = async (): Promise<void> => {
    let worker: Worker | undefined;
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      worker ??= new Worker(new URL('worker.ts', import.meta.url));
      const played = await playIn(worker, seed);
      tell(played);
      if (played.runs > 0) continue;
      await worker.terminate();
      worker = undefined;
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(workers, seeds.length) }, work));
}

function playIn(worker: Worker, seed: number): Promise<Played> {
  return new Promise((resolve) => {
    const fail = (why: string): void => {
      resolve({ seed, isBroken: true, report: `seed ${seed}: BROKEN: ${why}`, runs: 0, lines: 0, requests: 0 });
    };
    const alarm = setTimeout(fail, PATIENCE, `the world did not end within ${PATIENCE / 60_000} minutes`);
    const failed = (error: Error): void => {
      fail(error.stack ?? error.message);
    };
    worker.once('error', failed);
    worker.once('message', (played: Played) => {
      worker.off('error', failed);
      clearTimeout(alarm);
      resolve(played);
    });
    worker.postMessage(seed);
  });
}

/** Milliseconds, real ones: a loop that waits for nothing stops virtual time, too. */
const PATIENCE = 5 * 60_000;
