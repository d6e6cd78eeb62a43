import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { check, discover, read, startRead, wordsOf } from '../support/commands.ts';
import { startConnector } from '../support/connector.ts';
import { temporaryFolder, treeOf } from '../support/folder.ts';
import { batch } from '../support/pool.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { always, deadPort, serve, type ScriptedServer } from '../support/scripted-server.ts';
import { fullConfig, offeredStreams, startWorkspace } from '../support/workspace.ts';

const TOKEN = 'dG9rOlNlY3JldC/with+odd=chars%20"quoted"\\_7f3e9b';
const SECRETS = [TOKEN, 'client-id-5d1c2e', 'client-secret-a9b8c7'];
const AT_ONCE = { 'retry-after': '700' };

let simulator: Simulator;
let config: JsonObject;
const catalog = configure(['contacts', 'conversation_parts'], 'incremental');

beforeAll(async () => {
  simulator = await startWorkspace({ token: TOKEN });
  const [, client_id, client_secret] = SECRETS;
  config = {
    ...fullConfig(simulator),
    client_id,
    client_secret,
    user_agent: 'agent-4711 (me@example.com)',
    unknown_key: 'echo-4712',
  };
});

afterAll(async () => {
  await simulator.close();
});

/** Every form in which a secret could be read from what a run printed. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    Buffer.from(`Bearer ${secret}`).toString('base64').slice(10, -4),
  ];
}

/** What a run says to people: all but records. */
function talkOf(run: Run): string {
  return run.stderr + run.lines.filter((line) => !line.startsWith('{"type":"RECORD"')).join('\n');
}

function expectNoSecrets(run: Run): void {
  const talk = talkOf(run);
  const found = SECRETS.flatMap(formsOf).filter((form) => talk.includes(form));
  expect(found).toEqual([]);
}

/** A server that repeats the secrets of each request in its answer. */
function echo(status: number, code: string): Promise<ScriptedServer> {
  return serve((request, response) => {
    const said = `${request.headers.authorization ?? ''} ${encodeURIComponent(TOKEN)} ${Buffer.from(TOKEN).toString('base64')} ${SECRETS[2] ?? ''}`;
    const body = JSON.stringify({
      type: 'error.list',
      request_id: TOKEN,
      errors: [{ code, message: `You sent ${said}` }],
    });
    response.writeHead(status, { 'content-type': 'application/json', ...AT_ONCE }).end(body);
  });
}

describe('#137 secrets are never shown', () => {
  test('#137 #138 #139 by commands that succeed, with all that they can say; nor are headers, nor the configuration', async () => {
    const options = { api: simulator.url, more: ['--debug'] };
    const runs = await Promise.all([
      check(config, options),
      discover(config, options),
      read({ config, catalog }, options),
    ]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(runs[2].logs('DEBUG').length).toBeGreaterThan(10);
    for (const run of runs) {
      expectNoSecrets(run);
      expect(run.counts['CONTROL']).toBeUndefined();
      expect(talkOf(run)).not.toMatch(/authorization|bearer|agent-4711|echo-4712/i);
    }
  });

  const ANSWERS = [
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [429, 'rate_limit_exceeded'],
    [500, 'server_error'],
    [400, 'parameter_invalid'],
    [302, 'moved'],
  ] as const;

  const echoed = batch(ANSWERS, async ([status, code]) => {
    const server = await echo(status, code);
    const options = { api: server.url, more: ['--debug'] };
    return await Promise.all([
      check(config, options),
      discover({ ...config, expand: ['custom_attributes'] }, options),
      read({ config, catalog }, options),
    ]).finally(() => server.close());
  });

  test.each([...ANSWERS.entries()])(
    '#137 #138 (%i) by commands that a server answers %j and repeats them to',
    async (index) => {
      const runs = await echoed(index);
      expect(runs[2].exitCode).toBe(1);
      expect(runs[2].complaints.join()).toMatch(/You sent Bearer \*\*\*\*/);
      for (const run of runs) {
        expectNoSecrets(run);
        expect(run.counts['CONTROL']).toBeUndefined();
      }
    },
  );

  test('#137 by commands whose configuration is wrong', async () => {
    const wrong = [
      { ...config, region: TOKEN },
      { ...config, start_date: TOKEN, expand: [TOKEN] },
      { ...config, tag_ids: [TOKEN], company_ids: [TOKEN] },
      { ...config, access_token: `${TOKEN}\nX-Evil: 1` },
    ];
    const runs = await Promise.all(
      wrong.flatMap((each) => [
        check(each, { api: simulator.url }),
        read({ config: each, catalog }, { api: simulator.url }),
      ]),
    );
    for (const run of runs) expectNoSecrets(run);
    expect(runs.filter(({ exitCode }) => exitCode === 1).length).toBeGreaterThanOrEqual(3);
  });

  test('#137 by a program that breaks', async () => {
    const script = `
      const write = process.stdout.write.bind(process.stdout);
      let done = false;
      process.stdout.write = (...words) => {
        if (!done) setImmediate(() => { throw new Error(${JSON.stringify(`planted ${TOKEN}`)}); });
        done = true;
        return write(...words);
      };`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
    const run = await read({ config, catalog }, { api: simulator.url, env });
    expect([run.exitCode, run.logs('FATAL')]).toEqual([1, ['planted ****']]);
    expectNoSecrets(run);
  });
});

test('#140 no file is written, not even for a while', async () => {
  const folder = temporaryFolder();
  const [home, cwd, temporary] = ['home', 'work', 'tmp'].map((name) => join(folder, name));
  for (const path of [home, cwd, temporary]) mkdirSync(path ?? '');
  const streams = await offeredStreams(config, simulator.url);
  const env = { HOME: home ?? '', TMPDIR: temporary ?? '', XDG_CACHE_HOME: join(home ?? '', 'cache') };
  const input = { config, catalog: configure(streams, 'incremental') };
  const before = treeOf(folder);
  const running = startRead(input, { api: simulator.url, env, cwd: cwd ?? '' });
  await running.seen(({ type }) => type === 'RECORD');
  expect(treeOf(folder)).toEqual(before);
  expect((await running.ended).exitCode).toBe(0);
  expect(treeOf(folder)).toEqual(before);
});

describe('#141 nobody but Intercom is spoken to', () => {
  test('#141 during a read of everything', async () => {
    const trap = await serve(always(502, ''));
    const env = { HTTPS_PROXY: trap.url, HTTP_PROXY: trap.url, ALL_PROXY: trap.url, NO_PROXY: '127.0.0.1' };
    const streams = await offeredStreams(config, simulator.url);
    const run = await read({ config, catalog: configure(streams, 'full_refresh') }, { api: simulator.url, env });
    await trap.close();
    expect([run.exitCode, run.errors()]).toEqual([0, []]);
    expect(trap.requests).toEqual([]);
  });

  test.each([
    ['us', 'api.intercom.io:443'],
    ['eu', 'api.eu.intercom.io:443'],
    ['au', 'api.au.intercom.io:443'],
  ])('#141 and that at the host of the region %s', async (region, host) => {
    let proxied: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => (proxied = resolve));
    const proxy = await serve(always(502, ''), () => proxied?.());
    const running = startConnector(wordsOf('check', { config: { ...config, region } }), {
      env: { HTTPS_PROXY: proxy.url, HTTP_PROXY: `http://127.0.0.1:${await deadPort()}` },
    });
    await asked;
    running.process.kill('SIGTERM');
    await running.ended;
    await proxy.close();
    expect([...new Set(proxy.requests)]).toEqual([`CONNECT ${host}`]);
  });
});
