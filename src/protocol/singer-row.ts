import { isDeepStrictEqual } from 'node:util';
import { isObject, own, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { JsonSchema } from '../core/schema.ts';
import { compile, fits } from '../sync/conform.ts';
import type { Change as Noted } from '../sync/events.ts';

/** Makes a row of what a stream sends. The row that it is given stays as it is. */
export type ToRow = (record: object) => JsonObject;

/**
 * Rows that hold to a schema: all its columns, null where there is nothing, and no other; without deselected nested fields; in the
 * types that the user has put into the catalog in place of ours.
 *
 * @param ours - The schema that rows hold to already, as it is published
 * @param lose - Told of each value that cannot be had in such a type, and is null instead
 */
export function rowsFor(schema: JsonSchema, ours: JsonSchema, lose: (column: string) => void): ToRow {
  const columns = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const change = valuesFor(property, own(ours.properties, name), () => {
      lose(name);
    });
    return [name, change] as const;
  });
  if (columns.some(([name]) => name in Object.prototype)) return (record) => carefully(record as JsonObject, columns);
  return (record) => {
    const row: Record<string, unknown> = {};
    for (const [name, change] of columns) {
      const value = (record as JsonObject)[name] ?? null;
      row[name] = change === undefined || value === null ? value : change(value);
    }
    return row;
  };
}

/** The same, slower, where a column that the user has added has the name of something that every object has (`__proto__`). */
function carefully(record: JsonObject, columns: readonly (readonly [string, Change | undefined])[]): JsonObject {
  return Object.fromEntries(
    columns.map(([name, change]) => {
      const value = own(record, name) ?? null;
      return [name, change === undefined || value === null ? value : change(value)];
    }),
  );
}

type Change = (value: unknown) => unknown;
type Lose = () => void;

/** What has to be done to values of a column; undefined for nothing. Ours are undefined for a column that the user has added. */
function valuesFor(schema: JsonSchema, ours: JsonSchema | undefined, lose: Lose): Change | undefined {
  if (ours === undefined || !isDeepStrictEqual(typesOf(schema).sort(), typesOf(ours).sort()))
    return converted(schema, ours, lose);
  const { properties, items } = schema;
  if (items !== undefined && ours.items !== undefined) return listsFor(items, ours.items, lose);
  return properties === undefined || ours.properties === undefined
    ? undefined
    : objectsFor(properties, ours.properties, lose);
}

function listsFor(items: JsonSchema, ours: JsonSchema, lose: Lose): Change | undefined {
  const change = valuesFor(items, ours, lose);
  if (change === undefined) return undefined;
  return (value) =>
    Array.isArray(value) ? value.map((item: unknown) => (item === null ? item : change(item))) : value;
}

type Properties = NonNullable<JsonSchema['properties']>;

function objectsFor(properties: Properties, ours: Properties, lose: Lose): Change | undefined {
  const gone = new Set(Object.keys(ours).filter((name) => !Object.hasOwn(properties, name)));
  const changes = Object.entries(properties)
    .map(([name, property]) => [name, valuesFor(property, own(ours, name), lose)] as const)
    .filter((entry): entry is [string, Change] => entry[1] !== undefined);
  if (gone.size === 0 && changes.length === 0) return undefined;
  return (value) => {
    if (!isObject(value)) return value;
    const part = Object.fromEntries(Object.entries(value).filter(([name]) => !gone.has(name)));
    for (const [name, change] of changes) {
      const before = own(part, name) ?? null;
      if (before !== null) part[name] = change(before);
    }
    return part;
  };
}

/** A column whose type the user has chosen. Instants are made from unix seconds to text and back. */
function converted(schema: JsonSchema, ours: JsonSchema | undefined, lose: Lose): Change | undefined {
  const [type, ...others] = typesOf(schema);
  if (type === undefined) return undefined;
  const isText = type === 'string' && schema.format === 'date-time' && ours !== undefined && has(ours, 'integer');
  const isNumber = type === 'integer' && ours?.format === 'date-time';
  const wanted: JsonSchema = { ...schema, type, ...(isText || isNumber ? { unit: 'unix_seconds' } : {}) };
  const conform = compile(wanted, { timestamps: isText ? 'rfc3339' : 'unix' });
  const convert: Change = (value) => {
    const changes: Noted[] = [];
    // Conforming happens in place, and other streams may send the same object.
    const made = conform(typeof value === 'object' ? parseJson(JSON.stringify(value)) : value, '', changes);
    for (let left = changes.length; left > 0; left--) lose();
    return made;
  };
  return others.length === 0 ? convert : (value) => (fits(value, schema) ? value : convert(value));
}

function has(schema: JsonSchema, type: JsonSchema['type']): boolean {
  return typesOf(schema).includes(type);
}

/** What a value may be, besides null. Very old taps, and users, leave it out. */
function typesOf({ type }: { readonly type?: JsonSchema['type'] }): JsonSchema['type'][] {
  return type === undefined ? [] : [type].flat().filter((name) => name !== 'null');
}
