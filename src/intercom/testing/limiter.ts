import type { RateFacts } from '../rate-facts.ts';

export interface LimiterOptions {
  readonly limit: number;
  /** Milliseconds. */
  readonly window: number;
  /** By how many milliseconds its clock is behind. */
  readonly behind: number;
  /** How late a window really begins, in milliseconds after what the headers said. */
  readonly late?: number;
}

/** The rate limit as Intercom keeps it: windows of its own clock, counted when a request arrives. */
export function createLimiter({ limit, window, behind, late = 0 }: LimiterOptions) {
  const counts = new Map<number, number>();
  const ours = new Map<number, number>();
  let refusals = 0;
  return {
    ours,
    refusals: () => refusals,
    /** A request arrives at `now` (unix milliseconds of the client's clock). */
    arrive(
      now: number,
      isOurs = true,
    ): { readonly status: number; readonly index: number; readonly remaining: number } {
      const index = Math.floor((now - behind - late) / window);
      const count = (counts.get(index) ?? 0) + 1;
      const status = count > limit ? 429 : 200;
      if (status === 200) counts.set(index, count);
      if (isOurs) {
        if (status === 200) ours.set(index, (ours.get(index) ?? 0) + 1);
        else refusals++;
      }
      return { status, index, remaining: Math.max(0, limit - count) };
    },
    /** The headers of an answer that leaves at `now`. */
    headers(
      { status, index, remaining }: { status: number; index: number; remaining: number },
      now: number,
    ): RateFacts {
      const date = Math.floor((now - behind) / 1000) * 1000;
      return { status, limit, remaining, reset: (index + 1) * window, date };
    },
  };
}
