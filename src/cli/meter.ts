import type { Clock } from '../core/time.ts';
import type { Usage } from '../sync/sync.ts';

/** Counts what a read uses. */
export class Meter {
  calls = 0;
  readonly #clock: Clock;
  #waited = 0;
  #since: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The rate limit makes everybody wait, or no longer does. */
  wait(isWaiting: boolean): void {
    const now = this.#clock.now();
    if (this.#since !== undefined) this.#waited += now - this.#since;
    this.#since = isWaiting ? now : undefined;
  }

  usage(): Usage {
    return {
      calls: this.calls,
      waited: this.#waited + (this.#since === undefined ? 0 : this.#clock.now() - this.#since),
    };
  }
}
