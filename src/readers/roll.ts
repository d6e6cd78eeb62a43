import type { JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import { Seen } from './seen.ts';

/**
 * Calls the roll of what a list held at one moment. Rows that were made later do not count: one that comes would else stand in for one
 * that a deletion has moved to a page that was read.
 */
export class Roll {
  readonly #total: number;
  readonly #since: number;
  readonly #present = new Seen();

  /**
   * @param total - How many rows Intercom counted
   * @param since - Unix seconds of that moment, or earlier
   */
  constructor(total: number, since: number) {
    this.#total = total;
    this.#since = since;
  }

  /** Rows have come. */
  take(rows: readonly JsonObject[]): void {
    this.#present.fresh(rows.filter((row) => (timeOf(row['created_at']) ?? -Infinity) < this.#since));
  }

  /** All of them have come. */
  get isComplete(): boolean {
    return this.#present.size >= this.#total;
  }
}
