/**
 * Seconds by which a promise stays behind the moment of asking. Intercom's search shows a change only after minutes, so that what
 * was asked for at 12:10 can be relied on up to 12:00.
 */
export const MARGIN = 600;

/** Turns what an ascending read has seen into what it may promise. All times are unix seconds. */
export class Promises {
  #limit = Infinity;

  /**
   * What holds once a page is out that was asked for at `askedAt` and ends at `last`.
   *
   * A page that reaches into its margin may lack rows there, and no later page goes back for them: from then on nothing beyond
   * that page's margin is promised, however late the next one is asked for.
   */
  after(last: number, askedAt: number): number {
    if (last > askedAt - MARGIN) this.#limit = Math.min(this.#limit, askedAt - MARGIN);
    return Math.min(last, this.#limit);
  }

  /** What holds when the last page, asked for at `askedAt`, said that there is no more. */
  atEnd(askedAt: number): number {
    return Math.min(this.#limit, askedAt - MARGIN);
  }
}
