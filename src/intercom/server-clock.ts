/** What Intercom's clock shows, learnt from the `Date` headers of its answers. Unix milliseconds throughout. */
export interface ServerClock {
  /** An answer that was received at `receivedAt` by our clock said `date`. */
  observe(date: number, receivedAt: number): void;
  /**
   * By how much our clock is ahead of theirs, at most; undefined before the first answer.
   *
   * A `Date` is the whole second in which an answer was made, so `receivedAt - date` is always too large, by less than a second
   * and the way of the answer. The least of many answers is close to the truth and never below it.
   */
  ahead(): number | undefined;
}

export function createServerClock(): ServerClock {
  let since = -Infinity;
  let recent = Infinity;
  let earlier = Infinity;
  return {
    observe(date, receivedAt) {
      const age = receivedAt - since;
      if (age < 0 || age >= SPAN) {
        // Old answers are forgotten: either clock may have been set anew.
        earlier = age >= 0 && age < 2 * SPAN ? recent : Infinity;
        recent = Infinity;
        since = receivedAt;
      }
      recent = Math.min(recent, receivedAt - date);
    },
    ahead() {
      const least = Math.min(recent, earlier);
      return least === Infinity ? undefined : least;
    },
  };
}

const SPAN = 60_000;
