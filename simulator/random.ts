/** Held here since looking up a global is slow where each test file has globals of its own. */
const { imul } = Math;

/** A 32-bit number that depends on all three, and on nothing else. */
export function hash(seed: number, kind: number, index: number): number {
  return mix(mix((seed ^ 0x9e3779b9) + imul(kind, 0x85ebca6b)) ^ imul(index + 1, 0x27d4eb2f));
}

/** A row of throws that is the same whenever it starts from the same seed, kind and index. */
export class Dice {
  private state: number;

  constructor(seed: number, kind: number, index: number) {
    this.state = hash(seed, kind, index);
  }

  /** A number from 0 up to 2^32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let value = imul(this.state ^ (this.state >>> 15), this.state | 1);
    value ^= value + imul(value ^ (value >>> 7), value | 61);
    return (value ^ (value >>> 14)) >>> 0;
  }

  /** A whole number below the limit. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** True in so many of a hundred throws. */
  percent(share: number): boolean {
    return this.next() % 100 < share;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.next() % choices.length]!;
  }
}

function mix(value: number): number {
  let mixed = value;
  mixed ^= mixed >>> 16;
  mixed = imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = imul(mixed, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
