import { setImmediate } from 'node:timers';
import type { Clock } from '../../core/time.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass, as far as anybody sleeps, until `work` has ended. Fails when nobody sleeps and nothing ends. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** A clock that stands still while anything can be done, and then leaps to the next moment for which somebody waits. */
export function createVirtualClock(start = 1_800_000_000_000): VirtualClock {
  const sleepers: Sleeper[] = [];
  let now = start;
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const abort = (): void => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason is what it is
          reject(signal?.reason);
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', abort);
          resolve();
        };
        signal?.addEventListener('abort', abort);
        const sleeper: Sleeper = { until: now + Math.max(0, milliseconds), wake };
        const later = sleepers.findIndex(({ until }) => until > sleeper.until);
        sleepers.splice(later === -1 ? sleepers.length : later, 0, sleeper);
      }),
    async run(work) {
      const state = { isOver: false };
      const over = (): void => void (state.isOver = true);
      work.then(over, over);
      for (let idle = 0; idle < 10;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (state.isOver) return work;
        const next = sleepers.shift();
        if (next === undefined) {
          idle++;
          continue;
        }
        idle = 0;
        now = Math.max(now, next.until);
        next.wake();
      }
      throw new Error('Everybody waits, and nobody for the clock.');
    },
  };
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}
