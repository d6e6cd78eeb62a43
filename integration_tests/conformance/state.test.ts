import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { configure, keyOf, type ConfiguredCatalog } from '../support/catalogs.ts';
import { read } from '../support/commands.ts';
import { Verbatim } from '../support/folder.ts';
import { batch, inPool } from '../support/pool.ts';
import { cursorOf, faultsOfRead } from '../support/read-rules.ts';
import { nameOf, Run, type AirbyteStream, type JsonObject, type StreamStateMessage } from '../support/run.ts';
import { fullConfig, incrementalStreams, readAlone, requested, startWorkspace } from '../support/workspace.ts';

/** 2200-01-01. */
const FAR = 7_258_118_400;
/** More than a page of contacts, and several batches of conversations. */
const SIZES = { contacts: 180, conversations: 70 };

let simulator: Simulator;
let api: string;
let config: JsonObject;
let streams: readonly AirbyteStream[];
let catalog: ConfiguredCatalog;
let first: Run;
let second: Run;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: SIZES });
  api = simulator.url;
  config = fullConfig(simulator);
  streams = await incrementalStreams(config, api);
  catalog = configure(streams, 'incremental');
  first = await read({ config, catalog }, { api });
  second = await read({ config, catalog, state: first.lastStates() }, { api });
});

afterAll(async () => {
  await simulator.close();
});

/** Stream and key of each row. */
function keysOf(...runs: readonly Run[]): ReadonlySet<string> {
  return new Set(
    runs.flatMap((run) =>
      streams.flatMap((stream) => run.rows(stream.name).map((row) => `${stream.name} ${keyOf(row, stream)}`)),
    ),
  );
}

function rowsOf(run: Run): readonly string[] {
  return run
    .records()
    .map(({ stream, data }) => `${stream} ${JSON.stringify(data)}`)
    .sort();
}

function stateFor(name: string, state: unknown): JsonObject {
  return { type: 'STREAM', stream: { stream_descriptor: { name }, stream_state: state } };
}

/** What a run had printed when it had written so many states. */
function upTo(run: Run, states: number): Run {
  let seen = 0;
  const end = run.lines.findIndex((line) => line.startsWith('{"type":"STATE"') && ++seen === states);
  const stdout = run.lines
    .slice(0, end + 1)
    .map((line) => `${line}\n`)
    .join('');
  const { words, stderr, exitCode, signal, startedAt, endedAt } = run;
  return new Run({ words, stdout, stderr, exitCode, signal, startedAt, endedAt });
}

test('#109 #110 #111 #112 #113 #124 #125 every stream has states, which count its records and differ', () => {
  expect([first.exitCode, faultsOfRead(first, catalog), faultsOfRead(second, catalog)]).toEqual([0, [], []]);
  for (const { name } of streams) {
    const counts = first.states(name).map(({ sourceStats }) => sourceStats.recordCount);
    expect([name, counts.reduce((sum, count) => sum + count, 0)]).toEqual([name, first.rows(name).length]);
  }
  for (const line of first.lines.filter((each) => each.startsWith('{"type":"STATE"')))
    expect(line).toMatch(/"sourceStats":\{"recordCount":\d+\.\d\}/);
  const sizes = first.states().map(({ stream }) => JSON.stringify(stream.stream_state).length);
  expect(Math.max(...sizes)).toBeLessThan(16 * 1024);
});

test('#114 states come while a stream is read, not only at its end', async () => {
  const large = await startWorkspace({ sizes: { contacts: 3_000, conversations: 400, tickets: 0 } });
  const names = ['contacts', 'users', 'conversations', 'conversation_details', 'conversation_parts'];
  const run = await read(
    { config: { access_token: large.token }, catalog: configure(names, 'incremental') },
    { api: large.url },
  );
  await large.close();
  for (const name of names) {
    const most = Math.max(...run.states(name).map(({ sourceStats }) => sourceStats.recordCount));
    expect([name, most / run.rows(name).length < 0.45]).toEqual([name, true]);
  }
});

test('#115 a state means the same with keys in another order, nulls added, and written in another way', async () => {
  const odd = first.lastStates().map(
    ({
      stream: {
        stream_descriptor: { name },
        stream_state: state,
      },
    }) => ({
      destinationStats: null,
      global: null,
      data: null,
      stream: {
        stream_state: { ...Object.fromEntries(Object.entries(state).reverse()), nothing: null },
        stream_descriptor: { namespace: null, name },
      },
      type: 'STREAM',
    }),
  );
  const run = await read({ config, catalog, state: new Verbatim(JSON.stringify(odd.reverse(), null, 3)) }, { api });
  expect(rowsOf(run)).toEqual(rowsOf(second));
  expect(run.lastStates()).toEqual(second.lastStates());
});

test('#117 a second read of an unchanged workspace brings nothing again', () => {
  const repeated = streams.filter(({ name }) => second.rows(name).length > 0).map(({ name }) => name);
  expect(keysOf(first).size).toBeGreaterThan(500);
  expect(repeated).toEqual([]);
});

test('#118 from any state on, a read brings what had not been sent, and not everything', async () => {
  const total = first.states().length;
  const places = [...new Set([0, 0.25, 0.5, 0.75, 0.95].map((share) => Math.max(1, Math.ceil(share * total))))];
  expect(places.length).toBe(5);
  await inPool(places, async (place) => {
    const before = upTo(first, place);
    const rest = await readAlone({ config, catalog, state: before.lastStates() }, { sizes: SIZES });
    expect([...keysOf(before, rest)].sort()).toEqual([...keysOf(first)].sort());
    expect(rest.records().length).toBeLessThan(first.records().length);
  });
});

describe('#120 a state in the far future', () => {
  const FUTURES = [
    ['a number', FAR, FAR],
    ['a text of digits', String(FAR), FAR],
    ['a text in RFC 3339', '9999-12-31T23:59:59Z', 253_402_300_799],
  ] as const;

  const runs = batch(FUTURES, ([, cursor]) => {
    const state = streams.map(({ name, default_cursor_field: [field = ''] = [] }) =>
      stateFor(name, { [field]: cursor }),
    );
    return readAlone({ config, catalog, state }, { sizes: SIZES });
  });

  test.each([...FUTURES.entries()])('#120 (%i) %j brings no records, and stays', async (index, [, , least]) => {
    const run = await runs(index);
    expect([run.exitCode, run.records(), faultsOfRead(run, catalog)]).toEqual([0, [], []]);
    for (const each of run.lastStates()) expect([nameOf(each), cursorOf(each)]).toEqual([nameOf(each), least]);
    expect(run.lastStates().length).toBe(streams.length);
  });
});

describe('#121 a state that others wrote', () => {
  const AT = 1_765_000_000;

  const OTHERS: readonly (readonly [what: string, stream: string, state: (cursor: number) => JsonObject])[] = [
    ['with text', 'contacts', (cursor) => ({ updated_at: String(cursor) })],
    ['with a date', 'contacts', (cursor) => ({ updated_at: new Date(cursor * 1000).toISOString() })],
    ['with markers', 'contacts', (cursor) => ({ updated_at: cursor, __ab_full_refresh_sync_complete: true })],
    [
      'with slices',
      'conversations',
      (cursor) => ({ slices: [{ start: 0, end: cursor, most_recent_cursor_value: cursor }], state_type: 'date-range' }),
    ],
    [
      'of a child',
      'conversation_parts',
      (cursor) => ({ updated_at: String(cursor), parent_state: { conversations: { updated_at: String(cursor) } } }),
    ],
    [
      'with partitions',
      'conversation_parts',
      (cursor) => ({
        states: [{ partition: { id: '1' }, cursor: { updated_at: cursor } }],
        use_global_cursor: false,
        parent_state: { conversations: { updated_at: cursor } },
      }),
    ],
  ];
  const NAMES = [...new Set(OTHERS.map(([, name]) => name))];

  function readFrom(name: string, state: JsonObject): Promise<Run> {
    return read({ config, catalog: configure([name], 'incremental'), state: [stateFor(name, state)] }, { api });
  }

  const own = batch(NAMES, (name) => readFrom(name, { updated_at: AT }));
  const others = batch(OTHERS, ([, name, state]) => readFrom(name, state(AT)));

  test.each(OTHERS.map(([what, name], index) => [what, name, index] as const))(
    '#121 %s (%s) is understood',
    async (_what, name, index) => {
      const [ours, theirs] = await Promise.all([own(NAMES.indexOf(name)), others(index)]);
      expect([ours.exitCode, theirs.exitCode]).toEqual([0, 0]);
      expect(theirs.logs('WARN')).toEqual([]);
      expect(ours.records().length).toBeGreaterThan(5);
      expect(ours.records().length).toBeLessThan(first.rows(name).length);
      expect(rowsOf(theirs)).toEqual(rowsOf(ours));
    },
  );

  test('#121 without a cursor means from the beginning', async () => {
    const state = [stateFor('contacts', { __ab_no_cursor_state_message: true })];
    const run = await read({ config, catalog: configure(['contacts'], 'incremental'), state }, { api });
    expect(run.rows('contacts').length).toBe(first.rows('contacts').length);
  });

  test('#121 that is the old object for all streams is understood', async () => {
    const only = configure(['contacts', 'conversations'], 'incremental');
    const states = { contacts: { updated_at: AT }, conversations: { updated_at: String(AT) } };
    const ways = [
      [stateFor('contacts', states.contacts), stateFor('conversations', states.conversations)],
      states,
      { type: 'LEGACY', data: states },
      [
        {
          type: 'GLOBAL',
          global: {
            shared_state: null,
            stream_states: Object.entries(states).map(([name, state]) => ({
              stream_descriptor: { name },
              stream_state: state,
            })),
          },
        },
      ],
    ];
    const runs = await Promise.all(ways.map((state) => read({ config, catalog: only, state }, { api })));
    for (const run of runs) expect([run.exitCode, rowsOf(run)]).toEqual([0, rowsOf(runs[0]!)]);
    expect(runs[0]!.records().length).toBeLessThan(first.rows('contacts').length);
  });

  test('#121 that makes no sense is said to make none', async () => {
    const state = [stateFor('contacts', { page: 7 })];
    const run = await read({ config, catalog: configure(['contacts'], 'incremental'), state }, { api });
    expect(run.rows('contacts').length).toBe(first.rows('contacts').length);
    expect(run.logs('WARN').join()).toMatch(/contacts: its state is not understood/);
  });
});

test('#122 rows with one time are all read, across pages and from any state', async () => {
  const world = await startWorkspace({ sizes: { contacts: 460, conversations: 170, tickets: 0 } });
  const at = world.now() - 86_400 * 3;
  for (const { id } of [...world.world.contacts.all()]) world.world.contacts.update(id, { updated_at: at });
  for (const { id } of [...world.world.conversations.all()]) world.world.conversations.update(id, { updated_at: at });
  const input = {
    config: { access_token: world.token },
    catalog: configure(['contacts', 'conversations'], 'incremental'),
  };
  const run = await read(input, { api: world.url });
  expect([run.rows('contacts').length, run.rows('conversations').length]).toEqual([460, 170]);
  const rests = await Promise.all(
    run.states().map(async (_state, index) => {
      const before = upTo(run, index + 1);
      return [before, await read({ ...input, state: before.lastStates() }, { api: world.url })] as const;
    }),
  );
  await world.close();
  for (const [before, rest] of rests) expect(keysOf(before, rest).size).toBe(630);
});

test('#123 what changes during a read is not lost, even if search shows it late', async () => {
  const world = await startWorkspace({ sizes: { contacts: 320, conversations: 40 }, indexLag: 300 });
  const contacts = [...world.world.contacts.all()].map(({ id }) => id);
  const input = {
    config: { access_token: world.token },
    catalog: configure(['contacts', 'users', 'leads', 'conversations'], 'incremental'),
  };
  const changed = new Map<string, string>();
  void requested(world, ({ route }) => {
    if (route !== 'POST /contacts/search') return false;
    const id = contacts[changed.size * 31]!;
    world.advance(20);
    world.world.contacts.update(id, { name: `changed ${changed.size}` });
    changed.set(id, `changed ${changed.size}`);
    return false;
  });
  const during = await read(input, { api: world.url });
  world.onRequest = undefined;
  expect(changed.size).toBeGreaterThan(2);
  const destination = new Map(during.rows('contacts').map((row) => [row['id'], row['name']]));
  let state: readonly StreamStateMessage[] = during.lastStates();
  for (const pause of [60, 1_200]) {
    world.advance(pause);
    const later = await read({ ...input, state }, { api: world.url });
    for (const row of later.rows('contacts')) destination.set(row['id'], row['name']);
    state = later.lastStates();
  }
  await world.close();
  for (const [id, name] of changed) expect([id, destination.get(id)]).toEqual([id, name]);
});
