import type { JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';

/**
 * Whether everything after these rows, which come newest first, is older than a moment. A single time may be wrong, so that it takes two.
 *
 * @param since - Unix seconds
 */
export function isPast(rows: readonly JsonObject[], field: string, since: number): boolean {
  return rows.length > 1 && rows.slice(-2).every((row) => (timeOf(row[field]) ?? Infinity) < since);
}
