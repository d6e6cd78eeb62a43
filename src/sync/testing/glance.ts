import type { JsonObject } from '../../core/json.ts';
import { exact } from '../../readers/figure.ts';
import type { Figure, Glance } from '../../readers/reader.ts';

/** A look that saw all records of a walk. */
export function whole(records: readonly JsonObject[]): Glance {
  return { records, isWhole: true, total: exact(records.length), calls: exact(1) };
}

/** A look that saw some records of a walk, and what was told of their number. */
export function part(records: readonly JsonObject[], total?: Figure): Glance {
  return { records, isWhole: false, calls: exact(1), ...(total === undefined ? {} : { total }) };
}

/** Records `r0`, `r1`, ... that changed at the seconds 0, 1, ... */
export function recordsOf(count: number, more: (index: number) => JsonObject = () => ({})): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ id: `r${String(index)}`, updated_at: index, ...more(index) }));
}

export function about(value: number): Figure {
  return { value, is: 'about' };
}

export function least(value: number): Figure {
  return { value, is: 'least' };
}
