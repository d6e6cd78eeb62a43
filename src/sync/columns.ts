import { isObject, type JsonObject } from '../core/json.ts';
import type { JsonSchema } from '../core/schema.ts';

/** A column that repeats one field of an object: `location_city` for `location.city`. */
export interface FlatColumn {
  readonly name: string;
  readonly object: string;
  readonly field: string;
  readonly schema: JsonSchema;
}

/**
 * The flat columns of an object in a schema, one level deep: `<object>_<field>`, lower case, other characters `_`. Of names that
 * clash, in the order of their fields' names, the first keeps it and the next get `_2`, `_3`.
 *
 * @param fields - The object's fields with their types
 * @param taken - Names that columns already have; the new ones are added
 */
export function flatColumns(
  object: string,
  fields: Readonly<Record<string, JsonSchema>>,
  taken: Set<string>,
): readonly FlatColumn[] {
  const counts = new Map<string, number>();
  return Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, schema]) => {
      const base = `${object}_${field}`.toLowerCase().replace(/[^a-z0-9_]/g, '_');
      let count = counts.get(base) ?? 1;
      const named = (): string => (count === 1 ? base : `${base}_${String(count)}`);
      while (taken.has(named())) count++;
      const name = named();
      counts.set(base, count);
      taken.add(name);
      return { name, object, field, schema };
    });
}

/** The value of a flat column in a row; null where the object, or the field, is not there. */
export function flatValue(row: JsonObject, { object, field }: FlatColumn): unknown {
  const whole = row[object];
  return isObject(whole) && Object.hasOwn(whole, field) ? (whole[field] ?? null) : null;
}
