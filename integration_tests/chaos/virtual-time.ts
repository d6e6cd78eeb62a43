import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/index.ts';

/** Something that lives in virtual time, and may die: from then on nothing that it waits for comes. */
export interface Life {
  readonly clock: Clock;
  readonly end: () => void;
}

/** How waiting for something came out. `stuck`: it waits, and not for time. */
export type Passed = 'over' | 'late' | 'stuck';

/** Time that stands still while anything can be done, and then leaps to the next moment for which somebody waits. */
export class VirtualTime {
  readonly #sleepers: Sleeper[] = [];
  #now: number;

  /** @param start - Unix milliseconds */
  constructor(start: number) {
    this.#now = start;
  }

  /** Unix milliseconds. */
  now(): number {
    return this.#now;
  }

  /** @param ahead - Milliseconds by which its clock is wrong */
  life(ahead = 0): Life {
    const own = new Set<Sleeper>();
    let isOver = false;
    return {
      clock: {
        now: () => Math.floor(this.#now + ahead),
        sleep: (milliseconds, signal) =>
          new Promise((resolve, reject) => {
            signal?.throwIfAborted();
            if (isOver) return;
            const abort = (): void => {
              this.#leave(sleeper);
              own.delete(sleeper);
              // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason is what it is
              reject(signal?.reason);
            };
            const wake = (): void => {
              own.delete(sleeper);
              signal?.removeEventListener('abort', abort);
              resolve();
            };
            const sleeper: Sleeper = { until: this.#now + Math.max(0, milliseconds), wake };
            signal?.addEventListener('abort', abort);
            own.add(sleeper);
            this.#enter(sleeper);
          }),
      },
      end: () => {
        isOver = true;
        for (const sleeper of own) this.#leave(sleeper);
      },
    };
  }

  /** Lets time pass until something is over, or until a moment (unix milliseconds). */
  async pass(isOver: () => boolean, end: number): Promise<Passed> {
    let idleSince: number | undefined;
    for (;;) {
      await turn();
      if (isOver()) return 'over';
      const next = this.#sleepers.shift();
      if (next === undefined) {
        // Files are read in real time, at the beginning of a run.
        idleSince ??= performance.now();
        if (performance.now() - idleSince > PATIENCE) return 'stuck';
        continue;
      }
      idleSince = undefined;
      if (next.until > end) {
        this.#enter(next);
        this.#now = Math.max(this.#now, end);
        return 'late';
      }
      this.#now = Math.max(this.#now, next.until);
      next.wake();
    }
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  #enter(sleeper: Sleeper): void {
    const later = this.#sleepers.findIndex(({ until }) => until > sleeper.until);
    this.#sleepers.splice(later === -1 ? this.#sleepers.length : later, 0, sleeper);
  }

  #leave(sleeper: Sleeper): void {
    const place = this.#sleepers.indexOf(sleeper);
    if (place !== -1) this.#sleepers.splice(place, 1);
  }
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Milliseconds, real ones. */
const PATIENCE = 5000;
