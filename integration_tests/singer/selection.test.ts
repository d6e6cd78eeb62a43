import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { omit, textOf } from '../../src/core/json.ts';
import type { JsonObject } from '../support/run.ts';
import { fullConfig, startWorkspace } from '../support/workspace.ts';
import { choose, discover, entryOf, select, type SingerCatalog, type SingerEntry } from './support/catalogs.ts';
import type { TapRun } from './support/run.ts';
import { tap, type Files } from './support/tap.ts';

let simulator: Simulator;
let config: JsonObject;
let api: string;
let catalog: SingerCatalog;

beforeAll(async () => {
  simulator = await startWorkspace();
  config = fullConfig(simulator);
  api = simulator.url;
  catalog = await discover(config);
});

afterAll(async () => {
  await simulator.close();
});

/** Reads the streams of a catalog of entries that were changed. */
function sync(entries: readonly object[], more: Files = {}): Promise<TapRun> {
  return tap({ config, catalog: { streams: entries }, ...more }, { api });
}

function entry(name: string): SingerEntry {
  return entryOf(catalog, name);
}

function chosen(name: string): SingerEntry {
  return choose(entry(name), { selected: true });
}

/** Rows, and what is said of them, without times. */
function gist({ messages }: TapRun): unknown {
  return messages.map((message) => (message.type === 'RECORD' ? [message.stream, message.record] : message));
}

function namesOf(run: TapRun): readonly string[] {
  return run.schemas.map(({ stream }) => stream);
}

test('#S14 --properties is --catalog', async () => {
  const some = select(catalog, ['tags', 'contacts']);
  const [one, other] = await Promise.all([
    tap({ config, catalog: some }, { api }),
    tap({ config, properties: some }, { api }),
  ]);
  expect(one.records().length).toBeGreaterThan(30);
  expect(gist(other)).toEqual(gist(one));
});

test('#S15 without a catalog every stream is read', async () => {
  const run = await tap({ config }, { api });
  expect([...namesOf(run)].sort()).toEqual(catalog.streams.map(({ stream }) => stream).sort());
});

describe('#S16 nothing selected', () => {
  test.each([
    ['by the metadata', (each: SingerEntry) => choose(each, { selected: false })],
    [
      'by the entry',
      (each: SingerEntry) => ({ ...choose(each, { 'selected-by-default': undefined }), selected: false }),
    ],
    ['by nobody', (each: SingerEntry) => choose(each, { 'selected-by-default': undefined })],
  ])('#S16 %s means a state and nothing else', async (_, change) => {
    simulator.requests.length = 0;
    const state = { bookmarks: { tags: {}, other: { page: 7 } }, currently_syncing: 'tags' };
    const run = await sync(catalog.streams.map(change), { state });
    expect([run.exitCode, run.messages]).toEqual([
      0,
      [{ type: 'STATE', value: { bookmarks: { tags: {}, other: { page: 7 } } } }],
    ]);
    expect(simulator.requests).toEqual([]);
  });
});

test('#S17 #S19 #S20 fields follow their stream, but for those that must or cannot come', async () => {
  const run = await sync([
    choose(chosen('tags'), { selected: false }, 'id'),
    choose(
      choose(chosen('contacts'), { selected: false }, 'updated_at'),
      { inclusion: 'unsupported', selected: true },
      'name',
    ),
  ]);
  expect(run.columns('tags')).toEqual(Object.keys(entry('tags').schema.properties!));
  expect(run.columns('contacts')).toEqual(
    Object.keys(entry('contacts').schema.properties!).filter((name) => name !== 'name'),
  );
  expect(run.rows('contacts').every((row) => typeof row['updated_at'] === 'number')).toBe(true);
});

test('#S18 a field that is deselected is absent, inside of objects too', async () => {
  const contacts = ['name', 'tags'].reduce((each, name) => choose(each, { selected: false }, name), chosen('contacts'));
  const [whole, part] = await Promise.all([
    sync([chosen('contacts')]),
    sync([choose(contacts, { selected: false }, 'location', 'city')]),
  ]);
  const { name, tags, location, ...rest } = whole.schema('contacts').schema.properties;
  expect([name, tags].every((schema) => schema !== undefined)).toBe(true);
  const { city, ...others } = location!.properties!;
  expect(city).toBeDefined();
  expect(part.schema('contacts').schema.properties).toEqual({ ...rest, location: { ...location, properties: others } });
  const places = whole.rows('contacts').map((row) => row['location'] as JsonObject);
  expect(places.some((place) => typeof place['city'] === 'string')).toBe(true);
  const expected = whole
    .rows('contacts')
    .map((row) => ({ ...omit(omit(row, 'name'), 'tags'), location: omit(row['location'] as JsonObject, 'city') }));
  expect(part.rows('contacts')).toEqual(expected);
});

describe('#S21 what stands beside the metadata', () => {
  const silent = (name: string): SingerEntry => ({ ...entry(name), metadata: [] });

  test('#S21 selects where the metadata are silent, and does not where they speak', async () => {
    const run = await sync([
      { ...choose(entry('tags'), { 'selected-by-default': undefined }), selected: true },
      { ...choose(entry('teams'), { selected: false }), selected: true },
      { ...choose(entry('segments'), { selected: true }), selected: false },
      { ...silent('admins'), schema: { ...entry('admins').schema, selected: true } },
      { ...silent('brands'), schema: { ...entry('brands').schema, selected: false } },
      silent('ticket_types'),
    ]);
    expect([...namesOf(run)].sort()).toEqual(['admins', 'segments', 'tags', 'ticket_types']);
    expect(run.schema('admins').schema).not.toHaveProperty('selected');
  });

  test('#S21 says how to read', async () => {
    const state = {
      bookmarks: { contacts: { updated_at: simulator.now() }, segments: { updated_at: simulator.now() } },
    };
    const run = await sync(
      [
        { ...silent('contacts'), replication_method: 'FULL_TABLE' },
        { ...silent('segments'), replication_method: 'INCREMENTAL', replication_key: 'updated_at' },
      ],
      { state },
    );
    expect([run.rows('contacts').length > 20, run.rows('segments').length]).toEqual([true, 0]);
    expect(run.schema('segments').bookmark_properties).toEqual(['updated_at']);
    expect(run.schema('contacts')).not.toHaveProperty('bookmark_properties');
  });
});

test('#S22 a stream that does not exist is named, and skipped', async () => {
  const run = await sync([{ ...chosen('tags'), tap_stream_id: 'emails', stream: 'emails' }, chosen('teams')]);
  expect([run.exitCode, namesOf(run)]).toEqual([0, ['teams']]);
  expect(run.logs('WARNING').join()).toMatch(/"emails"/);
});

test('#S23 FULL_TABLE reads everything, whatever the bookmark', async () => {
  const state = { bookmarks: { contacts: { updated_at: simulator.now() } } };
  const [some, all] = await Promise.all([
    sync([chosen('contacts')], { state }),
    sync([choose(chosen('contacts'), { 'replication-method': 'FULL_TABLE' })], { state }),
  ]);
  expect([some.rows('contacts').length, all.rows('contacts').length]).toEqual([
    0,
    [...simulator.world.contacts.all()].length,
  ]);
});

describe('#S24 a way of reading that there is not', () => {
  test.each<[string, string, JsonObject, RegExp]>([
    [
      'another replication key',
      'contacts',
      { 'replication-key': 'created_at' },
      /"contacts" has the replication key updated_at, but the catalog says created_at/,
    ],
    [
      'a replication key for a stream without one',
      'tags',
      { 'replication-method': 'INCREMENTAL', 'replication-key': 'updated_at' },
      /"tags" has no replication key, but the catalog says updated_at/,
    ],
    ['LOG_BASED', 'contacts', { 'replication-method': 'LOG_BASED' }, /LOG_BASED; it must be FULL_TABLE or INCREMENTAL/],
  ])('#S24 %s is an error before anything is read', async (_, name, more, reason) => {
    const run = await sync([chosen('teams'), choose(chosen(name), more)]);
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.logs('CRITICAL').join()).toMatch(reason);
  });
});

test('#S25 a catalog of another release works: without new fields, with fields that are gone', async () => {
  const { schema, ...tags } = chosen('tags');
  const properties = omit(schema.properties!, 'applied_at');
  const old = { ...tags, schema: { ...schema, properties: { ...properties, colour: { type: ['null', 'string'] } } } };
  const run = await sync([old]);
  expect([run.exitCode, run.columns('tags')]).toEqual([0, [...Object.keys(properties), 'colour']]);
  expect(run.rows('tags').length).toBeGreaterThan(3);
  expect(run.rows('tags').every((row) => row['colour'] === null && typeof row['name'] === 'string')).toBe(true);
});

describe('#S63 what the user changes in the catalog', () => {
  function typed(name: string, types: Readonly<Record<string, object>>): SingerEntry {
    const { schema, ...rest } = chosen(name);
    return { ...rest, schema: { ...schema, properties: { ...schema.properties, ...types } } } as SingerEntry;
  }

  test('#S63 is what the schema says, and what rows hold to', async () => {
    const types = {
      id: { type: 'string', maxLength: 100 },
      created_at: { type: ['null', 'string'], format: 'date-time' },
      signed_up_at: { type: ['null', 'string'] },
      unsubscribed_from_emails: { type: ['null', 'string'] },
      location: { type: ['null', 'string'] },
    };
    const [plain, run] = await Promise.all([sync([chosen('contacts')]), sync([typed('contacts', types)])]);
    expect(run.schema('contacts').schema.properties).toMatchObject(types);
    const expected = plain.rows('contacts').map((row) => ({
      ...row,
      created_at: new Date((row['created_at'] as number) * 1000).toISOString().replace('.000Z', 'Z'),
      signed_up_at: row['signed_up_at'] === null ? null : textOf(row['signed_up_at']),
      unsubscribed_from_emails: String(row['unsubscribed_from_emails']),
      location: JSON.stringify(row['location']),
    }));
    expect(run.rows('contacts')).toEqual(expected);
  });

  test('#S63 may be a column that we do not name; it holds to its type', async () => {
    simulator.trouble.add({
      match: { route: 'GET /tags' },
      effect: {
        kind: 'rewrite',
        change: (text) => text.replaceAll('"type":"tag"', '"type":"tag","weight":7,"colour":{"red":1}'),
      },
    });
    const types = {
      weight: { type: ['null', 'string'] },
      colour: { type: ['null', 'integer'] },
      missing: { type: ['null', 'string'] },
    };
    const run = await sync([typed('tags', types)]);
    simulator.trouble.clear();
    expect(run.schema('tags').schema.properties).toMatchObject(types);
    expect(run.rows('tags').length).toBeGreaterThan(3);
    for (const row of run.rows('tags')) expect(row).toMatchObject({ weight: '7', colour: null, missing: null });
  });

  test('#S63 may be a type that values do not fit; they are null, and counted', async () => {
    const run = await sync([typed('tags', { name: { type: ['null', 'integer'] } })]);
    const count = [...simulator.world.tags.all()].length;
    expect([run.exitCode, run.rows('tags').map(({ name }) => name)]).toEqual([0, Array(count).fill(null)]);
    expect(run.logs('WARNING')).toEqual([
      `tags: name: ${count} values do not fit the type that the catalog says, and were sent as null.`,
    ]);
  });

  test('#S63 may be that of another configuration: times are made from either form', async () => {
    const { streams } = await discover({ ...config, timestamps: 'rfc3339' });
    const textual = choose(entryOf({ streams }, 'contacts'), { selected: true });
    const [numbers, texts, plain] = await Promise.all([
      tap({ config: { ...config, timestamps: 'rfc3339' }, catalog: { streams: [chosen('contacts')] } }, { api }),
      sync([textual]),
      sync([chosen('contacts')]),
    ]);
    const valuesOf = (run: TapRun): readonly unknown[] => run.rows('contacts').map((row) => row['updated_at']);
    expect(numbers.rows('contacts')).toEqual(plain.rows('contacts'));
    expect(valuesOf(texts)).toEqual(
      valuesOf(plain).map((value) => new Date(Number(value) * 1000).toISOString().replace('.000Z', 'Z')),
    );
  });

  test('#S63 may be several types, of which each holds', async () => {
    const run = await sync([typed('tags', { name: { type: ['null', 'integer', 'string'] } })]);
    expect(run.rows('tags').map(({ name }) => name)).toEqual([...simulator.world.tags.all()].map(({ name }) => name));
  });

  test('#S63 may be the key, as far as there is such a column', async () => {
    const [own, made, missing, unknown] = await Promise.all([
      sync([{ ...chosen('teams'), key_properties: ['name'] }]),
      sync([
        choose({ ...chosen('teams'), key_properties: undefined } as never, { 'table-key-properties': ['id', 'name'] }),
      ]),
      sync([{ ...chosen('teams'), key_properties: ['nothing'] }]),
      sync([chosen('admins'), { ...typed('teams', { hash: { type: 'string' } }), key_properties: ['hash'] }]),
    ]);
    expect([own.schema('teams').key_properties, made.schema('teams').key_properties]).toEqual([
      ['name'],
      ['id', 'name'],
    ]);
    expect([missing.exitCode, missing.stdout]).toEqual([1, '']);
    expect(missing.logs('CRITICAL').join()).toMatch(/key_properties of "teams" has nothing, which its schema has not/);
    expect([unknown.exitCode, unknown.records()]).toEqual([1, []]);
    expect(unknown.logs('CRITICAL').join()).toMatch(/key_properties of "teams" has hash, which its rows have not/);
  });
});
