import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { cronJob } from '../docs/cron-job.ts';
import { selecting } from '../singer/support/catalogs.ts';
import { configure } from '../support/catalogs.ts';
import { faultsOfRead } from '../support/read-rules.ts';
import type { Run } from '../support/run.ts';
import { dataFolder, inside, run, runTap, saw } from './container.ts';

const STREAMS = ['contacts', 'conversations', 'conversation_parts', 'tickets', 'companies'];
const catalog = configure(STREAMS, 'incremental');
const CONFIG = ['--config', '/data/config.json'];
const READ = ['read', ...CONFIG, '--catalog', '/data/catalog.json'];
const LOCKED = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

let simulator: Simulator;
let data: string;
let whole: readonly string[];

beforeAll(async () => {
  simulator = await startSimulator({ sizes: { contacts: 400, conversations: 120 } });
  data = dataFolder({
    'config.json': { access_token: simulator.token },
    'catalog.json': catalog,
    'tap-catalog.json': selecting(STREAMS),
  });
  whole = keysOf(await run(READ, { api: simulator.url, data }));
});

afterAll(() => simulator.close());

describe.each<[name: string, flags: readonly string[]]>([
  ['locked up: a root file system that is read-only, no capabilities, no new privileges', LOCKED],
  ['as a user that the image does not know', ['--user', '12345']],
  ['as a user that it does not know, in a group of root, locked up', ['--user', '12345:0', ...LOCKED]],
  ['as root', ['--user', '0']],
])('#145 %s', (_, flags) => {
  test('spec, check and discover answer', async () => {
    const container = { api: simulator.url, data, flags };
    const [specified, checked, discovered] = await Promise.all([
      run(['spec'], container),
      run(['check', ...CONFIG], container),
      run(['discover', ...CONFIG], container),
    ]);
    expect(specified.specs.length).toBe(1);
    expect(checked.connectionStatuses.map(({ status }) => status)).toEqual(['SUCCEEDED']);
    expect(discovered.catalogs.flatMap(({ streams }) => streams).length).toBeGreaterThan(50);
  });

  test('read brings everything', async () => {
    const result = await run(READ, { api: simulator.url, data, flags });
    expect([result.exitCode, faultsOfRead(result, catalog)]).toEqual([0, []]);
    expect(keysOf(result)).toEqual(whole);
    saw(`${result.records().length} records, ${result.milliseconds} ms`);
  });

  test('the tap brings everything', async () => {
    const words = [...CONFIG, '--catalog', '/data/tap-catalog.json'];
    const result = await runTap(words, { api: simulator.url, data, flags, entrypoint: 'tap-intercom' });
    const rows = result.records().map(({ stream, record }) => `${stream} ${String(record['id'])}`);
    expect([result.exitCode, rows.sort()]).toEqual([0, whole]);
    saw(`${result.records().length} records, ${result.milliseconds} ms`);
  });
});

test('as Kubernetes launches it: a shell evaluates AIRBYTE_ENTRYPOINT, in a working directory of its own', async () => {
  const script = `eval "$AIRBYTE_ENTRYPOINT ${READ.join(' ')}" > /out/stdout 2> /out/stderr & wait $!; echo $? > /out/code`;
  const out = dataFolder({});
  const flags = [
    '--user',
    '1000:1000',
    ...LOCKED,
    '--volume',
    `${out}:/out`,
    '--workdir',
    '/source',
    '--tmpfs',
    '/source',
  ];
  const launched = await run(['-c', script], { api: simulator.url, data, flags, entrypoint: 'sh', text: true });
  const text = (name: string): string => readFileSync(join(out, name), 'utf8');
  expect([launched.stdout, text('stderr'), text('code')]).toEqual(['', '', '0\n']);
  const records = text('stdout').split('{"type":"RECORD"').length - 1;
  expect(records).toBe(whole.length);
  saw(`exit code 0, ${records} records`);
});

test('the CronJob of docs/operations.md reads, and keeps the state', async () => {
  const { command, args } = cronJob();
  const out = dataFolder({});
  const variables = { TAP_INTERCOM_ACCESS_TOKEN: simulator.token, SOURCE_INTERCOM_API_URL: simulator.url };
  const flags = [
    ...['--user', '1000:1000', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...['--volume', `${out}:/data`],
  ];
  expect(await inside([...command, ...args], { flags })).toBe('');
  const rows = readdirSync(out).find((name) => name.startsWith('rows-')) ?? '';
  const contacts = readFileSync(join(out, rows), 'utf8').split('{"type":"RECORD","stream":"contacts"').length - 1;
  const state = JSON.parse(readFileSync(join(out, 'state.json'), 'utf8')) as { readonly value: { bookmarks: object } };
  expect([contacts, Object.keys(state.value.bookmarks)]).toEqual([400, expect.arrayContaining(['contacts'])]);
  saw(`${rows}: ${contacts} contacts`);
});

function keysOf(result: Run): readonly string[] {
  return result
    .records()
    .map(({ stream, data: row }) => `${stream} ${String(row['id'])}`)
    .sort();
}
