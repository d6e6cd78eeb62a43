/** The local calendar days of one time zone, as spans of unix seconds. */
export class Calendar {
  private readonly format: Intl.DateTimeFormat;
  private readonly days = new Map<number, Day>();

  constructor(timezone: string) {
    this.format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  }

  /** The local day that holds the moment: its first second, and the first second of the following day. */
  dayOf(seconds: number): Day {
    const moment = Math.floor(seconds);
    const known = this.days.get(moment);
    if (known) return known;
    const date = this.dateOf(moment);
    const start = this.firstSecond(moment - LONGEST_DAY, moment, (other) => other >= date);
    const end = this.firstSecond(moment, moment + LONGEST_DAY, (other) => other > date);
    const day = { start, end };
    if (this.days.size > 10_000) this.days.clear();
    this.days.set(moment, day);
    return day;
  }

  /** The first second in (low, high] whose date passes; it must fail at low and pass at high. */
  private firstSecond(low: number, high: number, passes: (date: string) => boolean): number {
    let before = low;
    let after = high;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (passes(this.dateOf(middle))) after = middle;
      else before = middle;
    }
    return after;
  }

  private dateOf(seconds: number): string {
    return this.format.format(seconds * 1000);
  }
}

export interface Day {
  readonly start: number;
  readonly end: number;
}

/** No calendar day is longer, whatever its zone did with the clocks. */
const LONGEST_DAY = 50 * 3600;
