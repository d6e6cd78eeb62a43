import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { omit } from '../../src/core/json.ts';
import { temporaryFolder, writeInput } from '../support/folder.ts';
import type { JsonObject } from '../support/run.ts';
import { startWorkspace } from '../support/workspace.ts';
import { discover, select, type SingerCatalog } from './support/catalogs.ts';
import type { TapRun } from './support/run.ts';
import { runTap, tap, wordsOf } from './support/tap.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
const { connectionSpecification: specification } = JSON.parse(
  readFileSync(new URL('../../spec.json', import.meta.url), 'utf8'),
) as { readonly connectionSpecification: JsonObject & { readonly properties: Record<string, JsonObject> } };

/** One of every kind that an option may have. */
const SETTINGS = {
  start_date: '2026-01-20',
  lookback_window: 0,
  usernames: ['a', 'b'],
  skip_failed_conversations: true,
  expand: ['location'],
  timestamps: 'rfc3339',
  concurrency: 5,
  request_timeout: 30,
};

let simulator: Simulator;
let config: JsonObject;
let api: string;
let catalog: SingerCatalog;
/** A read with the settings as they should be. */
let proper: TapRun;

beforeAll(async () => {
  simulator = await startWorkspace();
  config = { access_token: simulator.token };
  api = simulator.url;
  catalog = select(await discover({ ...config, ...SETTINGS }), ['contacts', 'users_by_username', 'conversations']);
  proper = await tap({ config: { ...config, ...SETTINGS }, catalog }, { api });
});

afterAll(async () => {
  await simulator.close();
});

function rowsOf(run: TapRun): readonly string[] {
  return run
    .records()
    .map(({ stream, record }) => `${stream} ${JSON.stringify(record)}`)
    .sort();
}

function expectProper(run: TapRun): void {
  expect([run.exitCode, run.logs('CRITICAL')]).toEqual([0, []]);
  expect(run.schemas).toEqual(proper.schemas);
  expect(rowsOf(run)).toEqual(rowsOf(proper));
}

describe('#S56 settings as Meltano makes them', () => {
  test('are told apart by what they bring', async () => {
    expect(new Set(proper.records().map(({ stream }) => stream)).size).toBe(3);
    const plain = await tap({ config, catalog: select(await discover(config), ['contacts']) }, { api });
    expect(plain.rows('contacts').length).toBeGreaterThan(proper.rows('contacts').length);
  });

  test.each<[string, JsonObject]>([
    [
      'as text, with lists as JSON',
      {
        lookback_window: '0',
        usernames: '["a", "b"]',
        skip_failed_conversations: 'True',
        expand: '["location"]',
        concurrency: '5',
        request_timeout: '30.0',
      },
    ],
    [
      'as text, with lists between commas',
      { usernames: 'a, b', expand: 'location', skip_failed_conversations: 'true' },
    ],
    ['without those that are not set', { region: null, tag_ids: null, conversation_status: '', user_ids: [] }],
    [
      'with others that nest, or that nobody knows',
      { '_select.filter': ['a'], batch_config: { encoding: { format: 'jsonl' } }, flattening_enabled: 'false' },
    ],
  ])('#S56 %s', async (_, change) => {
    expectProper(await tap({ config: { ...config, ...SETTINGS, ...change }, catalog }, { api }));
  });
});

describe('#S56 --config ENV', () => {
  const more = ['--config', 'ENV'];
  const variables = (settings: JsonObject): Record<string, string> =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        `TAP_INTERCOM_${name.toUpperCase()}`,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );

  test('#S56 takes the settings from the environment, and those alone', async () => {
    const env = { ...variables({ ...config, ...SETTINGS }), TAP_INTERCOM_UNKNOWN: 'x', SOURCE_INTERCOM_REGION: 'moon' };
    expectProper(await tap({ catalog }, { api, more, env }));
  });

  test('#S56 and from .env, which the environment goes before', async () => {
    const cwd = temporaryFolder();
    const settings = { ...variables({ ...config, ...SETTINGS }), TAP_INTERCOM_START_DATE: '2100-01-01' };
    const lines = Object.entries(settings).map(([name, value]) => `export ${name}='${value}' # a setting\n`);
    writeFileSync(join(cwd, '.env'), lines.join(''));
    const env = { TAP_INTERCOM_START_DATE: SETTINGS.start_date };
    expectProper(await tap({ catalog }, { api, more, env, cwd }));
  });

  test('#S56 says which setting is missing or wrong', async () => {
    const [missing, wrong] = await Promise.all([
      tap({ catalog }, { api, more }),
      tap({ catalog }, { api, more, env: variables({ ...config, region: 'moon' }) }),
    ]);
    expect([missing.exitCode, wrong.exitCode, missing.stdout + wrong.stdout]).toEqual([1, 1, '']);
    expect(missing.logs('CRITICAL').join()).toMatch(/access_token is missing/);
    expect(wrong.logs('CRITICAL').join()).toMatch(/region must be one of/);
  });
});

describe('#S57 words about the program', () => {
  test('#S57 --version names it and its version', async () => {
    const run = await runTap(['--version'], { prints: 'text' });
    expect([run.exitCode, run.stdout, run.stderr]).toEqual([0, `tap-intercom ${version}\n`, '']);
  });

  test.each([[['--help']], [['--discover', '--help']]])('#S57 %j lists every option', async (words) => {
    const run = await runTap(words, { prints: 'text' });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    const options = [...run.stdout.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
    const expected = ['about', 'catalog', 'config', 'debug', 'discover', 'format', 'help', 'properties', 'state'];
    expect(options.sort()).toEqual([...expected, 'test', 'version']);
  });
});

test.each([[['--help']], [['--version']], [['--about']], [['--nonsense']]])(
  '%j ends without a word when nobody reads it',
  async (words) => {
    const leave = (stdout: Readable): Promise<string> => {
      stdout.destroy();
      return Promise.resolve('');
    };
    const run = await runTap(words, { prints: 'text', reader: leave });
    const isUsage = words.includes('--nonsense');
    expect([run.exitCode, run.signal]).toEqual([isUsage ? 2 : 1, null]);
    expect(run.stderr.startsWith(isUsage ? 'Unknown argument' : '')).toBe(true);
    expect(run.stderr).not.toMatch(/EPIPE| at /);
  },
);

describe('#S58 --about', () => {
  test.each([
    [['--about', '--format=json']],
    [['--about', '--format', 'json']],
    [['--format', 'text', '--format', 'json', '--about', '--config', '/nowhere/config.json']],
  ])('#S58 %j gives the settings as the specification has them', async (words) => {
    const run = await runTap(words, { prints: 'text' });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    const { settings, ...facts } = JSON.parse(run.stdout) as { readonly settings: typeof specification };
    expect(facts).toEqual({
      name: 'tap-intercom',
      description: expect.stringMatching(/Intercom/) as unknown,
      version,
      sdk_version: null,
      supported_python_versions: [],
      capabilities: ['catalog', 'discover', 'state', 'about'],
    });
    const secrets = ['access_token', 'client_id', 'client_secret'];
    const expected = Object.entries(specification.properties).map(([name, option]) => [
      name,
      secrets.includes(name) ? { ...option, secret: true, writeOnly: true } : option,
    ]);
    expect(settings.properties).toEqual(Object.fromEntries(expected));
    expect(omit(settings, 'properties')).toEqual(omit(specification, 'properties'));
  });

  test.each([[['--about']], [['--about', '--format=markdown']]])('#S58 %j is for people', async (words) => {
    const run = await runTap(words, { prints: 'text' });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(`# tap-intercom ${version}`);
    for (const name of Object.keys(specification.properties)) expect(run.stdout).toMatch(`- \`${name}\` (`);
  });
});

describe('#S59 --config given several times', () => {
  test('#S59 is merged, and the later wins', async () => {
    const [, second = ''] = wordsOf({ config: SETTINGS });
    const first = { ...config, region: 'au', start_date: '2100-01-01', timestamps: 'unix' };
    expectProper(await tap({ config: first, catalog }, { api, more: ['--config', second] }));
    const turned = await tap({ config: SETTINGS, catalog }, { api, more: wordsOf({ config: first }) });
    expect([turned.exitCode, turned.records()]).toEqual([0, []]);
  });

  test('#S59 also with the environment among them', async () => {
    const env = { TAP_INTERCOM_ACCESS_TOKEN: simulator.token, TAP_INTERCOM_START_DATE: '2100-01-01' };
    const before = [`--config=ENV`, ...wordsOf({ config: SETTINGS, catalog })];
    expectProper(await runTap(before, { api, env }));
  });

  test('#S59 hides the token of each', async () => {
    const words = [...wordsOf({ config: { access_token: 'first-secret' } }), ...wordsOf({ config, catalog })];
    simulator.trouble.add({
      match: { route: 'GET /me' },
      effect: { kind: 'status', status: 400, code: 'odd', message: `first-secret, ${simulator.token}` },
    });
    const run = await runTap([...words, '--debug'], { api });
    simulator.trouble.clear();
    expect(run.stderr).toMatch(/odd/);
    expect(run.stderr).not.toMatch(new RegExp(`first-secret|${simulator.token}`));
  });
});

describe('#S60 a command line that makes no sense', () => {
  test.each<[readonly string[], RegExp]>([
    [['--catalogue', 'c.json'], /Unknown argument: catalogue\. Did you mean --catalog\?/],
    [['-x'], /Unknown argument: x/],
    [['sync'], /Unknown argument: sync/],
    [['--about', '--format', 'yaml'], /"yaml", Choices: "text", "json", "markdown"/],
    [['--test=some'], /"some", Choices: "all", "schema"/],
    [['--catalog'], /Not enough arguments following: catalog/],
    [['--catalog', 'a', '--properties', 'b'], /mutually exclusive/],
  ])('#S60 %j: exit code 2, and why', async (more, reason) => {
    const run = await tap({ config }, { api, more, prints: 'text' });
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(reason);
    expect(run.stderr).toMatch(/tap-intercom --config FILE/);
  });

  test('#S60 nothing at all is such a line, too', async () => {
    const run = await runTap([], { prints: 'text' });
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(/--config/);
  });
});

describe('the command line', () => {
  test('has short forms, and takes the last of what it takes once', async () => {
    const folder = temporaryFolder();
    const file = (name: string, value: unknown): string => writeInput(folder, name, value);
    const words = ['-s', '/nowhere', '-s', file('s.json', {}), '-p', '/nowhere', '-p', file('p.json', catalog)];
    expectProper(await runTap(['-c', file('c.json', { ...config, ...SETTINGS }), ...words], { api }));
    const found = await runTap(['-dc', file('d.json', { ...config, ...SETTINGS })], { api, prints: 'document' });
    expect((JSON.parse(found.stdout) as SingerCatalog).streams.length).toBe(catalog.streams.length);
  });

  test.each([['--test'], ['--test=all']])('%s finds out whether a configuration works', async (word) => {
    const [good, bad] = await Promise.all([
      tap({ config }, { api, more: [word] }),
      tap({ config: { access_token: 'wrong' } }, { api, more: [word] }),
    ]);
    expect([good.exitCode, good.stdout, bad.exitCode, bad.stdout]).toEqual([0, '', 1, '']);
    expect(good.logs('INFO').join()).toMatch(/works/);
    expect(bad.logs('CRITICAL').join()).toMatch(/access token/i);
  });

  test('--test=schema prints the schemas that a read would', async () => {
    const run = await tap({ config: { ...config, ...SETTINGS } }, { api, more: ['--test=schema'], cut: true });
    expect([run.exitCode, run.messages.length, run.schemas.length]).toEqual([
      0,
      catalog.streams.length,
      catalog.streams.length,
    ]);
    for (const { stream } of proper.schemas) expect(run.schema(stream)).toEqual(proper.schema(stream));
  });
});
