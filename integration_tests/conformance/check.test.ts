import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { check, discover, read, wordsOf } from '../support/commands.ts';
import { runConnector } from '../support/connector.ts';
import { treeOf } from '../support/folder.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { always, serve } from '../support/scripted-server.ts';
import { startWorkspace } from '../support/workspace.ts';

let simulator: Simulator;
let config: JsonObject;
let api: string;

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

/** The one status that a check printed. */
function statusOf(run: Run): { readonly status: string; readonly message?: string } {
  expect(run.connectionStatuses.length).toBe(1);
  expect([run.exitCode, run.errors()]).toEqual([0, []]);
  return run.connectionStatuses[0]!;
}

test('#67 #72 a good configuration succeeds, with nothing but a status, in few calls', async () => {
  simulator.requests.length = 0;
  const run = await check(config, { api });
  expect(statusOf(run)).toEqual({ status: 'SUCCEEDED' });
  expect(run.counts).toEqual({ CONNECTION_STATUS: 1 });
  expect(simulator.requests.length).toBeGreaterThan(0);
  expect(simulator.requests.length).toBeLessThanOrEqual(20);
});

test('#68 #75 a refused token fails, says so, and that the region may be the reason', async () => {
  const { status, message } = statusOf(await check({ access_token: 'some-other-token' }, { api }));
  expect(status).toBe('FAILED');
  expect(message).toMatch(/401 unauthorized/);
  expect(message).toMatch(/access_token/);
  expect(message).toMatch(/region/);
});

test.each([
  [{}, /access_token/],
  [{ access_token: ['secret-list-item'] }, /access_token/],
  [{ access_token: 'secret-token', region: 'secret-region' }, /region/],
  [{ access_token: 'secret-token', start_date: 'secret-date' }, /start_date/],
  [{ access_token: 'secret-token', lookback_window: -7755 }, /lookback_window/],
])('#69 %j fails; the message names the option, not its value', async (wrong, name) => {
  const { status, message } = statusOf(await check(wrong, { api }));
  expect(status).toBe('FAILED');
  expect(message).toMatch(name);
  expect(message).not.toMatch(/secret-|7755/);
});

test('#70 unknown options, also with a leading underscore, are accepted', async () => {
  const run = await check({ ...config, _limit: 5, _page_size: 1, whatever: { nested: [1] } }, { api });
  expect(statusOf(run).status).toBe('SUCCEEDED');
});

test.each([
  ['a server that is down', always(503, '{}', { 'retry-after': '700' })],
  ['a web page instead of an answer', always(200, '<html></html>', { 'retry-after': '700' })],
  ['JSON that is cut off', always(200, '{"type": "adm', { 'retry-after': '700' })],
  ['JSON that is not an object', always(200, '[1]', { 'retry-after': '700' })],
])('#71 %s is one error, and no status', async (_what, answer) => {
  const server = await serve(answer);
  const run = await check(config, { api: server.url });
  await server.close();
  expect([run.exitCode, run.counts]).toEqual([1, { ERROR: 1 }]);
  expect(run.complaints[0]).toMatch(/^(transient|system)_error: Checking the access token: /);
});

describe('#26 under rate limiting', () => {
  test.each([
    ['Retry-After', { retryAfter: 600, resetIn: null }],
    ['X-RateLimit-Reset', { resetIn: 600 }],
  ])('#26 a check that would have to wait ten minutes by %s gives up at once', async (_header, limit) => {
    simulator.trouble.add({ effect: { kind: 'rateLimit', ...limit } });
    const run = await check(config, { api });
    expect([run.exitCode, run.counts['CONNECTION_STATUS'], run.counts['ERROR']]).toEqual([1, undefined, 1]);
    expect(run.complaints[0]).toMatch(/^transient_error: .*rate limit/);
    expect(run.milliseconds).toBeLessThan(10_000);
  });

  test('#26 one that has to wait a moment waits', async () => {
    simulator.trouble.add({ match: { times: 1 }, effect: { kind: 'rateLimit', resetIn: 1 } });
    const run = await check(config, { api });
    expect(statusOf(run).status).toBe('SUCCEEDED');
  });
});

describe('permissions', () => {
  test('#73 a token that may not read /me is not refused for it', async () => {
    simulator.trouble.withheldScopes.add('read_admins');
    const run = await check(config, { api });
    expect(statusOf(run).status).toBe('SUCCEEDED');
  });

  test('a token of which /me answers null is good, and reads', async () => {
    const nobody = await startWorkspace({ quirks: { nullMe: true } });
    const catalog = configure(['activity_logs'], 'full_refresh');
    const runs = [await check(config, { api: nobody.url }), await read({ config, catalog }, { api: nobody.url })];
    await nobody.close();
    expect(runs[0]?.connectionStatuses).toEqual([{ status: 'SUCCEEDED' }]);
    expect(runs[1]?.records('activity_logs')).toHaveLength([...nobody.world.activityLogs.all()].length);
  });

  test('#73 a permission that single streams lack is named, and no failure', async () => {
    simulator.trouble.withheldScopes.add('read_conversations');
    const { status, message } = statusOf(await check(config, { api }));
    expect(status).toBe('SUCCEEDED');
    expect(message).toMatch(/Read conversations/);
  });

  test('#73 so is one that a stream needs besides its own, or for some of its records', async () => {
    for (const scope of ['read_admins', 'read_tags']) simulator.trouble.withheldScopes.add(scope);
    const { message } = statusOf(await check(config, { api }));
    expect(message).toMatch(/"Read admins" the token cannot read: [^.]*\bactivity_logs\b/);
    expect(message).toMatch(/"Read tags" the token cannot read: tags\. [^.:]* fail: users_by_tag, contact_tags\./);
  });
});

describe('configurations of other connectors', () => {
  const OTHERS = [
    {
      name: 'Airbyte’s source-intercom',
      more: {
        start_date: '2020-01-01T00:00:00Z',
        lookback_window: 0,
        activity_logs_time_step: 30,
        client_id: 'id',
        client_secret: 'secret',
      },
    },
    {
      name: 'singer-io’s tap-intercom',
      more: { start_date: '2020-01-01T00:00:00Z', user_agent: 'me <me@example.com>', request_timeout: 300 },
    },
    {
      name: 'environment variables',
      more: {
        lookback_window: '0',
        concurrency: '5',
        tag_ids: '',
        usernames: '["a"]',
        start_date: '',
        request_timeout: '30',
      },
    },
  ];

  test.each(OTHERS)('#74 $name work unchanged', async ({ more }) => {
    const theirs = { ...config, ...more };
    const words = wordsOf('check', { config: theirs });
    const folder = words[2]!.replace(/\/[^/]*$/, '');
    const before = treeOf(folder);
    const runs = await Promise.all([
      runConnector(words, { api }),
      discover(theirs, { api }),
      read({ config: theirs, catalog: configure(['contacts'], 'full_refresh') }, { api }),
    ]);
    expect(statusOf(runs[0]).status).toBe('SUCCEEDED');
    expect(runs.map(({ exitCode, counts }) => [exitCode, counts['CONTROL']])).toEqual(runs.map(() => [0, undefined]));
    expect(runs[2].rows().length).toBe([...simulator.world.contacts.all()].length);
    expect(treeOf(folder)).toEqual(before);
  });
});

test('#75 the region is compared with the workspace’s; a token that works is not refused for it', async () => {
  const european = await startWorkspace({ region: 'EU' });
  const runs = await Promise.all([
    check({ ...config, region: 'us' }, { api: european.url }),
    check({ ...config, region: 'eu' }, { api: european.url }),
  ]);
  await european.close();
  const [wrong, right] = runs.map(statusOf);
  expect([wrong?.status, right]).toEqual(['SUCCEEDED', { status: 'SUCCEEDED' }]);
  expect(wrong?.message).toMatch(/"eu"/);
});

test('names that stand for nothing fail, and the nearest are listed', async () => {
  const [tag] = [...simulator.world.tags.all()];
  const name = tag!['name'] as string;
  const company = [...simulator.world.companies.all()].find(({ user_count: users }) => Number(users) > 0)![
    'name'
  ] as string;
  const { status, message } = statusOf(
    await check({ ...config, tag_ids: [`${name}x`], segment_ids: ['Nowhere'], company_ids: [`${company}x`] }, { api }),
  );
  expect(status).toBe('FAILED');
  expect(message).toContain(`tag_ids: there is no tag "${name}x" in this workspace. Did you mean "${name}"`);
  expect(message).toContain('segment_ids: there is no segment "Nowhere"');
  expect(message).toContain(
    `company_ids: there is no company "${company}x" in this workspace. Did you mean "${company}"`,
  );
});
