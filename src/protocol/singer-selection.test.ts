import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../core/json.ts';
import { loadSchema, type JsonSchema } from '../core/schema.ts';
import type { Stream } from '../readers/stream.ts';
import { singerSchema } from './singer-catalog.ts';
import { parseSingerCatalog, type Choice } from './singer-selection.ts';

const contacts = { name: 'contacts', primaryKey: ['id'], cursor: 'updated_at' } as unknown as Stream;
const streams = [contacts, { name: 'tags', primaryKey: ['id'] } as unknown as Stream];

type Breadcrumb = string;

/** What the metadata of a catalog say, by dotted breadcrumb. */
function entry(name: string, metadata: Readonly<Record<Breadcrumb, JsonObject>>, more: JsonObject = {}): JsonObject {
  const list = Object.entries(metadata).map(([path, each]) => ({
    breadcrumb: path === '' ? [] : path.split('.').flatMap((part) => ['properties', part]),
    metadata: each,
  }));
  return { tap_stream_id: name, stream: name, metadata: list, ...more };
}

function choices(...entries: readonly unknown[]): readonly Choice[] {
  return parseSingerCatalog({ streams: entries }, streams).streams;
}

function chosen(...entries: readonly unknown[]): readonly string[] {
  return choices(...entries).map(({ stream }) => stream.name);
}

/** The columns of the schema that goes out. */
function columns(...entries: readonly unknown[]): readonly string[] {
  const [choice] = choices(...entries);
  return Object.keys(choice!.schemaOf(loadSchema(choice!.stream.name)).properties ?? {});
}

describe('a stream is read', () => {
  test.each<[string, boolean, JsonObject, JsonObject]>([
    ['if the metadata select it', true, { selected: true }, {}],
    ['not if they deselect it', false, { selected: false, 'selected-by-default': true }, {}],
    ['if it is selected by default', true, { 'selected-by-default': true }, {}],
    ['not if nobody says anything', false, { inclusion: 'available' }, {}],
    ['not if it cannot be', false, { inclusion: 'unsupported', selected: true }, {}],
    ['if it must be', true, { inclusion: 'automatic', selected: false }, {}],
    ['if the entry selects it', true, { 'selected-by-default': false }, { selected: true }],
    ['not if only the entry does', false, { selected: false }, { selected: true }],
    ['if the schema selects it', true, {}, { schema: { selected: true } }],
    ['not if the schema deselects it', false, { 'selected-by-default': true }, { schema: { selected: false } }],
    ['if the entry does, whatever the schema says', true, {}, { selected: true, schema: { selected: false } }],
    ['if what is said is no choice, by default', true, { selected: null, 'selected-by-default': true }, {}],
  ])('%s', (_, isRead, metadata, more) => {
    expect(chosen(entry('contacts', { '': metadata }, more))).toEqual(isRead ? ['contacts'] : []);
  });

  test('if there are no metadata at all', () => {
    expect(chosen(entry('contacts', {}), { ...entry('tags', {}), metadata: undefined })).toEqual(['contacts', 'tags']);
    expect(chosen(entry('contacts', {}, { selected: false }))).toEqual([]);
  });

  test('whatever else is in the list of metadata', () => {
    const { metadata } = entry('contacts', { '': { selected: true } }) as { metadata: unknown[] };
    expect(chosen({ ...entry('contacts', {}), metadata: [null, 'x', { breadcrumb: [] }, ...metadata] })).toEqual([
      'contacts',
    ]);
    expect(chosen({ ...entry('contacts', {}), metadata: [...metadata, { breadcrumb: [] }] })).toEqual(['contacts']);
  });

  test('once, as its first entry says', () => {
    const twice = [{ selected: true, 'replication-method': 'FULL_TABLE' }, { selected: true }];
    expect(
      choices(...twice.map((metadata) => entry('contacts', { '': metadata }))).map(
        ({ isIncremental }) => isIncremental,
      ),
    ).toEqual([false]);
  });

  test('like all others without a catalog', () => {
    const { streams: all, unknown } = parseSingerCatalog(undefined, streams);
    expect([all.map(({ stream }) => stream), unknown]).toEqual([streams, []]);
    for (const choice of all) {
      const { name, cursor, primaryKey } = choice.stream;
      expect([name, choice.isIncremental, choice.keyProperties]).toEqual([name, cursor !== undefined, primaryKey]);
    }
  });

  test('under the name of its entry, if it has no id; unknown ones are named', () => {
    const known = { stream: 'contacts', metadata: [] };
    const parsed = parseSingerCatalog(
      { streams: [known, { tap_stream_id: 'emails' }, entry('old', { '': {} })] },
      streams,
    );
    expect([parsed.streams.map(({ stream }) => stream.name), parsed.unknown]).toEqual([['contacts'], ['emails']]);
  });
});

describe('how a stream is read', () => {
  const selected = { selected: true };

  test.each<[string, string, boolean, JsonObject, JsonObject]>([
    ['by its cursor', 'contacts', true, {}, {}],
    ['whole, if it has none', 'tags', false, {}, {}],
    [
      'whole, if it has none, although the method is INCREMENTAL',
      'tags',
      false,
      { 'replication-method': 'INCREMENTAL' },
      {},
    ],
    [
      'whole, if the metadata say so',
      'contacts',
      false,
      { 'replication-method': 'FULL_TABLE' },
      { replication_method: 'INCREMENTAL' },
    ],
    [
      'whole, if the entry says so',
      'contacts',
      false,
      { 'forced-replication-method': 'INCREMENTAL' },
      { replication_method: 'FULL_TABLE' },
    ],
    ['as the tap once said, if nobody chose', 'contacts', false, { 'forced-replication-method': 'FULL_TABLE' }, {}],
    ['by a key that is ours', 'contacts', true, { 'replication-key': 'updated_at' }, {}],
    ['by a key that the entry names', 'contacts', true, {}, { replication_key: 'updated_at' }],
    [
      'by ours if the metadata say so and the entry does not',
      'contacts',
      true,
      { 'replication-key': 'updated_at' },
      { replication_key: 'id' },
    ],
    [
      'whole, whatever key is named',
      'contacts',
      false,
      { 'replication-method': 'FULL_TABLE', 'replication-key': 'id' },
      {},
    ],
    ['by its cursor if the key is null', 'contacts', true, { 'replication-key': null }, { replication_key: null }],
  ])('%s', (_, name, isIncremental, metadata, more) => {
    const [choice] = choices(entry(name, { '': { ...selected, ...metadata } }, more));
    expect(choice!.isIncremental).toBe(isIncremental);
  });

  test.each<[string, JsonObject, JsonObject, RegExp]>([
    [
      'contacts',
      { 'replication-key': 'created_at' },
      {},
      /"contacts" has the replication key updated_at, but the catalog says created_at/,
    ],
    ['contacts', {}, { replication_key: 'id' }, /but the catalog says id/],
    ['tags', { 'replication-method': 'INCREMENTAL', 'replication-key': 'id' }, {}, /"tags" has no replication key/],
    ['contacts', { 'replication-method': 'LOG_BASED' }, {}, /LOG_BASED; it must be FULL_TABLE or INCREMENTAL/],
    ['contacts', {}, { key_properties: 'id' }, /key_properties of "contacts" is not a list/],
    ['contacts', {}, { key_properties: ['nothing'] }, /has nothing, which its rows have not/],
    [
      'contacts',
      {},
      { key_properties: ['name'], schema: { properties: { id: {} } } },
      /has name, which its schema has not/,
    ],
    [
      'contacts',
      {},
      { schema: { properties: { id: {}, a: { type: ['null', 'array'], items: { type: 'date' } } } } },
      /"contacts\.a" has the type date\. There are array, /,
    ],
    ['contacts', {}, { key_properties: ['x'], schema: { properties: { x: {} } } }, /has x, which its rows have not/],
  ])('is refused: %s %j %j', (name, metadata, more, message) => {
    expect(() => choices(entry(name, { '': { ...selected, ...metadata } }, more))).toThrow(message);
  });

  test('and what is refused of one that is not selected does not matter', () => {
    expect(chosen(entry('contacts', { '': { selected: false, 'replication-method': 'LOG_BASED' } }))).toEqual([]);
  });

  test.each<[string, JsonObject, JsonObject, string[]]>([
    ['ours', {}, {}, ['id']],
    ['those of the entry', { 'table-key-properties': ['email'] }, { key_properties: ['name', 'id'] }, ['name', 'id']],
    ['those of the metadata', { 'table-key-properties': ['email'] }, {}, ['email']],
    ['none', {}, { key_properties: [] }, []],
  ])('its keys are %s', (_, metadata, more, keys) => {
    expect(choices(entry('contacts', { '': { ...selected, ...metadata } }, more))[0]!.keyProperties).toEqual(keys);
  });
});

describe('the columns that go out', () => {
  const selected = { '': { selected: true } };
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      updated_at: { type: 'integer' },
      name: { type: 'string' },
      location: { type: 'object', properties: { city: { type: 'string' }, country: { type: 'string' } } },
    },
  };
  const all = ['id', 'updated_at', 'name', 'location'];

  test.each<[string, Readonly<Record<string, JsonObject>>, string[]]>([
    ['all', {}, all],
    ['without what is deselected', { name: { selected: false } }, ['id', 'updated_at', 'location']],
    [
      'without what is deselected by default',
      { name: { 'selected-by-default': false } },
      ['id', 'updated_at', 'location'],
    ],
    [
      'without what cannot come',
      { name: { inclusion: 'unsupported', selected: true } },
      ['id', 'updated_at', 'location'],
    ],
    ['with what must come', { name: { inclusion: 'automatic', selected: false } }, all],
    ['with keys and cursor', { id: { selected: false }, updated_at: { inclusion: 'unsupported' } }, all],
  ])('are %s', (_, metadata, expected) => {
    expect(columns(entry('contacts', { ...selected, ...metadata }, { schema }))).toEqual(expected);
  });

  test('are those of the catalog, as the user has changed them', () => {
    const own = { ...schema, properties: { id: { type: 'string', maxLength: 5 }, extra: { type: 'number' } } };
    const [choice] = choices(entry('contacts', selected, { schema: own }));
    expect(choice!.schemaOf(loadSchema('contacts'))).toEqual(own);
  });

  test.each([[undefined], [{}], [{ type: 'object' }], ['nothing']])('are ours where the catalog says %j', (none) => {
    const [choice] = choices(entry('contacts', selected, { schema: none }));
    const ours = loadSchema('contacts');
    expect(choice!.schemaOf(ours)).toEqual(singerSchema(ours, contacts));
  });

  test('are chosen inside of objects, too, where keys are names like others', () => {
    const nested = {
      ...schema,
      properties: {
        ...schema.properties,
        source: { type: 'object', properties: { id: { type: 'string' }, url: { type: 'string' } } },
      },
    };
    const metadata = { ...selected, 'location.city': { selected: false }, 'source.id': { selected: false } };
    const [choice] = choices(entry('contacts', metadata, { schema: nested }));
    const { location, source } = choice!.schemaOf(loadSchema('contacts')).properties!;
    expect([Object.keys(location!.properties!), Object.keys(source!.properties!)]).toEqual([['country'], ['url']]);
  });

  test('hold no choice that the schema itself has', () => {
    const marked = {
      ...schema,
      selected: true,
      properties: { id: { type: 'string', selected: true }, name: { type: 'string', selected: false } },
    };
    const [choice] = choices(entry('contacts', selected, { schema: marked }));
    expect(choice!.schemaOf(loadSchema('contacts'))).toEqual({
      type: 'object',
      properties: { id: { type: 'string' } },
    });
  });

  test('hold keys that the user has chosen', () => {
    const metadata = { ...selected, name: { selected: false } };
    expect(columns(entry('contacts', metadata, { schema, key_properties: ['name'] }))).toContain('name');
  });
});

describe('a catalog that is none', () => {
  test.each<[string, unknown, RegExp]>([
    ['null', null, /no list "streams"/],
    ['a list', [], /no list "streams"/],
    ['without streams', { streams: {} }, /no list "streams"/],
    ['of Airbyte', { streams: [{ stream: { name: 'contacts' }, sync_mode: 'incremental' }] }, /source-intercom read/],
    ['that Airbyte’s discover prints', { streams: [{ name: 'contacts', json_schema: {} }] }, /source-intercom read/],
    ['with a nameless stream', { streams: [{ schema: {} }] }, /no tap_stream_id/],
    ['with a text', { streams: ['contacts'] }, /no tap_stream_id/],
  ])('%s is refused', (_, catalog, message) => {
    expect(() => parseSingerCatalog(catalog, streams)).toThrow(message);
  });
});
