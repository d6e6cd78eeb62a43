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
    const keys = new Uint32Array(capacityFor(size));
    let lowest = ABSENT;
    let count = 0;
    for (let slot = 0; slot < size; slot++) {
      const key = this.keyOf(slot);
      keys[slot] = key;
      if (key === ABSENT) continue;
      count++;
      if (key < lowest) lowest = key;
    }
    this.keys = keys;
    this.slots = sortedSlots(keys, size, count, lowest);
    this.length = count;
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

/** Packs (key, slot) into one number each, so that the sort needs no comparing function. */
function sortedSlots(keys: Uint32Array, size: number, count: number, lowest: number): Uint32Array {
  const packed = new Float64Array(count);
  let position = 0;
  for (let slot = 0; slot < size; slot++) {
    if (keys[slot] !== ABSENT) packed[position++] = (keys[slot]! - lowest) * size + slot;
  }
  packed.sort();
  const slots = new Uint32Array(capacityFor(count));
  for (let index = 0; index < count; index++) slots[index] = packed[index]! % size;
  return slots;
}

const MOVES_BEFORE_REBUILD = 300;
