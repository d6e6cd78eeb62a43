import type { Clock } from '../clock.ts';
import type { RateLimit } from '../options.ts';

/** One request's place in its window. */
export interface Allowance {
  readonly allowed: boolean;
  readonly headers: Record<string, string>;
  readonly message: string;
}

/**
 * Counts requests in windows. They last real seconds, also while simulated time stands still; skipped time counts as
 * lived through. With running time they begin at multiples of their length.
 */
export class RateLimiter {
  /** Requests per window; may be changed at any time. */
  limit: number;
  readonly windowSeconds: number;
  private readonly clock: Clock;
  private window = -1;
  private used = 0;

  constructor(clock: Clock, { limit, windowSeconds = 10 }: RateLimit) {
    this.clock = clock;
    this.limit = limit;
    this.windowSeconds = windowSeconds;
  }

  /** Counts a request, unless there is nothing left; refused ones do not count. */
  take(): Allowance {
    const time = this.clock.isRunning() ? this.clock.precise() : this.clock.elapsed();
    const window = Math.floor(time / this.windowSeconds);
    if (window !== this.window) {
      this.window = window;
      this.used = 0;
    }
    const allowed = this.used < this.limit;
    if (allowed) this.used++;
    const left = (window + 1) * this.windowSeconds - time;
    const reset = this.clock.isRunning()
      ? Math.ceil((window + 1) * this.windowSeconds)
      : this.clock.now() + Math.ceil(left);
    return {
      allowed,
      headers: {
        'X-RateLimit-Limit': String(this.limit),
        'X-RateLimit-Remaining': String(this.limit - this.used),
        'X-RateLimit-Reset': String(reset),
      },
      message: `Exceeded rate limit of ${this.limit} in ${this.windowSeconds}_seconds`,
    };
  }
}
