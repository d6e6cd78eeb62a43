/** Slots of a table in ascending order of a time, equal times in slot order. Stays cheap with millions of slots. */
export class Order {
  /** The ordered slots; only the first `length` count. */
  slots: Uint32Array = new Uint32Array(0);
  length = 0;

  private readonly keyOf: (slot: number) => number;
  private readonly size: () => number;
  /** The key under which each slot stands in `slots` now. */
  private keys: Uint32Array = new Uint32Array(0);
  private readonly stale = new Set<number>();
  private built = false;

  /** `keyOf` answers unix seconds, or ABSENT for a slot that is not to be found. */
  constructor(keyOf: (slot: number) => number, size: () => number) {
    this.keyOf = keyOf;
    this.size = size;
  }

  /** To be called for each slot whose key may have changed. */
  touch(slot: number): void {
    if (this.built) this.stale.add(slot);
  }

  /** Takes all touched slots into account. */
  settle(): void {
    if (!this.built || this.stale.size > MOVES_BEFORE_REBUILD) this.rebuild();
    else for (const slot of this.stale) this.move(slot);
    this.stale.clear();
  }

  keyAt(position: number): number {
    return this.keys[this.slots[position]!]!;
  }

  /** How many ordered slots stand before (key, slot). */
  before(key: number, slot: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.slots[middle]!;
      const otherKey = this.keys[other]!;
      if (otherKey < key || (otherKey === key && other < slot)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private rebuild(): void {
    const size = this.size();
    const keys = new Uint32Array(capacityFor(size)).fill(ABSENT);
    const all = new Uint32Array(size);
    for (let slot = 0; slot < size; slot++) {
      keys[slot] = this.keyOf(slot);
      all[slot] = slot;
    }
    const sorted = sortedByKey(all, (slot) => keys[slot]!);
    this.keys = keys;
    this.slots = sorted;
    this.length = sorted.length;
    this.built = true;
  }

  private move(slot: number): void {
    this.reserve(slot + 1);
    const oldKey = slot < this.keys.length ? this.keys[slot]! : ABSENT;
    const newKey = this.keyOf(slot);
    if (oldKey === newKey) return;
    if (oldKey !== ABSENT) {
      const position = this.before(oldKey, slot);
      this.slots.copyWithin(position, position + 1, this.length);
      this.length--;
    }
    this.keys[slot] = newKey;
    if (newKey === ABSENT) return;
    const position = this.before(newKey, slot);
    this.slots.copyWithin(position + 1, position, this.length);
    this.slots[position] = slot;
    this.length++;
  }

  private reserve(size: number): void {
    if (size > this.keys.length) {
      const keys = new Uint32Array(capacityFor(size)).fill(ABSENT);
      keys.set(this.keys);
      this.keys = keys;
    }
    if (this.length + 1 > this.slots.length) {
      const slots = new Uint32Array(capacityFor(this.length + 1));
      slots.set(this.slots);
      this.slots = slots;
    }
  }
}

/** The key of a slot that is not to be found. */
export const ABSENT = 0xffffffff;

function capacityFor(size: number): number {
  return Math.ceil(size * 1.25) + 16;
}

/** Slots in ascending order of their keys, equal keys in slot order; those without a key are left out. */
export function sortedByKey(slots: readonly number[] | Uint32Array, keyOf: (slot: number) => number): Uint32Array {
  const present = new Uint32Array(slots.length);
  let count = 0;
  let lowest = ABSENT;
  let highest = 0;
  let most = 0;
  for (const slot of slots) {
    const key = keyOf(slot);
    if (key === ABSENT) continue;
    present[count++] = slot;
    if (key < lowest) lowest = key;
    if (key > highest) highest = key;
    if (slot > most) most = slot;
  }
  const found = present.subarray(0, count);
  const factor = most + 1;
  if ((highest - lowest + 1) * factor > Number.MAX_SAFE_INTEGER)
    return found.sort((a, b) => keyOf(a) - keyOf(b) || a - b);
  const packed = Float64Array.from(found, (slot) => (keyOf(slot) - lowest) * factor + slot).sort();
  for (let index = 0; index < count; index++) found[index] = packed[index]! % factor;
  return found;
}

const MOVES_BEFORE_REBUILD = 300;
