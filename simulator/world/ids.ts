import { hash } from '../random.ts';

/** Held here since looking up a global is slow where each test file has globals of its own. */
const { imul } = Math;

/** Ids of 24 hexadecimal digits that lead back to the slot they were made from. */
export class HexIds {
  private readonly seed: number;
  private readonly kind: number;
  private readonly middle: string;

  constructor(seed: number, kind: number) {
    this.seed = seed;
    this.kind = kind;
    this.middle = hex(hash(seed, kind, 0x5eed));
  }

  encode(slot: number): string {
    const head = 0x60000000 | (hash(this.seed, this.kind, slot) & 0x0fffffff);
    return hex(head) + this.middle + hex(imul(slot ^ this.seed, SPREAD) >>> 0);
  }

  /** The slot that the id would be of; the caller must compare with `encode`. */
  decode(id: string): number | undefined {
    if (!/^[0-9a-f]{24}$/.test(id)) return undefined;
    return (imul(parseInt(id.slice(16), 16), GATHER) ^ this.seed) >>> 0;
  }
}

/** A version-4 style UUID that depends on its arguments alone. */
export function uuid(seed: number, kind: number, index: number): string {
  const digits =
    hex(hash(seed, kind, index)) +
    hex(hash(seed, kind + 1, index)) +
    hex(hash(seed, kind + 2, index)) +
    hex(hash(seed, kind + 3, index));
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** Odd, so that it has an inverse modulo 2^32: GATHER. */
const SPREAD = 0x9e3779b1;
const GATHER = inverse(SPREAD);

function inverse(odd: number): number {
  let found = odd;
  for (let round = 0; round < 5; round++) found = imul(found, 2 - imul(odd, found));
  return found;
}
