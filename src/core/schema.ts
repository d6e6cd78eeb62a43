import { readFileSync } from 'node:fs';

export type JsonType = 'null' | 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';

/** The part of JSON Schema (draft-07) that records are described with. Objects are open: what is not named may still come. */
export interface JsonSchema {
  readonly type: JsonType | readonly JsonType[];
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: true;
  readonly format?: 'date' | 'date-time';
  readonly airbyte_type?: 'timestamp_with_timezone';
  /** Our own mark: an instant in whole seconds since 1970, UTC. Not part of what is published. */
  readonly unit?: 'unix_seconds';
}

/**
 * The schema of a stream's records: plain draft-07, nothing left to look up. One object for all callers.
 *
 * In the files, `extends` adds the properties of another file (own ones win and come first; `required` is taken over
 * unless given), and `$ref` stands for another file's object where it is nested: there nothing is required, all may be null.
 *
 * @param name - A stream, or an object inside streams, as `shared/contact`.
 */
export function loadSchema(name: string): JsonSchema {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const { $schema, ...schema } = read(new URL(`${name}.json`, schemas));
  const whole = { ...($schema === undefined ? {} : { $schema }), additionalProperties: true, ...schema } as const;
  loaded.set(name, whole);
  return whole;
}

/** A schema as written in a file. */
interface Source extends Omit<JsonSchema, 'properties' | 'items'> {
  readonly extends?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Source>>;
  readonly items?: Source;
}

function read(file: URL): JsonSchema {
  const { extends: base, ...own } = inline(JSON.parse(readFileSync(file, 'utf8')) as Source, file);
  if (base === undefined) return own;
  const inherited = read(new URL(base, file));
  return { ...inherited, ...own, properties: { ...own.properties, ...inherited.properties, ...own.properties } };
}

function inline({ $ref, ...schema }: Source, file: URL): JsonSchema & Pick<Source, 'extends'> {
  const { properties, items, ...rest } = schema;
  return {
    ...($ref === undefined ? {} : nested(read(new URL($ref, file)))),
    ...rest,
    ...(properties === undefined ? {} : { properties: mapValues(properties, (property) => inline(property, file)) }),
    ...(items === undefined ? {} : { items: inline(items, file) }),
  };
}

function nested({ type, properties = {} }: JsonSchema): JsonSchema {
  return {
    type: nullable(type),
    properties: mapValues(properties, (schema) => ({ ...schema, type: nullable(schema.type) })),
  };
}

function nullable(type: JsonSchema['type']): readonly JsonType[] {
  return ['null', ...[type].flat().filter((name) => name !== 'null')];
}

function mapValues<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

const schemas = new URL('../../schemas/', import.meta.url);
const loaded = new Map<string, JsonSchema>();
