import type { Found } from '../search-page.ts';
import { NOW } from './context.ts';

/** One answer of a search, made from walked values: the record of value 7 has the id `r7`. */
export function foundOf(values: readonly number[], more: Partial<Found> = {}): Found {
  return {
    records: values.map((value) => ({ id: `r${String(value)}`, updated_at: value })),
    askedAt: NOW,
    token: undefined,
    isCut: false,
    total: values.length,
    first: values[0],
    last: values.at(-1),
    sorted: values.every((value, index) => index === 0 || value >= (values[index - 1] ?? value)),
    ...more,
  };
}
