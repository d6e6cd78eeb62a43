import type { PageSize } from './api.ts';

/** A page of this size failed in a way that a smaller one may not. */
export function shrink(size: PageSize, failed: number): void {
  const growth = growthOf(size);
  growth.successes = 0;
  growth.needed = Math.min(MOST_NEEDED, growth.needed * 2);
  // Others may have shrunk it already.
  size.current = Math.max(1, Math.min(size.current, Math.floor(failed / 2)));
}

/** A page of this size arrived. */
export function grow(size: PageSize, arrived: number): void {
  if (size.current >= size.max || arrived !== size.current) return;
  const growth = growthOf(size);
  if (++growth.successes < growth.needed) return;
  growth.successes = 0;
  size.current = Math.min(size.max, size.current * 2);
}

function growthOf(size: PageSize): { successes: number; needed: number } {
  let growth = growths.get(size);
  if (growth === undefined) growths.set(size, (growth = { successes: 0, needed: FIRST_NEEDED }));
  return growth;
}

const growths = new WeakMap<PageSize, { successes: number; needed: number }>();

/** Pages that must arrive before the size doubles; twice as many after each failure, so that a limit is not hit again and again. */
const FIRST_NEEDED = 3;
const MOST_NEEDED = 96;
