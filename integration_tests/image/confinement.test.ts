import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { faultsOfRead } from '../support/read-rules.ts';
import type { Run } from '../support/run.ts';
import { dataFolder, engine, inside, run, saw, start } from './container.ts';

const STREAMS = ['contacts', 'conversations', 'conversation_parts', 'tickets', 'companies'];
const catalog = configure(STREAMS, 'incremental');
const READ = ['read', '--config', '/data/config.json', '--catalog', '/data/catalog.json'];
const LOCKED = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

let simulator: Simulator;
let data: string;
let whole: readonly string[];

beforeAll(async () => {
  simulator = await startSimulator({ sizes: { contacts: 400, conversations: 120 } });
  data = dataFolder({ 'config.json': { access_token: simulator.token }, 'catalog.json': catalog });
  whole = keysOf(await run(READ, { api: simulator.url, data }));
});

afterAll(() => simulator.close());

test.each<[name: string, flags: readonly string[]]>([
  ['locked up: a root file system that is read-only, no capabilities, no new privileges', LOCKED],
  ['as a user that the image does not know', ['--user', '12345']],
  ['as a user that it does not know, in a group of root, locked up', ['--user', '12345:0', ...LOCKED]],
  ['as root', ['--user', '0']],
])('#145 a read %s', async (_, flags) => {
  const result = await run(READ, { api: simulator.url, data, flags });
  expect([result.exitCode, faultsOfRead(result, catalog)]).toEqual([0, []]);
  expect(keysOf(result)).toEqual(whole);
  saw(`${result.records().length} records, ${result.milliseconds} ms`);
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

test('#24 SIGTERM in the middle of a read, as the first process of its container', async () => {
  const name = `source-intercom-${process.pid}`;
  simulator.latency = 50;
  const running = start(READ, { api: simulator.url, data, flags: ['--name', name] });
  await running.seen(({ type }) => type === 'RECORD');
  const command = await engine('exec', name, 'cat', '/proc/1/cmdline');
  const sentAt = Date.now();
  await engine('stop', '--time', '10', name);
  const result = await running.ended;
  simulator.latency = 0;

  expect(command.split('\0').slice(0, 2)).toEqual(['/usr/local/bin/node', '/airbyte/integration_code/dist/source.js']);
  expect(result.exitCode).toBe(143);
  const took = Date.now() - sentAt;
  expect(took).toBeLessThan(9_000);
  expect(result.lines.length).toBe(result.messages.length);
  expect(result.states().length).toBeGreaterThan(0);
  expect(keysOf(result).length).toBeLessThan(whole.length);
  const state = dataFolder({
    'config.json': { access_token: simulator.token },
    'catalog.json': catalog,
    'state.json': result.lastStates(),
  });
  const rest = await run([...READ, '--state', '/data/state.json'], { api: simulator.url, data: state });
  expect([...new Set([...keysOf(result), ...keysOf(rest)])].sort()).toEqual(whole);
  saw(
    `exit code 143 after ${took} ms; ${result.records().length} records, then ${rest.records().length} of ${whole.length}`,
  );
});

test('a container of 256 MB is one: who takes more is killed', async () => {
  const greedy = 'const taken = []; for (;;) taken.push(Buffer.alloc(1e7, 1));';
  const limit = ['--memory', '256m', '--memory-swap', '256m'];
  await expect(inside(['node', '--eval', greedy], { flags: limit })).rejects.toMatchObject({ code: 137 });
  saw('exit code 137');
});

test('a large read in a container of 256 MB', async () => {
  const large = await startSimulator({ sizes: { contacts: CONTACTS } });
  const contacts = configure(['contacts'], 'full_refresh');
  const folder = dataFolder({ 'config.json': { access_token: large.token }, 'catalog.json': contacts });
  const out = dataFolder({});
  const flags = [
    ...['--memory', '256m', '--memory-swap', '256m', '--volume', `${out}:/out`],
    ...['--env', `NODE_OPTIONS=--import=data:text/javascript,${PEAK}`],
  ];
  const result = await run(READ, { api: large.url, data: folder, flags, patience: 100_000 });
  await large.close();
  expect([result.exitCode, faultsOfRead(result, contacts)]).toEqual([0, []]);
  expect(new Set(result.rows('contacts').map(({ id }) => id)).size).toBe(CONTACTS);
  const peak = Number(readFileSync(join(out, 'peak'), 'utf8')) / 1000;
  saw(
    `${result.records().length} records, ${(result.stdout.length / 1e6).toFixed(0)} MB, ` +
      `${(result.milliseconds / 1000).toFixed(1)} s, ${peak.toFixed(0)} MB of memory at most`,
  );
}, 120_000);

function keysOf(result: Run): readonly string[] {
  return result
    .records()
    .map(({ stream, data: row }) => `${stream} ${String(row['id'])}`)
    .sort();
}

const CONTACTS = 30_000;
/** Writes the most memory that the process had, in kB. Without blanks and double quotes: NODE_OPTIONS is split at them. */
const PEAK =
  "import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync('/out/peak',String(process.resourceUsage().maxRSS)))";
