import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../simulator/index.ts';
import { discover, select, type SingerCatalog } from './singer/support/catalogs.ts';
import { tap } from './singer/support/tap.ts';
import { configure } from './support/catalogs.ts';
import { check, read } from './support/commands.ts';
import type { JsonObject } from './support/run.ts';
import { always, serve } from './support/scripted-server.ts';
import { startWorkspace } from './support/workspace.ts';

/** A moment before and after which there is something in every stream. */
const AT = Date.UTC(2026, 1, 27, 12) / 1000;
const TEXT = new Date(AT * 1000).toISOString();

/** The streams that Airbyte's connector, and singer-io's, read incrementally. */
const AIRBYTE = [
  ...['activity_logs', 'companies', 'company_segments', 'contacts', 'conversation_parts', 'conversations'],
  ...['segments', 'tickets'],
];
const SINGER = ['companies', 'company_segments', 'contacts', 'conversation_parts', 'conversations', 'segments'];

const AIRBYTE_CONFIG = {
  start_date: '2020-01-01T00:00:00Z',
  lookback_window: 0,
  activity_logs_time_step: 30,
  client_id: 'an id',
  client_secret: 'a secret',
};
const SINGER_CONFIG = {
  start_date: '2020-01-01T00:00:00Z',
  user_agent: 'tap-intercom <me@example.com>',
  request_timeout: '300',
};

let simulator: Simulator;
let api: string;
let token: JsonObject;
let catalog: SingerCatalog;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { conversations: 30, activityLogs: 40, tickets: 12, companies: 40 } });
  api = simulator.url;
  token = { access_token: simulator.token };
  catalog = await discover(token);
});

afterAll(async () => {
  await simulator.close();
});

/** Stream and key of each row that a read brings. */
type Rows = readonly string[];

function keyOf(stream: string, row: JsonObject): string {
  return [stream, row['company_id'], row['id']].join(' ');
}

async function airbyteRows(names: readonly string[], state: unknown, config: object = AIRBYTE_CONFIG): Promise<Rows> {
  const input = { config: { ...token, ...config }, catalog: configure(names, 'incremental'), state };
  const run = await read(input, { api });
  expect([run.exitCode, run.logs('WARN'), run.errors()]).toEqual([0, [], []]);
  return run
    .records()
    .map(({ stream, data }) => keyOf(stream, data))
    .sort();
}

async function singerRows(names: readonly string[], state: unknown, config: object = SINGER_CONFIG): Promise<Rows> {
  const run = await tap({ config: { ...token, ...config }, catalog: select(catalog, names), state }, { api });
  expect([run.exitCode, run.logs('WARNING')]).toEqual([0, []]);
  return run
    .records()
    .map(({ stream, record }) => keyOf(stream, record))
    .sort();
}

/** What each of the streams has from the moment on, and what it has at all. */
function expectSome(rows: Rows, all: Rows, names: readonly string[]): void {
  for (const name of names) {
    const some = rows.filter((row) => row.startsWith(`${name} `)).length;
    const whole = all.filter((row) => row.startsWith(`${name} `)).length;
    expect([name, some > 0, some < whole]).toEqual([name, true, true]);
  }
}

function perStream(states: Readonly<Record<string, JsonObject>>): readonly object[] {
  return Object.entries(states).map(([name, state]) => ({
    type: 'STREAM',
    stream: { stream_descriptor: { name }, stream_state: state },
  }));
}

function each<T>(names: readonly string[], value: (name: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

describe('the state of Airbyte’s source-intercom', () => {
  const parentOf: Readonly<Record<string, string>> = {
    conversation_parts: 'conversations',
    company_segments: 'companies',
  };
  const cursorOf = (name: string): string => (name === 'activity_logs' ? 'created_at' : 'updated_at');

  /** As the releases of these years have written them. */
  const plain = (name: string, at: unknown = AT): JsonObject => ({ [cursorOf(name)]: at });
  const nested = (name: string): JsonObject => {
    const parent = parentOf[name];
    if (parent === undefined) return plain(name);
    return { ...plain(name), prior_state: plain(name), [parent]: { ...plain(parent), prior_state: plain(parent) } };
  };
  const withParent = (name: string): JsonObject => {
    const parent = parentOf[name];
    if (parent === undefined) return plain(name, String(AT));
    return {
      use_global_cursor: true,
      lookback_window: 1,
      state: plain(name, String(AT)),
      parent_state: { [parent]: plain(parent, String(AT)) },
      states: [],
    };
  };
  const sliced = (name: string): JsonObject => {
    const value = String(AT);
    const slices = [{ start: '1577836800', end: value, most_recent_cursor_value: value }];
    return parentOf[name] === undefined ? { slices, state_type: 'date-range' } : withParent(name);
  };

  test('reads on where it ended, in every form that it has had', async () => {
    const own = await airbyteRows(
      AIRBYTE,
      perStream(each(AIRBYTE, (name) => (name === 'company_segments' ? { company_updated_at: AT } : plain(name)))),
    );
    expectSome(own, await airbyteRows(AIRBYTE, []), AIRBYTE);
    const ways: Readonly<Record<string, unknown>> = {
      numbers: perStream(each(AIRBYTE, (name) => plain(name))),
      texts: perStream(each(AIRBYTE, (name) => plain(name, String(AT)))),
      dates: perStream(each(AIRBYTE, (name) => plain(name, TEXT))),
      'parents inside': perStream(each(AIRBYTE, nested)),
      'parents beside': perStream(each(AIRBYTE, withParent)),
      slices: perStream(each(AIRBYTE, sliced)),
      'one object': each(AIRBYTE, nested),
      'one object, wrapped': [{ type: 'LEGACY', data: each(AIRBYTE, nested) }],
    };
    for (const [way, state] of Object.entries(ways))
      expect([way, await airbyteRows(AIRBYTE, state)]).toEqual([way, own]);
  });

  test('is kept by a read that has nothing new, and not set back', async () => {
    const config = { ...token, ...AIRBYTE_CONFIG };
    const only = configure(AIRBYTE, 'incremental');
    const now = simulator.now() + 60;
    const state = perStream(each(AIRBYTE, (name) => plain(name, String(now))));
    const run = await read({ config, catalog: only, state }, { api });
    expect([run.exitCode, run.records()]).toEqual([0, []]);
    const cursors = run.lastStates().map(({ stream }) => Object.values(stream.stream_state));
    expect(cursors).toEqual(AIRBYTE.map(() => [now]));
  });
});

describe('the state of singer-io’s tap-intercom', () => {
  const bookmarks = (bookmark: (name: string) => unknown): JsonObject => ({ bookmarks: each(SINGER, bookmark) });

  test('reads on where it ended, in every form that it has had, and in those of the Meltano SDK', async () => {
    const own = await singerRows(
      SINGER,
      bookmarks((name) => ({ [name === 'company_segments' ? 'company_updated_at' : 'updated_at']: AT })),
    );
    expectSome(own, await singerRows(SINGER, {}), SINGER);
    const microseconds = TEXT.replace('.000Z', '.000000Z');
    const ways: Readonly<Record<string, unknown>> = {
      'version 1: texts': bookmarks(() => microseconds),
      'version 1, without fractions': { ...bookmarks(() => TEXT.replace('.000', '')), currently_syncing: null },
      'version 2: objects': bookmarks(() => ({ updated_at: microseconds })),
      'with an offset': bookmarks(() => ({
        updated_at: new Date((AT - 25_200) * 1000).toISOString().replace('.000Z', '-07:00'),
      })),
      'broken off': {
        ...bookmarks((name) =>
          name === 'conversations'
            ? { updated_at: microseconds, last_processed: '77', last_sync_started_at: '2026-03-01T00:00:00.000000Z' }
            : { updated_at: microseconds },
        ),
        currently_syncing: 'conversations',
      },
      'of the SDK': bookmarks(() => ({ replication_key: 'updated_at', replication_key_value: TEXT })),
      'of the SDK, broken off': bookmarks(() => ({
        replication_key: 'updated_at',
        replication_key_value: TEXT,
        replication_key_signpost: '2026-03-01T00:00:00Z',
        starting_replication_value: TEXT,
        progress_markers: { replication_key: 'updated_at', replication_key_value: '2026-03-01T00:00:00Z' },
      })),
      'of the SDK, by parent': bookmarks(() => ({
        partitions: [
          { context: { id: '2' }, replication_key: 'updated_at', replication_key_value: '2026-03-01T00:00:00Z' },
          { context: { id: '1' }, replication_key: 'updated_at', replication_key_value: TEXT },
        ],
      })),
      'a whole message': { type: 'STATE', value: bookmarks(() => ({ updated_at: microseconds })) },
    };
    for (const [way, state] of Object.entries(ways)) expect([way, await singerRows(SINGER, state)]).toEqual([way, own]);
  });

  test('of users and leads, which it had in version 1, is that of ours', async () => {
    const names = ['users', 'leads'];
    const ours = await singerRows(names, { bookmarks: each(names, () => ({ updated_at: AT })) });
    expectSome(ours, await singerRows(names, {}), names);
    expect(await singerRows(names, { bookmarks: each(names, () => TEXT) })).toEqual(ours);
  });

  test('comes out in our form, with what is not read as it was', async () => {
    const state = {
      bookmarks: { contacts: TEXT, conversations: TEXT, admin_list: { page: 1 } },
      currently_syncing: 'tags',
    };
    const run = await tap({ config: token, catalog: select(catalog, ['contacts']), state }, { api });
    const { contacts, ...others } = run.lastState.bookmarks;
    expect(others).toEqual({ conversations: TEXT, admin_list: { page: 1 } });
    expect(contacts).toMatchObject({ replication_key: 'updated_at', replication_key_value: contacts!['updated_at'] });
    expect(contacts!['updated_at']).toBeGreaterThan(AT);
    expect(run.lastState).not.toHaveProperty('currently_syncing');
  });
});

test('either program reads on from either state', async () => {
  const program = (name: string): readonly string[] => [
    process.execPath,
    fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url)),
  ];
  const airbyte = {
    config: { ...token, ...AIRBYTE_CONFIG },
    catalog: configure(['contacts', 'conversation_parts'], 'incremental'),
    state: perStream({ contacts: { updated_at: TEXT }, conversation_parts: { updated_at: String(AT) } }),
  };
  const singer = {
    config: { ...token, ...SINGER_CONFIG },
    catalog: select(catalog, ['contacts', 'conversation_parts']),
    state: { bookmarks: { contacts: TEXT, conversation_parts: { updated_at: TEXT } } },
  };
  const read_ = await Promise.all(['source', 'tap'].map((name) => read(airbyte, { api, executable: program(name) })));
  const synced = await Promise.all(['source', 'tap'].map((name) => tap(singer, { api, executable: program(name) })));
  const rows = [...read_.map((run) => run.records()), ...synced.map((run) => run.records())].map((records) =>
    records.map((each) => keyOf(each.stream, 'data' in each ? each.data : each.record)).sort(),
  );
  expect(rows[0]!.length).toBeGreaterThan(5);
  for (const each of rows) expect(each).toEqual(rows[0]);
});

describe('configurations of other connectors', () => {
  const NAMES = ['contacts', 'tags'];

  test.each([
    ['Airbyte’s source-intercom', AIRBYTE_CONFIG],
    ['singer-io’s tap-intercom', SINGER_CONFIG],
    [
      'singer-io’s tap-intercom, with nothing but the least',
      { start_date: '2020-01-01T00:00:00Z', request_timeout: 0 },
    ],
  ])('%s work in either dialect', async (_, config) => {
    const [plain, airbyte, singer, checked] = await Promise.all([
      airbyteRows(NAMES, [], {}),
      airbyteRows(NAMES, [], config),
      singerRows(NAMES, {}, config),
      check({ ...token, ...config }, { api }),
    ]);
    expect(airbyte).toEqual(plain);
    expect(singer.length).toBe(plain.length);
    expect(plain.length).toBeGreaterThan(30);
    expect(checked.connectionStatuses.map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  test.each(['2026-02-27T12:00:00', '2026-02-27 12:00:00', '2026-02-27T12:00:00.000000', '2026-02-27T14:00:00+02:00'])(
    'with a start_date of %s mean noon in UTC, wherever the machine is',
    async (start_date) => {
      const input = { config: { ...token, start_date }, catalog: configure(['contacts'], 'full_refresh') };
      const run = await read(input, { api, env: { TZ: 'Asia/Tokyo' } });
      const due = [...simulator.world.contacts.all()].filter(({ updated_at: updated }) => updated >= AT);
      expect([run.exitCode, run.rows('contacts').length]).toEqual([0, due.length]);
      expect(due.length).toBeGreaterThan(0);
    },
  );

  test('have a say in who Intercom is told that we are', async () => {
    const agents: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      agents.push(request.headers['user-agent']);
      always(401, '{"errors":[{"code":"unauthorized"}]}')(request, response);
    });
    const run = await tap({ config: { ...token, ...SINGER_CONFIG } }, { api: server.url, more: ['--test'] });
    await server.close();
    expect([run.exitCode, agents]).toEqual([1, [SINGER_CONFIG.user_agent]]);
  });
});
