import { ConnectorError } from '../core/errors.ts';
import { at, isObject, omit, textOf, type JsonObject } from '../core/json.ts';
import { loadSchema, type JsonSchema } from '../core/schema.ts';
import type { Stream } from '../readers/stream.ts';
import { keysOf, singerSchema } from './singer-catalog.ts';

/** A stream that is to be read, and how. */
export interface Choice {
  readonly stream: Stream;
  readonly isIncremental: boolean;
  readonly keyProperties: readonly string[];
  /** The schema to send: the catalog's, or else ours, without what is not selected. @param ours - As published */
  readonly schemaOf: (ours: JsonSchema) => JsonSchema;
}

export interface Choices {
  readonly streams: readonly Choice[];
  /** Names that this connector does not know. */
  readonly unknown: readonly string[];
}

/**
 * What a Singer catalog selects; without one, everything.
 *
 * @throws ConnectorError that says what is wrong with it
 */
export function parseSingerCatalog(catalog: unknown, known: readonly Stream[]): Choices {
  if (catalog === undefined) return { streams: known.map((stream) => choiceOf(new Wish({}), stream)), unknown: [] };
  const entries = isObject(catalog) ? catalog['streams'] : undefined;
  if (!Array.isArray(entries))
    throw refuse('the catalog has no list "streams". Use what tap-intercom --discover prints');
  const streams = new Map<string, Choice>();
  const unknown: string[] = [];
  for (const entry of entries as unknown[]) {
    const name = nameOf(entry);
    const wish = new Wish(entry as JsonObject);
    if (!wish.hasStream) continue;
    const stream = known.find((each) => each.name === name);
    if (stream === undefined) unknown.push(name);
    else if (!streams.has(name)) streams.set(name, choiceOf(wish, stream));
  }
  return { streams: [...streams.values()], unknown };
}

function nameOf(entry: unknown): string {
  const name = isObject(entry) ? (entry['tap_stream_id'] ?? entry['stream']) : undefined;
  if (typeof name === 'string') return name;
  if (isObject(entry) && (isObject(entry['stream']) || 'json_schema' in entry))
    throw refuse('this is a catalog of the Airbyte protocol. Call source-intercom read with it');
  throw refuse('an entry of "streams" has no tap_stream_id');
}

function choiceOf(wish: Wish, stream: Stream): Choice {
  const keyProperties = keysIn(wish, stream);
  const always = new Set([...keysOf(stream), ...keyProperties]);
  refuseTypes(wish.entry['schema'], stream.name);
  return {
    stream,
    isIncremental: isIncremental(wish, stream),
    keyProperties,
    schemaOf: (ours) => {
      const schema = wish.entry['schema'];
      const isGiven = isObject(schema) && isObject(schema['properties']);
      return selectedPart(isGiven ? (schema as unknown as JsonSchema) : singerSchema(ours, stream), wish, [], always);
    },
  };
}

/** A column of a type that there is not could be filled with nothing. @param place - The stream, or a column of it */
function refuseTypes(schema: unknown, place: string): void {
  if (!isObject(schema)) return;
  const unknown = [schema['type'] ?? []].flat().filter((type) => !TYPES.has(type));
  if (unknown.length > 0)
    throw refuse(`the schema of "${place}" has the type ${textOf(unknown[0])}. There are ${[...TYPES].join(', ')}`);
  const { properties } = schema;
  if (isObject(properties))
    for (const [name, property] of Object.entries(properties)) refuseTypes(property, `${place}.${name}`);
  refuseTypes(schema['items'], place);
}

function isIncremental(wish: Wish, { name, cursor }: Stream): boolean {
  const {
    'replication-method': chosen,
    'replication-key': chosenKey,
    'forced-replication-method': forced,
  } = wish.metadata([]);
  const method = chosen ?? wish.entry['replication_method'] ?? forced ?? 'INCREMENTAL';
  if (method === 'FULL_TABLE') return false;
  if (method !== 'INCREMENTAL')
    throw refuse(`the replication method of "${name}" is ${textOf(method)}; it must be FULL_TABLE or INCREMENTAL`);
  const key = chosenKey ?? wish.entry['replication_key'] ?? cursor;
  if (key === cursor) return cursor !== undefined;
  const found = `"${name}" has ${cursor === undefined ? 'no replication key' : `the replication key ${cursor}`}`;
  throw refuse(`${found}, but the catalog says ${textOf(key)}. Take it out, or read the stream with FULL_TABLE`);
}

function keysIn(wish: Wish, { name, primaryKey }: Stream): readonly string[] {
  const keys = wish.entry['key_properties'] ?? wish.metadata([])['table-key-properties'] ?? primaryKey;
  const properties = at(wish.entry, 'schema.properties');
  if (!Array.isArray(keys)) throw refuse(`key_properties of "${name}" is not a list`);
  const missing = (keys as unknown[]).filter((key) => isObject(properties) && !Object.hasOwn(properties, textOf(key)));
  if (missing.length > 0)
    throw refuse(`key_properties of "${name}" has ${missing.map(textOf).join(', ')}, which its schema has not`);
  // Rows without a key would stop the target, in the middle of the load.
  const ours = loadSchema(name).properties ?? {};
  const unknown = keys.map(textOf).filter((key) => !Object.hasOwn(ours, key));
  if (unknown.length > 0)
    throw refuse(`key_properties of "${name}" has ${unknown.join(', ')}, which its rows have not`);
  return keys.map(textOf);
}

/** Without the properties that are not selected, at any depth. */
function selectedPart(
  schema: JsonSchema,
  wish: Wish,
  breadcrumb: readonly string[],
  always: ReadonlySet<string>,
): JsonSchema {
  // Very old taps keep the choice in the schema itself; no target wants to see it.
  const rest = omit(schema, 'selected');
  if (schema.properties === undefined) return rest;
  const properties = Object.entries(schema.properties)
    .map(([name, property]) => [name, property, [...breadcrumb, 'properties', name]] as const)
    .filter(([name, property, path]) => always.has(name) || wish.hasField(path, property))
    .map(([name, property, path]) => [name, selectedPart(property, wish, path, new Set())] as const);
  return { ...rest, properties: Object.fromEntries(properties) };
}

/** What an entry of a catalog says of its stream and fields. */
class Wish {
  readonly entry: JsonObject;
  readonly #metadata = new Map<string, JsonObject>();

  constructor(entry: JsonObject) {
    this.entry = entry;
    const list: unknown = entry['metadata'];
    for (const each of Array.isArray(list) ? (list as unknown[]) : [])
      if (isObject(each) && isObject(each['metadata']))
        this.#metadata.set(JSON.stringify(each['breadcrumb']), each['metadata']);
  }

  metadata(breadcrumb: readonly string[]): JsonObject {
    return this.#metadata.get(JSON.stringify(breadcrumb)) ?? {};
  }

  get hasStream(): boolean {
    return this.#choice([], [this.entry['selected'], at(this.entry, 'schema.selected')]) ?? this.#metadata.size === 0;
  }

  /** Of a field whose parent is selected. */
  hasField(breadcrumb: readonly string[], schema: object): boolean {
    return this.#choice(breadcrumb, [(schema as JsonObject)['selected']]) ?? true;
  }

  #choice(breadcrumb: readonly string[], elsewhere: readonly unknown[]): boolean | undefined {
    const { inclusion, selected, 'selected-by-default': byDefault } = this.metadata(breadcrumb);
    if (inclusion === 'unsupported') return false;
    if (inclusion === 'automatic') return true;
    return [selected, ...elsewhere, byDefault].find((choice): choice is boolean => typeof choice === 'boolean');
  }
}

function refuse(what: string): ConnectorError {
  return new ConnectorError('config', `Reading the input: ${what}.`);
}

const TYPES = new Set<unknown>(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);
