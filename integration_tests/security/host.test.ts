import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Json, Simulator } from '../../simulator/index.ts';
import { isObject, textOf } from '../../simulator/json.ts';
import { configure, type ConfiguredCatalog } from '../support/catalogs.ts';
import { check, discover, read, wordsOf } from '../support/commands.ts';
import { startConnector } from '../support/connector.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { always, serve, type ScriptedServer } from '../support/scripted-server.ts';
import { serveTls, type TlsServer } from '../support/tls.ts';
import { fullConfig, offeredStreams, startWorkspace } from '../support/workspace.ts';

/** Several pages of most things. */
const SIZES = { contacts: 60, conversations: 30, articles: 12, macros: 9 };
const ME = '{"type":"admin","app":{"id_code":"abc","region":"US"}}';

let simulator: Simulator;
let config: JsonObject;
let everything: ConfiguredCatalog;
/** Where nothing may arrive. */
let trap: ScriptedServer;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: SIZES, quirks: { mostPerPage: 5 } });
  config = fullConfig(simulator);
  everything = configure(await offeredStreams(config), 'full_refresh');
});

beforeEach(async () => {
  trap = await serve(always(200, '{"type":"list","data":[{"id":"trap"}]}'));
});

afterEach(async () => {
  simulator.trouble.clear();
  simulator.requests.length = 0;
  await trap.close();
});

afterAll(() => simulator.close());

function rowsOf(run: Run): readonly string[] {
  return run
    .records()
    .map(({ stream, data }) => `${stream} ${JSON.stringify(data)}`)
    .sort();
}

describe('links inside answers lead nowhere', () => {
  /** The same answer, in which every page and every URL of the list is at the trap, and asks for what others have. */
  function poisoned(body: Json): Json {
    if (!isObject(body)) return body;
    const { pages } = body;
    if (!isObject(pages)) return body;
    const { next } = pages;
    const from = typeof next === 'string' ? new URL(next).searchParams : new URLSearchParams();
    if (isObject(next)) from.set('starting_after', textOf(next['starting_after']));
    if (from.size === 0) return { ...body, next: trap.url };
    for (const [name, value] of Object.entries(ELSEWHERE)) from.set(name, value);
    const link = `http://someone:secret@${new URL(trap.url).host}/admins/../me?${from.toString()}`;
    return { ...body, url: link, next: link, pages: { ...pages, next: link, prev: link } };
  }
  const ELSEWHERE = {
    intercom_user_id: 'nobody',
    model: 'company',
    summary: 'true',
    per_page: '100000',
    type: 'admin',
  };

  test('of any stream: not to another host, path, account or list', async () => {
    const clean = await read({ config, catalog: everything }, { api: simulator.url });
    const asked = new Set(simulator.requests.map(({ route }) => route));
    simulator.requests.length = 0;
    const effect = { kind: 'shape', change: poisoned } as const;
    const struck = simulator.trouble.add({ match: { route: /^/ }, effect });
    const run = await read({ config, catalog: everything }, { api: simulator.url });

    expect([clean.exitCode, run.exitCode, run.errors()]).toEqual([0, 0, []]);
    expect(struck.hits).toBeGreaterThan(100);
    expect(trap.requests).toEqual([]);
    expect(simulator.requests.filter(({ route }) => !asked.has(route))).toEqual([]);
    expect(rowsOf(run)).toEqual(rowsOf(clean));
  });
});

describe('redirects', () => {
  const catalog = configure(['tags', 'contacts', 'events'], 'full_refresh');
  test.each<[number, (trap: URL, api: URL) => string]>([
    [301, ({ href }) => `${href}tags`],
    [302, ({ host }) => `//${host}/tags`],
    [303, ({ port }) => `http://localhost:${port}/tags`],
    [307, ({ host }, { origin }) => `${origin}@${host}/tags`],
    [308, (_, { host }) => `https://${host}/tags`],
  ])('with %i to another host take nothing there', async (status, elsewhere) => {
    const location = elsewhere(new URL(trap.url), new URL(simulator.url));
    simulator.trouble.add({ effect: { kind: 'status', status, headers: { Location: location } } });
    const [checked, run] = await Promise.all([
      check(config, { api: simulator.url }),
      read({ config, catalog }, { api: simulator.url }),
    ]);
    for (const { exitCode, complaints } of [checked, run])
      expect([exitCode, complaints.join()]).toEqual([1, expect.stringContaining(String(status))]);
    expect([run.records(), trap.requests]).toEqual([[], []]);
  });

  test('within the host are followed, for a list', async () => {
    simulator.trouble.add({
      match: { route: 'GET /tags', times: 1 },
      effect: { kind: 'status', status: 302, headers: { Location: '/tags?again=1' } },
    });
    const run = await read({ config, catalog: configure(['tags'], 'full_refresh') }, { api: simulator.url });
    expect([run.exitCode, run.rows('tags').length]).toEqual([0, [...simulator.world.tags.all()].length]);
  });
});

describe('over TLS', () => {
  let api: TlsServer;

  afterEach(() => api.close());

  test('nothing is asked of a host whose certificate is not trusted', async () => {
    api = await serveTls((_, response) => response.end(ME));
    const run = await check(config, { api: api.url });
    expect(api.requests).toEqual([]);
    expect(run.connectionStatuses).toEqual([
      { status: 'FAILED', message: expect.stringMatching(/certificate.*NODE_EXTRA_CA_CERTS/) },
    ]);
  });

  test('a redirect to plain http is refused', async () => {
    api = await serveTls(({ url = '' }, response) => {
      if (url === '/me') response.end(ME);
      else response.writeHead(302, { location: `${trap.url}${url}` }).end();
    });
    const run = await read(
      { config, catalog: configure(['tags'], 'full_refresh') },
      { api: api.url, env: { NODE_EXTRA_CA_CERTS: api.certificate } },
    );
    expect(api.requests).toEqual(['GET /me', 'GET /tags']);
    expect([run.exitCode, run.complaints.join()]).toEqual([1, expect.stringContaining('302')]);
    expect(trap.requests).toEqual([]);
  });
});

describe('a proxy', () => {
  const PASSWORD = 'pass+word/7f3e';
  let proxy: Server;
  let heard: string;

  /** A proxy that keeps every byte, and answers so. Whoever comes again has been told. */
  async function listen(answer: string, onAgain: () => void): Promise<string> {
    heard = '';
    let visits = 0;
    proxy = createServer((socket) => {
      if (visits++ > 0) onAgain();
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1');
        socket.end(answer);
      });
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    return `http://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  }

  afterEach(async () => {
    await new Promise((resolve) => proxy.close(resolve));
  });

  test.each([
    ['refuses', `HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n`],
    ['wants another password', `HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n`],
    ['leads elsewhere', 'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'],
    ['answers in the place of the API', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'],
    ['breaks off', ''],
  ])('that %s gets no token, and its own password is shown to nobody', async (_, answer) => {
    const stop = new AbortController();
    const url = await listen(answer, () => {
      stop.abort();
    });
    const running = startConnector(wordsOf('check', { config }, { more: ['--debug'] }), { env: { HTTPS_PROXY: url } });
    stop.signal.addEventListener('abort', () => running.process.kill('SIGTERM'));
    const run = await running.ended;
    expect(run.connectionStatuses.filter(({ status }) => status === 'SUCCEEDED')).toEqual([]);
    expect(heard).toMatch(/^CONNECT api\.intercom\.io:443 HTTP/);
    expect(heard).toMatch(
      new RegExp(`proxy-authorization: Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`, 'i'),
    );
    expect(heard.replaceAll(/proxy-authorization/gi, '')).not.toMatch(/authorization|Bearer|simulator-token/i);
    const shown = run.stdout + run.stderr;
    for (const form of [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`me:${PASSWORD}`).toString('base64')])
      expect(shown).not.toContain(form);
  });
});

test('a proxy or firewall that refuses everything is no success of a check', async () => {
  simulator.trouble.add({ effect: { kind: 'empty', status: 403 } });
  const run = await check(config, { api: simulator.url });
  expect(run.connectionStatuses).toEqual([
    { status: 'FAILED', message: expect.stringMatching(/everything that was tried is refused.*proxy or firewall/) },
  ]);
});

describe('nothing that is read names another host', () => {
  test('no option of the configuration, no catalog, no state', async () => {
    const url = trap.url;
    const named = {
      base_url: url,
      api_url: url,
      url,
      host: url,
      hostname: url,
      endpoint: url,
      api_base_url: url,
      domain: url,
    };
    const state = [
      {
        type: 'STREAM',
        stream: { stream_descriptor: { name: 'tags' }, stream_state: { ...named, next: url, pages: { next: url } } },
      },
    ];
    const [stream] = (await discover(config)).catalogs
      .flatMap(({ streams }) => streams)
      .filter(({ name }) => name === 'tags');
    const catalog = {
      streams: [
        {
          stream: { ...stream, ...named, name: 'tags' },
          ...named,
          sync_mode: 'incremental',
          destination_sync_mode: 'append',
        },
      ],
    };
    const run = await read({ config: { ...config, ...named }, catalog, state }, { api: simulator.url });
    expect([run.exitCode, run.rows('tags').length > 0, trap.requests]).toEqual([0, true, []]);
  });

  test('nor a region that is none', async () => {
    const { host } = new URL(trap.url);
    for (const region of [trap.url, host, `us@${host}/`, `../${host}`, '__proto__', 'constructor']) {
      const run = await check({ ...config, region });
      expect(run.connectionStatuses).toEqual([
        { status: 'FAILED', message: expect.stringContaining('region must be one of') },
      ]);
    }
    expect(trap.requests).toEqual([]);
  });
});
