import { hash } from '../random.ts';

/** Held here since looking up a global is slow where each test file has globals of its own. */
const { floor } = Math;

/**
 * When a generated record was last changed: mostly lately, at most two years ago, and for one in ten at one of eight
 * moments that many share.
 */
export function changeTime(seed: number, kind: number, slot: number, start: number): number {
  const value = hash(seed, kind, slot);
  if (value % 10 === 0) {
    const midnight = start - (start % DAY);
    return midnight - SHARED_AGES[(value >>> 8) % SHARED_AGES.length]!;
  }
  const share = value / 2 ** 32;
  return start - 61 - floor(share * share * 700 * DAY);
}

/** When a generated record was made: at or before its last change. */
export function creationTime(seed: number, kind: number, slot: number, updated: number): number {
  const value = hash(seed, kind + 1000, slot);
  return value % 12 === 0 ? updated : updated - (value % (900 * DAY));
}

const DAY = 86_400;
const SHARED_AGES = [0, 1, DAY, DAY + 1, 7 * DAY + 5, 30 * DAY, 200 * DAY, 400 * DAY];
