/** How a wait between attempts grows. */
export interface BackoffOptions {
  /** Milliseconds that the first wait may last. */
  readonly base: number;
  /** Milliseconds that no wait exceeds. */
  readonly cap: number;
}

/**
 * Milliseconds to wait after the given failed attempt (1, 2, …): anything between nothing and a bound that doubles each time, so
 * that those who failed together do not return together.
 */
export function backoff(attempt: number, { base, cap }: BackoffOptions, random: () => number = Math.random): number {
  return random() * Math.min(cap, base * 2 ** (attempt - 1));
}
