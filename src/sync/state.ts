import { isObject, type JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';

/** What a stored state says: unix seconds, or nothing, or something that is not understood. */
export type StoredCursor = { readonly cursor: number } | 'none' | 'unknown';

/**
 * The cursor in a stream's stored state, whoever wrote it: this connector, Airbyte's source-intercom (texts, children with
 * `parent_state`, slices) or singer-io's tap-intercom. Where several are there the earliest counts, since it loses nothing.
 */
export function readCursor(state: JsonObject, cursor: string): StoredCursor {
  const values = [...valuesOf(state, cursor)];
  if (values.length > 0) return { cursor: Math.min(...values) };
  const isNothing = ([key, value]: [string, unknown]): boolean =>
    value === null || key === 'rows' || key.startsWith('__ab_');
  return Object.entries(state).every(isNothing) ? 'none' : 'unknown';
}

function* valuesOf(state: JsonObject, cursor: string, levels = MOST_LEVELS): Generator<number> {
  for (const [key, value] of Object.entries(state)) {
    if (key === cursor || CURSORS.has(key)) {
      const time = timeOf(value);
      if (time !== undefined) yield time;
    } else if (key === 'slices' && Array.isArray(value)) {
      const [first] = value.filter(isObject);
      const end = timeOf(first?.['most_recent_cursor_value']) ?? timeOf(first?.['end']);
      if (end !== undefined) yield end;
    } else if (isObject(value) && key !== 'sent' && levels > 1) {
      yield* valuesOf(value, cursor, levels - 1);
    }
  }
}

/** No connector nests its states deeper. */
const MOST_LEVELS = 20;
/** Under these names other connectors keep the cursors of parents and of streams that ours name differently. */
const CURSORS = new Set([
  'updated_at',
  'created_at',
  'company_updated_at',
  'conversation_updated_at',
  'contact_updated_at',
]);
