import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { Verbatim } from '../support/folder.ts';
import type { JsonObject } from '../support/run.ts';
import { startWorkspace } from '../support/workspace.ts';
import { discover, select, type SingerCatalog } from './support/catalogs.ts';
import { runTap, tap } from './support/tap.ts';

const TOKEN = 'dG9rOlNlY3JldC/with+odd=chars_7f3e9b';
/** Asks for more patience than the tap has: what would be tried again for half a minute fails at once. */
const AT_ONCE = { 'Retry-After': '700' };
const CONTACTS = 'POST /contacts/search';

let simulator: Simulator;
let config: JsonObject;
let api: string;
let catalog: SingerCatalog;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { contacts: 460 }, token: TOKEN });
  config = { access_token: simulator.token };
  api = simulator.url;
  catalog = select(await discover(config), ['contacts', 'tags', 'conversations']);
});

afterEach(() => {
  simulator.trouble.clear();
});

afterAll(async () => {
  await simulator.close();
});

describe('#S50 an invalid configuration', () => {
  test.each<[string, unknown, RegExp]>([
    ['without a token', {}, /CRITICAL .*access_token is missing/],
    ['with wrong values', { access_token: 'x', concurrency: 'many', start_date: 'soon' }, /start_date .*concurrency/],
    ['that is a list', [], /CRITICAL .*must be a JSON object/],
    ['that is not JSON', new Verbatim('access_token=x'), /CRITICAL .*configuration.* is not JSON/],
  ])('#S50 %s is named, and nothing is printed', async (_, wrong, reason) => {
    const run = await tap({ config: wrong, catalog }, { api });
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(reason);
  });

  test('#S50 that is missing is named, and nothing is printed', async () => {
    const [gone, none] = await Promise.all([runTap(['--config', '/nowhere/c.json']), runTap(['--discover'])]);
    expect([gone.exitCode, none.exitCode, gone.stdout + none.stdout]).toEqual([1, 1, '']);
    expect(gone.logs('CRITICAL').join()).toMatch(/\/nowhere\/c\.json does not exist/);
    expect(none.logs('CRITICAL').join()).toMatch(/--config FILE.*--config ENV/);
  });
});

describe('#S51 a stream that fails', () => {
  test('#S51 says why, saves what is out, and lets the others end', async () => {
    simulator.trouble.add({
      match: { route: CONTACTS, nth: 3, times: 1000 },
      effect: { kind: 'status', status: 503, headers: AT_ONCE },
    });
    const run = await tap({ config, catalog }, { api });
    const rows = run.rows('contacts');
    expect([run.exitCode, rows.length > 100, rows.length < 460]).toEqual([1, true, true]);
    expect(run.logs('ERROR').join()).toMatch(/contacts: .*503/);
    expect(run.logs('CRITICAL').join()).toMatch(/1 of 3 streams failed: contacts/);
    expect(run.rows('conversations').length).toBeGreaterThan(10);
    const { contacts, conversations } = run.lastState.bookmarks;
    expect([typeof contacts!['updated_at'], typeof conversations!['updated_at']]).toEqual(['number', 'number']);
    simulator.trouble.clear();
    const rest = await tap({ config, catalog, state: run.lastState }, { api });
    expect(rest.rows('contacts').length).toBeLessThan(460);
    expect(new Set([...rows, ...rest.rows('contacts')].map(({ id }) => id)).size).toBe(460);
  });

  test('#S51 for want of a permission names it', async () => {
    simulator.trouble.add({
      match: { route: CONTACTS },
      effect: { kind: 'status', status: 403, code: 'api_plan_restricted_scope', message: 'not yours' },
    });
    const run = await tap({ config, catalog }, { api });
    expect([run.exitCode, run.rows('contacts'), run.rows('tags').length > 3]).toEqual([1, [], true]);
    expect(run.logs('ERROR').join()).toMatch(/contacts: .*permission/);
  });

  test('#S51 for a bad token fails with all others, at once and once', async () => {
    const state = { bookmarks: { contacts: { updated_at: 7 } }, currently_syncing: 'contacts' };
    simulator.requests.length = 0;
    const run = await tap({ config: { access_token: 'wrong' }, catalog, state }, { api });
    expect([run.exitCode, run.messages]).toEqual([1, [{ type: 'STATE', value: state }]]);
    expect([run.logs('CRITICAL').length, run.logs('ERROR').length, simulator.requests.length]).toEqual([1, 0, 1]);
  });
});

test('#S52 what passes is waited for, and said', async () => {
  simulator.trouble.add({
    match: { route: CONTACTS, nth: 1 },
    effect: { kind: 'rateLimit', resetIn: null, retryAfter: 1 },
  });
  simulator.trouble.add({ match: { route: 'GET /tags', nth: 1 }, effect: { kind: 'status', status: 502 } });
  const run = await tap({ config, catalog }, { api });
  expect([run.exitCode, run.rows('contacts').length, run.rows('tags').length > 3]).toEqual([0, 460, true]);
  const said = run.stderr.split('\n').filter((line) => /^(INFO|WARNING) /.test(line));
  expect(said.join('\n')).toMatch(/rate limit/i);
  expect(said.join('\n')).toMatch(/502/);
});

describe('#S55 the token is not shown', () => {
  const said = [
    TOKEN,
    encodeURIComponent(TOKEN),
    Buffer.from(TOKEN).toString('base64'),
    Buffer.from(TOKEN).toString('hex'),
  ];

  test('#S55 when all is well, with all that can be said', async () => {
    const runs = await Promise.all([
      tap({ config, catalog }, { api, more: ['--debug'] }),
      tap({ config }, { api, more: ['--discover', '--debug'], prints: 'document' }),
      tap({ config }, { api, more: ['--test', '--debug'] }),
    ]);
    expect(runs[0].logs('DEBUG').length).toBeGreaterThan(5);
    for (const run of runs)
      expect([run.exitCode, said.filter((form) => run.stdout.includes(form) || run.stderr.includes(form))]).toEqual([
        0,
        [],
      ]);
  });

  test('#S55 when Intercom repeats it', async () => {
    const message = `You sent Bearer ${said.join(' and ')}`;
    simulator.trouble.add({ effect: { kind: 'status', status: 400, code: TOKEN, message, headers: AT_ONCE } });
    const runs = await Promise.all([
      tap({ config, catalog }, { api, more: ['--debug'] }),
      tap({ config }, { api, more: ['--test'] }),
      tap({}, { api, more: ['--config', 'ENV'], env: { TAP_INTERCOM_ACCESS_TOKEN: TOKEN } }),
    ]);
    for (const run of runs) {
      expect([run.exitCode, said.filter((form) => run.stdout.includes(form) || run.stderr.includes(form))]).toEqual([
        1,
        [],
      ]);
      expect(run.stderr).toMatch(/You sent/);
    }
  });
});
