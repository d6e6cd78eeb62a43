import type { JsonObject } from '../core/json.ts';
import type { JsonSchema } from '../core/schema.ts';
import type { Config } from '../generated/config.ts';
import { flatColumns, flatValue, type FlatColumn } from './columns.ts';
import { compile, conformer, fits, type Conform, type ConformOptions } from './conform.ts';
import type { Change } from './events.ts';

/** Rows as they are sent, and a note of what had to be changed. */
export interface Shaped {
  readonly records: readonly object[];
  readonly changes?: ReadonlyMap<number, readonly Change[]>;
}

/** How a stream's rows look under a configuration. */
export interface Shape {
  /** JSON Schema of a row, as it is published. */
  readonly schema: JsonSchema;
  readonly apply: (rows: readonly object[]) => Shaped;
}

/** The types of the workspace's own attributes, by name, for those who want them as columns. */
export type AttributeTypes = Readonly<Record<string, JsonSchema>>;

export interface ShapeOptions extends ConformOptions {
  /** Columns that `expand` names. */
  readonly expand: Config['expand'];
  /** Lists that come whole with full objects, by column. */
  readonly lists: Readonly<Record<string, JsonSchema>>;
  /** Fields of `custom_attributes` that become columns when it is expanded. */
  readonly attributes: AttributeTypes;
}

/** @param schema - As in schemas/ */
export function shape(schema: JsonSchema, options: ShapeOptions): Shape {
  const properties = { ...schema.properties, ...options.lists };
  const taken = new Set(Object.keys(properties));
  const flat = options.expand
    .filter((name) => isFlattened(properties[name]))
    .flatMap((name) => flatColumns(name, fieldsOf(name, properties, options.attributes), taken))
    .map((column) => ({ ...column, conform: compile(column.schema, options) }));
  const columns = { ...properties, ...Object.fromEntries(flat.map(({ name, schema }) => [name, nullable(schema)])) };
  const conform = conformer({ ...schema, properties }, options);
  return {
    schema: published({ ...schema, properties: columns }, options.timestamps),
    apply: (rows) => applyTo(rows, conform, flat),
  };
}

interface ConformedColumn extends FlatColumn {
  readonly conform: Conform;
}

function applyTo(
  rows: readonly object[],
  conform: (row: object) => readonly Change[],
  flat: readonly ConformedColumn[],
): Shaped {
  const changes = new Map<number, readonly Change[]>();
  const records = rows.map((row, index) => {
    const notes = [...conform(row)];
    const record = flat.length === 0 ? row : { ...row, ...flatten(row as JsonObject, flat, notes) };
    if (notes.length > 0) changes.set(index, notes);
    return record;
  });
  return changes.size === 0 ? { records } : { records, changes };
}

/** A value that does not fit its column is null there, and stays whole in the object that it comes from. */
function flatten(row: JsonObject, flat: readonly ConformedColumn[], changes: Change[]): JsonObject {
  return Object.fromEntries(
    flat.map((column) => {
      const value = flatValue(row, column);
      if (value === null) return [column.name, null];
      if (fits(value, column.schema) || isText(column.schema))
        return [column.name, column.conform(value, column.name, changes)];
      changes.push({ field: column.name, reason: 'type' });
      return [column.name, null];
    }),
  );
}

function isText({ type }: JsonSchema): boolean {
  return [type].flat().includes('string');
}

/** Objects become columns; Intercom's lists, which are objects around an array, stay lists. */
export function isFlattened(schema: JsonSchema | undefined): boolean {
  if (schema === undefined || ![schema.type].flat().includes('object')) return false;
  const rest = Object.entries(schema.properties ?? {}).filter(([name]) => !LIST_FIELDS.has(name));
  return !(rest.length === 1 && rest.some(([, { type }]) => [type].flat().includes('array')));
}

/** What Intercom's lists say besides the records themselves. */
const LIST_FIELDS = new Set(['type', 'url', 'total_count', 'has_more']);

function fieldsOf(
  name: string,
  properties: NonNullable<JsonSchema['properties']>,
  attributes: AttributeTypes,
): Readonly<Record<string, JsonSchema>> {
  return name === 'custom_attributes' ? attributes : (properties[name]?.properties ?? {});
}

function nullable(schema: JsonSchema): JsonSchema {
  return { ...schema, type: ['null', ...[schema.type].flat().filter((name) => name !== 'null')] };
}

/** Without our own mark for instants, which says how they are declared. */
function published(schema: JsonSchema, timestamps: 'unix' | 'rfc3339'): JsonSchema {
  const { unit, properties, items, ...rest } = schema;
  if (unit === 'unix_seconds' && timestamps === 'rfc3339') {
    const type = [schema.type].flat().map((name) => (name === 'integer' ? 'string' : name));
    return { ...rest, type, format: 'date-time', airbyte_type: 'timestamp_with_timezone' };
  }
  return {
    ...rest,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [name, published(each, timestamps)]),
          ),
        }),
    ...(items === undefined ? {} : { items: published(items, timestamps) }),
  };
}
