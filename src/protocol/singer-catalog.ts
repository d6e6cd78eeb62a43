import type { JsonObject } from '../core/json.ts';
import type { JsonSchema } from '../core/schema.ts';
import type { Stream } from '../readers/stream.ts';

/** What `--discover` prints. */
export interface SingerCatalog {
  readonly streams: readonly SingerEntry[];
}

export interface SingerEntry {
  readonly tap_stream_id: string;
  readonly stream: string;
  readonly key_properties: readonly string[];
  readonly replication_method: 'FULL_TABLE' | 'INCREMENTAL';
  readonly replication_key?: string;
  readonly schema: JsonSchema;
  readonly metadata: readonly Metadata[];
}

export interface Metadata {
  readonly breadcrumb: readonly string[];
  readonly metadata: JsonObject;
}

/** @param isSuggested - Whether a stream is read if the user chooses nothing */
export function singerCatalog(
  offers: readonly { readonly stream: Stream; readonly schema: JsonSchema }[],
  isSuggested: (stream: Stream) => boolean,
): SingerCatalog {
  return { streams: offers.map(({ stream, schema }) => entryOf(stream, schema, isSuggested(stream))) };
}

function entryOf(stream: Stream, published: JsonSchema, isSuggested: boolean): SingerEntry {
  const { name, primaryKey, cursor } = stream;
  const schema = singerSchema(published, stream);
  const method = cursor === undefined ? 'FULL_TABLE' : 'INCREMENTAL';
  return {
    tap_stream_id: name,
    stream: name,
    key_properties: primaryKey,
    replication_method: method,
    ...(cursor === undefined ? {} : { replication_key: cursor }),
    schema,
    metadata: [
      {
        breadcrumb: [],
        metadata: {
          inclusion: 'available',
          'table-key-properties': primaryKey,
          'forced-replication-method': method,
          ...(cursor === undefined ? {} : { 'valid-replication-keys': [cursor], 'replication-key': cursor }),
          'selected-by-default': isSuggested,
        },
      },
      ...fields(schema, [], keysOf(stream)),
    ],
  };
}

/** Without an entry of its own, Meltano takes a column for one that always comes. */
function* fields(schema: JsonSchema, parent: readonly string[], always: ReadonlySet<string>): Generator<Metadata> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const breadcrumb = [...parent, 'properties', name];
    yield { breadcrumb, metadata: { inclusion: always.has(name) ? 'automatic' : 'available' } };
    yield* fields(property, breadcrumb, new Set());
  }
}

/** The columns that no choice can take away: without them rows could neither be told apart nor resumed. */
export function keysOf({ primaryKey, cursor }: Stream): ReadonlySet<string> {
  return new Set(cursor === undefined ? primaryKey : [...primaryKey, cursor]);
}

/**
 * A schema in the words that all targets understand: types, formats, properties and items. Every column may be null but those of
 * the primary key. Inside of objects, names that are not plain words (`zh-TW`) are left out, since Meltano does not take them for
 * properties; what they stand for comes all the same.
 */
export function singerSchema(schema: JsonSchema, { primaryKey }: Stream): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const plain = plainSchema(property);
    return [name, primaryKey.includes(name) ? plain : { ...plain, type: nullable(plain.type) }] as const;
  });
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function plainSchema({ type, description, format, properties, items }: JsonSchema): JsonSchema {
  return {
    type,
    ...(description === undefined ? {} : { description }),
    ...(format === undefined ? {} : { format }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties)
              .filter(([name]) => WORD.test(name))
              .map(([name, each]) => [name, plainSchema(each)]),
          ),
        }),
    ...(items === undefined ? {} : { items: plainSchema(items) }),
  };
}

const WORD = /^\w+$/;

function nullable(type: JsonSchema['type']): JsonSchema['type'] {
  return ['null', ...[type].flat().filter((name) => name !== 'null')];
}
