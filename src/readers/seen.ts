import type { JsonObject } from '../core/json.ts';
import { idOf } from './records.ts';

/** The records of a walk that have come, by their ids. One without an id is taken for no other: better twice than never. */
export class Seen {
  readonly #ids = new Set<string>();
  #nameless = 0;

  /** How many different records have come. */
  get size(): number {
    return this.#ids.size + this.#nameless;
  }

  /** How many of them have ids, and cannot have come twice. */
  get named(): number {
    return this.#ids.size;
  }

  /** Those of a page that had not come before it. */
  fresh<T extends JsonObject>(page: readonly T[]): readonly T[] {
    const fresh = page.filter((record) => !this.#ids.has(idOf(record) ?? ''));
    for (const record of fresh) {
      const id = idOf(record);
      if (id === undefined) this.#nameless++;
      else this.#ids.add(id);
    }
    return fresh;
  }
}
