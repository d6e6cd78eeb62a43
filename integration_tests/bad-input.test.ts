import { chmodSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../simulator/index.ts';
import { configure } from './support/catalogs.ts';
import { check, discover, read, wordsOf } from './support/commands.ts';
import { runConnector } from './support/connector.ts';
import { temporaryFolder, Verbatim, writeInput } from './support/folder.ts';
import { batch, inPool } from './support/pool.ts';
import { faultsOfRead } from './support/read-rules.ts';
import type { JsonObject, Run } from './support/run.ts';
import { startWorkspace } from './support/workspace.ts';

let simulator: Simulator;
let config: JsonObject;
let api: string;
const catalog = configure(['contacts', 'conversations'], 'incremental');

beforeAll(async () => {
  simulator = await startWorkspace();
  config = { access_token: simulator.token };
  api = simulator.url;
});

afterEach(() => {
  simulator.trouble.clear();
});

afterAll(async () => {
  await simulator.close();
});

/** The one error of a run that did nothing else, without paths, which differ from run to run. */
function complaintOf(run: Run): string {
  expect([run.exitCode, run.counts]).toEqual([1, { ERROR: 1 }]);
  return run.complaints.join().replaceAll(/\/[^ ]*\/(?=[\w.]+)/g, '');
}

function messageOf(run: Run): string {
  expect([run.exitCode, run.errors(), run.connectionStatuses.map(({ status }) => status)]).toEqual([0, [], ['FAILED']]);
  return run.connectionStatuses[0]?.message ?? '';
}

describe('files', () => {
  const NOWHERE = [
    ['does not exist', '/nowhere/config.json'],
    ['is a folder', '/'],
  ] as const;

  test.each(NOWHERE)('a configuration that %s is named, with what to do', async (what, path) => {
    const runs = await inPool(['check', 'discover'], (command) => runConnector([command, '--config', path], { api }));
    for (const run of runs)
      expect(run.complaints).toEqual([`config_error: Reading the configuration: ${path} ${what}. Check the path.`]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
  });

  test('a configuration that is no JSON object is refused without being quoted', async () => {
    const texts = [
      new Verbatim('{"access_token": "tok-secret-1", '),
      new Verbatim("{'access_token': 'tok-secret-1'}"),
      new Verbatim(''),
      [{ access_token: 'tok-secret-1' }],
      null,
    ];
    const runs = await inPool(texts, (text) => read({ config: text, catalog }, { api }));
    const complaints = runs.map(complaintOf);
    expect(complaints).toMatchSnapshot();
    expect(complaints.join()).not.toContain('secret');
  });

  test('a configuration that is YAML is refused for what it is', async () => {
    const complaint = complaintOf(
      await read({ config: new Verbatim('access_token: tok-secret-1\n'), catalog }, { api }),
    );
    expect(complaint).toMatch(/^config_error: Reading the configuration: config\.json is not JSON/);
    expect(complaint).not.toMatch(/secret|ends too early/);
  });

  test('a configuration that begins with a byte order mark is read', async () => {
    const run = await check(new Verbatim(`\uFEFF${JSON.stringify(config)}`), { api });
    expect(run.connectionStatuses[0]?.status).toBe('SUCCEEDED');
  });

  test('a file that may not be read is named', async () => {
    const folder = temporaryFolder();
    const path = writeInput(folder, 'config.json', config);
    chmodSync(path, 0o000);
    const isRoot = process.getuid?.() === 0;
    const launcher = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all'] : [];
    const run = await runConnector(['discover', '--config', path], { api, launcher });
    expect(complaintOf(run)).toMatch(
      /^config_error: Reading the configuration: config\.json may not be read by this user/,
    );
  });
});

describe('options', () => {
  const WRONG: readonly JsonObject[] = [
    {},
    { access_token: '  ' },
    { access_token: { token: 'x' } },
    { region: 'US-EAST' },
    { start_date: 'yesterday' },
    { start_date: '2025-02-30' },
    { start_date: '2025-01-01 10:00' },
    { start_date: 1735689600 },
    { lookback_window: -1 },
    { lookback_window: 1.5 },
    { lookback_window: 'a week' },
    { event_type: 'contact' },
    { conversation_admin_type: 'some' },
    { conversation_admin_type: 'specific' },
    { conversation_status: 'done' },
    { order_by: 'id' },
    { skip_failed_conversations: 'maybe' },
    { company_ids: { id: 1 } },
    { tag_ids: [{ id: 1 }] },
    { expand: ['tags', 'no_such_column'] },
    { timestamps: 'iso' },
    { conversation_body_format: 'markdown' },
    { per_contact_scope: 'some' },
    { activity_logs_time_step: 0 },
    { activity_logs_time_step: 92 },
    { rate_limit_share: 101 },
    { concurrency: 0 },
    { request_timeout: 0.5 },
    { region: 'mars', timestamps: 'x', concurrency: 1000 },
  ];

  let refused: readonly Run[];

  beforeAll(async () => {
    refused = await inPool(WRONG, (wrong) => {
      const isWithoutToken = 'access_token' in wrong || Object.keys(wrong).length === 0;
      return check({ ...(isWithoutToken ? {} : config), ...wrong }, { api });
    });
  });

  test.each([...WRONG.entries()])('%i: %j is refused, by name and with what it may be', (index, wrong) => {
    const message = messageOf(refused[index]!);
    expect(message.replace(/((?:\w+, ){4})(?:\w+, )+\w+\./, '$1….')).toMatchSnapshot();
    for (const name of Object.keys(wrong)) expect(message).toContain(name);
  });

  test('discover and read refuse with the same words', async () => {
    const wrong = WRONG.at(-1)!;
    const runs = await Promise.all([
      discover({ ...config, ...wrong }, { api }),
      read({ config: { ...config, ...wrong }, catalog }, { api }),
    ]);
    for (const run of runs) expect(complaintOf(run)).toBe(`config_error: ${messageOf(refused.at(-1)!)}`);
  });

  test('what forms and environment variables make of options is accepted', async () => {
    const ways: readonly JsonObject[] = [
      { region: null, start_date: '', lookback_window: null, expand: null },
      { lookback_window: '2', concurrency: ' 5 ', skip_failed_conversations: 'TRUE', request_timeout: '60.5' },
      { tag_ids: '[]', usernames: 'a, b', lead_emails: '["x@example.com"]' },
      { start_date: '2025-01-01T10:00:00+02:00' },
      { start_date: '2025-01-01T10:00:00' },
      { start_date: '2025-01-01 10:00:00.000000' },
      { start_date: '2024-02-29' },
      { request_timeout: 0 },
      { request_timeout: '' },
    ];
    const runs = await inPool(ways, (more) => check({ ...config, ...more }, { api }));
    expect(runs.map(({ connectionStatuses }) => connectionStatuses)).toEqual(ways.map(() => [{ status: 'SUCCEEDED' }]));
  });

  test('a token that no header can hold is refused', async () => {
    for (const run of await inPool(['tok\nen', 'tok\u2603en'], (token) => check({ access_token: token }, { api })))
      expect(messageOf(run)).toMatch(/`access_token` holds a character that cannot be sent/);
  });

  test('an address that is not this machine or https is refused: the token would travel there', async () => {
    const addresses = ['http://intercom.example.com', 'ftp://127.0.0.1', 'nonsense', 'https://me:secret@127.0.0.1'];
    for (const run of await inPool(addresses, (address) => read({ config, catalog }, { api: address }))) {
      expect(complaintOf(run)).toMatch(/^config_error: .*SOURCE_INTERCOM_API_URL/);
      expect(complaintOf(run)).not.toContain('secret');
    }
  });
});

describe('catalogs and states', () => {
  const singer = {
    streams: [
      {
        tap_stream_id: 'contacts',
        stream: 'contacts',
        schema: {},
        metadata: [{ breadcrumb: [], metadata: { selected: true } }],
      },
    ],
  };

  test('a Singer catalog is refused with the name of the program that takes it', async () => {
    expect(complaintOf(await read({ config, catalog: singer }, { api }))).toMatch(
      /^config_error: .*Singer catalog.*tap-intercom/,
    );
  });

  test('the catalog that discover prints is refused with how it has to be changed', async () => {
    const offered = (await discover(config, { api })).catalogs[0]!;
    for (const each of [offered, { type: 'CATALOG', catalog: offered }])
      expect(complaintOf(await read({ config, catalog: each }, { api }))).toMatch(/^config_error: .*catalog/);
    expect(complaintOf(await read({ config, catalog: offered }, { api }))).toMatch(/"stream".*"sync_mode"/);
  });

  test('a catalog that is not one is refused', async () => {
    const wrong = [
      { streams: {} },
      { streams: ['contacts'] },
      { streams: [{ stream: {}, sync_mode: 'full_refresh' }] },
      { streams: [{ stream: { name: 'contacts' } }] },
      { streams: [{ stream: { name: 'contacts' }, sync_mode: 'sometimes' }] },
      { streams: [null] },
    ];
    const runs = await inPool(wrong, (each) => read({ config, catalog: each }, { api }));
    expect(runs.map(complaintOf)).toMatchSnapshot();
  });

  test('a Singer state is refused with the name of the program that takes it', async () => {
    const states = [
      { bookmarks: { contacts: { updated_at: '2025-01-01T00:00:00Z' } } },
      { type: 'STATE', value: { bookmarks: { contacts: {} } } },
    ];
    for (const run of await inPool(states, (state) => read({ config, catalog, state }, { api })))
      expect(complaintOf(run)).toMatch(/^config_error: .*Singer.*tap-intercom/);
  });

  test('a state that is not one is refused', async () => {
    const ofText = { stream_descriptor: { name: 'contacts' }, stream_state: '2026-01-01' };
    const states = [
      ...[7, 'text', [7], [null], { page: 7 }, { contacts: 7 }],
      ...[[{ type: 'STREAM', stream: { stream_state: {} } }], [{ type: 'STREAM', stream: ofText }]],
    ];
    for (const run of await inPool(states, (state) => read({ config, catalog, state }, { api })))
      expect(complaintOf(run)).toMatch(/^config_error: Reading the input: .*state/);
  });

  test('a stream that is configured twice is read once', async () => {
    const twice = { streams: [...catalog.streams, ...catalog.streams] };
    const run = await read({ config, catalog: twice }, { api });
    expect([run.exitCode, faultsOfRead(run, catalog)]).toEqual([0, []]);
    expect(run.rows('contacts').length).toBe(30);
  });
});

describe('tokens', () => {
  const CODES = [
    'unauthorized',
    'token_not_found',
    'token_revoked',
    'token_expired',
    'token_blocked',
    'missing_authorization',
  ];

  const runs = batch(CODES, (code) => {
    simulator.trouble.tokens.set(`token-${code}`, { refusedWith: code });
    const refused = { access_token: `token-${code}` };
    return Promise.all([check(refused, { api }), read({ config: refused, catalog }, { api })]);
  });

  test.each([...CODES.entries()])(
    '%i: a token refused with %s stops everything, and says what to do',
    async (index, code) => {
      const [checked, run] = await runs(index);
      expect(messageOf(checked)).toMatch(
        new RegExp(`^Checking the access token: Intercom answered 401 ${code}.*\`access_token\``),
      );
      expect(messageOf(checked).includes('region')).toBe(code === 'unauthorized');
      expect([run.exitCode, run.records()]).toEqual([1, []]);
      const anonymous = (text: string): string => text.replace(/\(request id [^)]*\)/, '');
      expect(run.complaints.map(anonymous)).toEqual([`config_error: ${anonymous(messageOf(checked))}`]);
    },
  );

  test('a token that is revoked in the middle stops everything, and saves what there is', async () => {
    simulator.trouble.add({
      match: { route: 'GET /conversations/{id}', nth: 5, times: 99 },
      effect: { kind: 'status', status: 401, code: 'token_revoked' },
    });
    const all = configure(['conversation_details', 'contacts', 'events'], 'incremental');
    const run = await read({ config, catalog: all }, { api });
    expect(run.exitCode).toBe(1);
    expect(all.streams.map(({ stream: { name } }) => run.statuses(name).at(-1))).toContain('INCOMPLETE');
    expect(new Set(run.errors().map(({ failure_type: kind }) => kind))).toEqual(new Set(['config_error']));
    expect(run.errors().at(-1)?.message).toMatch(/token_revoked.*access_token/);
  });

  test.each([
    ['401 token_unauthorized', 'read_events', 'events', /"Read events"/],
    ['401 token_unauthorized', 'read_conversations', 'conversation_parts', /"Read conversations"/],
  ])('a token without a permission (%s, %s) fails %s alone, and names it', async (answer, scope, failing, name) => {
    simulator.trouble.withheldScopes.add(scope);
    const all = configure([failing, 'contacts', 'users'], 'incremental');
    const run = await read({ config, catalog: all }, { api });
    expect([run.exitCode, faultsOfRead(run, all)]).toEqual([1, []]);
    expect([failing, 'contacts', 'users'].map((stream) => run.statuses(stream).at(-1))).toEqual([
      'INCOMPLETE',
      'COMPLETE',
      'COMPLETE',
    ]);
    expect(run.rows('contacts').length).toBe(30);
    const [own, summary] = run.errors();
    expect(own).toMatchObject({ failure_type: 'config_error', stream_descriptor: { name: failing } });
    expect(own?.message).toContain(answer);
    expect(own?.message).toMatch(name);
    expect(summary).toMatchObject({
      failure_type: 'config_error',
      message: expect.stringMatching(/^1 of 3 streams failed/),
    });
  });

  test('a scope that a newer endpoint names is passed on', async () => {
    const effect = {
      kind: 'status',
      status: 403,
      code: 'forbidden',
      message: 'You do not have the required scope (read_conversations) to access this resource',
    } as const;
    simulator.trouble.add({ match: { route: 'POST /conversations/search' }, effect });
    const run = await read({ config, catalog }, { api });
    expect(run.errors('conversations')[0]?.message).toMatch(
      /"Read conversations" \(scope read_conversations\).*Developer Hub/,
    );
  });
});

describe('products that the workspace does not have', () => {
  test.each([
    ['by plan', () => simulator.trouble.planRestricted.add('POST /conversations/search')],
    [
      'by plan, as older versions say it',
      () =>
        simulator.trouble.add({
          match: { route: 'POST /conversations/search' },
          effect: { kind: 'status', status: 402, code: 'api_plan_restricted' },
        }),
    ],
    [
      'by a 404 of the whole',
      () =>
        simulator.trouble.add({
          match: { route: 'POST /conversations/search' },
          effect: { kind: 'status', status: 404 },
        }),
    ],
  ])('%s mean zero rows, a warning and success', async (_how, restrict) => {
    restrict();
    const run = await read({ config, catalog }, { api });
    expect([run.exitCode, run.errors(), faultsOfRead(run, catalog)]).toEqual([0, [], []]);
    expect([run.rows('conversations'), run.statuses('conversations').at(-1)]).toEqual([[], 'COMPLETE']);
    expect(run.rows('contacts').length).toBe(30);
    expect(
      run.logs('WARN').filter((line) => line.startsWith('conversations: this workspace does not have it')),
    ).toHaveLength(1);
  });
});

test('streams that need a list and have none say which option to set, and succeed', async () => {
  const run = await read({ config, catalog: configure(['leads_by_id', 'users_by_username'], 'incremental') }, { api });
  expect([run.exitCode, run.records()]).toEqual([0, []]);
  expect(run.logs('WARN').join('\n')).toMatch(/lead_ids.*lead_emails|lead_emails.*lead_ids/);
  expect(run.logs('WARN').join('\n')).toMatch(/usernames/);
});

test('names that stand for nothing are left out and named, and if nothing is left the stream fails', async () => {
  const tag = [...simulator.world.tags.all()][0]!['name'];
  const words = (tag_ids: readonly unknown[]) =>
    wordsOf('read', {
      config: { ...config, tag_ids },
      catalog: configure(['users_by_tag', 'contacts'], 'incremental'),
    });
  const [some, none] = await Promise.all([
    runConnector(words([tag, 'Nowhere']), { api }),
    runConnector(words(['Nowhere']), { api }),
  ]);
  expect([some.exitCode, some.logs('WARN').filter((line) => line.includes('Nowhere')).length > 0]).toEqual([0, true]);
  expect([none.exitCode, none.statuses('users_by_tag').at(-1), none.statuses('contacts').at(-1)]).toEqual([
    1,
    'INCOMPLETE',
    'COMPLETE',
  ]);
  expect(none.complaints[0]).toMatch(/^config_error: tag_ids: there is no tag "Nowhere"/);
});
