import type { JsonObject } from '../core/json.ts';
import { Seen } from './seen.ts';

/** Whether the rows of a list keep their places on a walk through its numbered pages. */
export class Order {
  /** Pages that were read. */
  pages = 0;
  readonly #seen = new Seen();
  #first: number | undefined;
  #isMoved = false;

  /** A page has come. @param total - How many rows Intercom counts now */
  take(rows: readonly JsonObject[], total: number | undefined): void {
    if (this.pages++ === 0) this.#first = total;
    // A row that comes twice may have changed places with one that did not come.
    if (this.#seen.fresh(rows).length < rows.length) this.#isMoved = true;
    // One that was deleted has moved the others up, perhaps to a page that was read.
    if (total !== undefined && total < (this.#first ?? 0)) this.#isMoved = true;
  }

  /** No row that lies between the first and the last that came can have been missed. */
  get isKept(): boolean {
    return !this.#isMoved;
  }
}
