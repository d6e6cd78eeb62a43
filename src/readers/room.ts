import type { Found } from './search-page.ts';

/** The room for pages that wait for those before them. */
export class Room {
  readonly #sizes = new WeakMap<Found, number>();
  #taken = 0;

  get isFull(): boolean {
    return this.#taken >= AHEAD;
  }

  enter(found: Found): void {
    const ends = [found.records[0], found.records.at(-1)].map((record) => JSON.stringify(record ?? null).length);
    const size = Math.max(...ends) * found.records.length;
    this.#sizes.set(found, size);
    this.#taken += size;
  }

  leave(found: Found): void {
    this.#taken -= this.#sizes.get(found) ?? 0;
  }
}

/** Bytes. */
const AHEAD = 24 * 1024 * 1024;
