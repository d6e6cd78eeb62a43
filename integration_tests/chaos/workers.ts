import { Worker } from 'node:worker_threads';
import type { Order, Played } from './worker.ts';

/** Plays worlds, several at once. @param tell - Called with each as it ends */
export async function playAll(
  orders: readonly Order[],
  workers: number,
  tell: (played: Played) => void,
): Promise<void> {
  const left = [...orders];
  const work = async (): Promise<void> => {
    let worker: Worker | undefined;
    for (let order = left.shift(); order !== undefined; order = left.shift()) {
      worker ??= new Worker(new URL('worker.ts', import.meta.url));
      const played = await playIn(worker, order);
      tell(played);
      if (played.runs > 0) continue;
      await worker.terminate();
      worker = undefined;
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(workers, orders.length) }, work));
}

function playIn(worker: Worker, order: Order): Promise<Played> {
  return new Promise((resolve) => {
    const fail = (why: string): void => {
      const { seed } = order;
      clearTimeout(alarm);
      resolve({ seed, isBroken: true, report: `seed ${seed}: BROKEN: ${why}`, runs: 0, lines: 0, requests: 0 });
    };
    // Real ones: a loop that waits for nothing stops virtual time, too.
    const minutes = order.inProcesses ? 15 : 5;
    const alarm = setTimeout(fail, minutes * 60_000, `the world did not end within ${minutes} minutes`);
    const failed = (error: Error): void => {
      fail(error.stack ?? error.message);
    };
    worker.once('error', failed);
    worker.once('message', (played: Played) => {
      worker.off('error', failed);
      clearTimeout(alarm);
      resolve(played);
    });
    worker.postMessage(order);
  });
}
