import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { Verbatim } from '../support/folder.ts';
import { inPool } from '../support/pool.ts';
import type { JsonObject } from '../support/run.ts';
import { fullConfig, startWorkspace } from '../support/workspace.ts';
import { choose, discover, entryOf, select, type SingerCatalog } from './support/catalogs.ts';
import { TapRun } from './support/run.ts';
import { tap } from './support/tap.ts';

/** More than a page of contacts, and several batches of conversations. */
const SIZES = { contacts: 180, conversations: 50 };
const NAMES = ['contacts', 'users', 'contact_tags', 'conversations', 'conversation_parts', 'segments', 'tickets'];
/** 2200-01-01. */
const FAR = 7_258_118_400;

let simulator: Simulator;
let config: JsonObject;
let api: string;
let catalog: SingerCatalog;
/** Everything, from the beginning. */
let first: TapRun;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: SIZES });
  config = fullConfig(simulator);
  api = simulator.url;
  catalog = await discover(config);
  first = await tap({ config }, { api });
});

afterAll(async () => {
  await simulator.close();
});

function sync(names: readonly string[], state: unknown): Promise<TapRun> {
  return tap({ config, catalog: select(catalog, names), state }, { api });
}

/** Stream and key of each row. */
function keysOf(...runs: readonly TapRun[]): readonly string[] {
  const keys = runs.flatMap((run) =>
    run.records().map(({ stream, record }) => {
      const { key_properties: names } = entryOf(catalog, stream);
      return `${stream} ${JSON.stringify(names.map((name) => record[name]))}`;
    }),
  );
  return [...new Set(keys)].sort();
}

/** What a run had printed when it had written so many states. */
function upTo(run: TapRun, states: number): TapRun {
  let seen = 0;
  const end = run.lines.findIndex((line) => line.startsWith('{"type":"STATE"') && ++seen === states);
  const stdout = run.lines
    .slice(0, end + 1)
    .map((line) => `${line}\n`)
    .join('');
  const { words, stderr, exitCode, signal, startedAt, endedAt } = run;
  return new TapRun({ words, stdout, stderr, exitCode, signal, startedAt, endedAt });
}

test('#S43 the next read brings what changed since, and nothing else', async () => {
  const world = await startWorkspace({ sizes: SIZES });
  const files = { config, catalog: select(catalog, NAMES) };
  const before = await tap(files, { api: world.url });
  const quiet = await tap({ ...files, state: before.lastState }, { api: world.url });
  expect([quiet.exitCode, quiet.records(), quiet.schemas.length]).toEqual([0, [], NAMES.length]);
  world.advance(3600);
  const [contact] = [...world.world.contacts.all()];
  world.world.contacts.update(contact!.id, { name: 'changed' });
  world.advance(3600);
  const after = await tap({ ...files, state: quiet.lastState }, { api: world.url });
  await world.close();
  const changed = after
    .records()
    .map(({ stream, record }) => `${stream} ${String(record['id'] ?? record['contact_id'])}`);
  const streams = ['contacts', ...(contact!.role === 'user' ? ['users'] : [])];
  expect(changed.filter((key) => !key.startsWith('contact_tags')).sort()).toEqual(
    streams.map((stream) => `${stream} ${contact!.id}`),
  );
  for (const { stream, record } of after.records()) {
    const { replication_key: cursor = '' } = entryOf(catalog, stream);
    const saved = quiet.lastState.bookmarks[stream]!['replication_key_value'] as number;
    expect(record[cursor]).toBeGreaterThanOrEqual(saved);
  }
});

test('#S44 from any state on, a read brings what had not been sent, and not everything', async () => {
  const whole = first.states.length;
  const places = [...new Set([0, 0.5, 0.95].map((share) => Math.max(1, Math.ceil(share * whole))))];
  expect(places.length).toBe(3);
  await inPool(places, async (place) => {
    const before = upTo(first, place);
    const world = await startWorkspace({ sizes: SIZES });
    const rest = await tap({ config, state: before.lastState }, { api: world.url });
    await world.close();
    expect(keysOf(before, rest)).toEqual(keysOf(first));
    expect(rest.records().length).toBeLessThan(first.records().length);
  });
});

test('#S45 bookmarks of streams that are unknown, or not read, come through', async () => {
  const others = {
    emails: { cursor: 'abc', list: [1, null] },
    contacts: { updated_at: 1, sent: {} },
    tickets: '2020-01-01',
  };
  const run = await sync(['tags', 'segments'], { bookmarks: { ...others, segments: null }, extra: { kept: true } });
  for (const state of run.states) expect(state).toMatchObject({ bookmarks: others, extra: { kept: true } });
  expect(Object.keys(run.lastState.bookmarks).sort()).toEqual([...Object.keys(others), 'segments', 'tags'].sort());
});

describe('#S46 no state', () => {
  test.each<[string, unknown]>([
    ['{}', {}],
    ['an empty file', new Verbatim('')],
    ['null', null],
    ['null for all bookmarks', { bookmarks: null, currently_syncing: null }],
    ['a null bookmark', { bookmarks: { contacts: null } }],
    ['a cursor of null', { bookmarks: { contacts: { updated_at: null } } }],
  ])('#S46 is %s', async (_, state) => {
    const run = await sync(['contacts'], state);
    expect([run.exitCode, run.rows('contacts').length, run.logs('WARNING')]).toEqual([0, 180, []]);
  });
});

describe('#S47 the stream that an interrupted read was at', () => {
  test('#S47 is read first, and named no more at the end', async () => {
    const run = await sync(NAMES, { bookmarks: {}, currently_syncing: 'tickets' });
    expect(run.schemas[0]!.stream).toBe('tickets');
    expect(run.states[0]!.currently_syncing).toBe('tickets');
    expect(run.lastState).not.toHaveProperty('currently_syncing');
    expect(new Set(run.states.map(({ currently_syncing: current }) => current)).size).toBeGreaterThan(3);
  });

  test('#S47 may be one that nobody knows, or reads', async () => {
    for (const current of ['emails', 'companies']) {
      const run = await sync(['tags'], { bookmarks: {}, currently_syncing: current });
      expect([run.exitCode, run.states.some((state) => state.currently_syncing === current)]).toEqual([0, false]);
    }
  });
});

test('#S48 what a tap of the Meltano SDK keeps while it runs is not kept', async () => {
  const bookmark = {
    replication_key: 'updated_at',
    replication_key_value: '2026-02-20T00:00:00Z',
    starting_replication_value: '2026-01-01T00:00:00Z',
    replication_key_signpost: '2026-03-01T00:00:00Z',
    progress_markers: { Note: 'Progress is not resumable', replication_key_value: '2026-03-01T00:00:00Z' },
  };
  const run = await sync(['contacts'], { bookmarks: { contacts: bookmark } });
  const all = first.rows('contacts').filter((row) => (row['updated_at'] as number) >= Date.UTC(2026, 1, 20) / 1000);
  expect(run.rows('contacts').length).toBe(all.length);
  expect(all.length).toBeGreaterThan(5);
  for (const state of run.states) expect(JSON.stringify(state)).not.toMatch(/progress_markers|starting|signpost/);
});

test('#S49 bookmarks in the far future bring no rows, and stay', async () => {
  const incremental = catalog.streams.filter(({ replication_key: cursor }) => cursor !== undefined);
  const bookmarks = incremental.map(({ stream, replication_key: cursor = '' }) => [stream, { [cursor]: FAR }]);
  const state = { bookmarks: Object.fromEntries(bookmarks) as JsonObject };
  const run = await sync(
    incremental.map(({ stream }) => stream),
    state,
  );
  expect([run.exitCode, run.records()]).toEqual([0, []]);
  for (const { stream, replication_key: cursor = '' } of incremental)
    expect([stream, run.lastState.bookmarks[stream]]).toEqual([
      stream,
      { [cursor]: FAR, replication_key: cursor, replication_key_value: FAR },
    ]);
});

test('the states of a read, one a line as they were printed or as a target passed them on, are one: the last', async () => {
  const lines = first.states.map((value) => JSON.stringify(value));
  const printed = first.lines.filter((line) => line.startsWith('{"type":"STATE"'));
  expect(lines.length).toBeGreaterThan(5);
  for (const text of [lines.join('\n'), `${printed.join('\n')}\n`]) {
    const run = await sync(['contacts', 'tickets'], new Verbatim(text));
    expect([run.exitCode, run.records()]).toEqual([0, []]);
  }
});

describe('a state of another kind is refused', () => {
  test.each<[string, unknown, RegExp]>([
    [
      'of the Airbyte protocol',
      [{ type: 'STREAM', stream: { stream_descriptor: { name: 'contacts' } } }],
      /source-intercom/,
    ],
    [
      'of the Airbyte protocol, as it was printed',
      new Verbatim('{"type":"STATE","state":{"type":"STREAM"}}\n{"type":"STATE","state":{"type":"STREAM"}}\n'),
      /source-intercom/,
    ],
    ['of old Airbyte', { contacts: { updated_at: 1_772_000_000 } }, /source-intercom/],
    ['that is a text', '"x"', /must be a JSON object/],
    ['with bookmarks in a list', { bookmarks: [{ contacts: 7 }] }, /"bookmarks" of the state must be an object/],
    ['that is not JSON', new Verbatim('{'), /state.*is not JSON/],
  ])('%s', async (_, state, reason) => {
    const run = await sync(['contacts'], state);
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.logs('CRITICAL').join()).toMatch(reason);
  });
});

test('a stream that is read whole for once keeps no older bookmark than it had', async () => {
  const whole = choose(entryOf(select(catalog, ['contacts']), 'contacts'), { 'replication-method': 'FULL_TABLE' });
  const state = { bookmarks: { contacts: { updated_at: simulator.now() - 700 } } };
  const run = await tap({ config, catalog: { streams: [whole] }, state }, { api });
  expect(run.rows('contacts').length).toBe(180);
  const next = await sync(['contacts'], run.lastState);
  expect(next.records()).toEqual([]);
});
