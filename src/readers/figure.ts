import type { Figure } from './reader.ts';

export function exact(value: number): Figure {
  return { value, is: 'exact' };
}

export const NOTHING = exact(0);

/** All together, as reliable as the least reliable of them. */
export function sum(figures: readonly Figure[]): Figure {
  return figures.reduce(
    (total, { value, is }) => ({ value: total.value + value, is: RANKS[is] > RANKS[total.is] ? is : total.is }),
    NOTHING,
  );
}

/** So many for each of `count`. */
export function times(count: Figure, each: number, is: Figure['is']): Figure {
  return { value: Math.round(count.value * each), is: RANKS[is] > RANKS[count.is] ? is : count.is };
}

const RANKS = { exact: 0, about: 1, least: 2 } as const;
