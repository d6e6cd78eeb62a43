import type { Clock } from '../clock.ts';
import type { Sizes } from '../options.ts';

/** What every collection of one world shares. */
export interface WorldContext {
  readonly seed: number;
  /** Unix seconds at which simulated time started; generated records are older. */
  readonly start: number;
  readonly workspaceId: string;
  readonly clock: Clock;
  readonly sizes: Sizes;
  /** Seconds until a change can be found by search. */
  indexLag: number;
  /** Grows with every change of the world, so that answers made before are known to be old. */
  revision: number;
}
