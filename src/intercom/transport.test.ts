import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { silent } from '../core/log.ts';
import { systemClock } from '../core/time.ts';
import { ApiError } from './api.ts';
import { createApi, type ApiOptions } from './client.ts';
import { createTransport } from './transport.ts';

const purpose = 'Reading tags';
const { signal } = new AbortController();
const instantly = { ...systemClock, sleep: () => Promise.resolve() };

function api(base: string | URL, options: Partial<ApiOptions> = {}) {
  return createApi({ token: 'secret-token', baseUrl: new URL(base), clock: instantly, log: silent, ...options });
}

describe('requests as Intercom gets them', () => {
  const host = 'https://api.intercom.io';
  beforeEach(() => {
    nock.disableNetConnect();
  });
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
    nock.activate();
  });

  test('a list, with all headers', async () => {
    const reqheaders = {
      authorization: 'Bearer secret-token',
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'intercom-version': '2.16',
      'user-agent': /^source-intercom\/\d/,
    };
    nock(host, { reqheaders, badheaders: ['content-type'] })
      .get('/tags')
      .query({ a: 'b=c' })
      .reply(200, { data: [{ id: '1' }] });
    await expect(
      api(host).send({ method: 'GET', path: '/tags', query: { a: 'b=c' }, purpose }, signal),
    ).resolves.toEqual({
      data: [{ id: '1' }],
    });
  });

  test('a search, repeated with the same body', async () => {
    const body = {
      query: { field: 'id', operator: '=', value: '1' },
      pagination: { per_page: 20, starting_after: 'x' },
    };
    const search = nock(host, { reqheaders: { 'content-type': 'application/json' } });
    search.post('/contacts/search', body).reply(502, '<html>Bad Gateway</html>');
    search.post('/contacts/search', body).replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    search.post('/contacts/search', body).reply(200, { total_count: 0 });
    const { query } = body;
    const request = { query, pagination: { starting_after: 'x' } };
    const pageSize = { current: 20, max: 150 };
    await expect(
      api(host).send({ method: 'POST', path: '/contacts/search', body: request, pageSize, purpose }, signal),
    ).resolves.toEqual({ total_count: 0 });
  });

  test('a refusal and its headers', async () => {
    const now = Math.floor(Date.now() / 1000);
    const headers = {
      'X-RateLimit-Limit': '83',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': String(now + 10),
      Date: new Date(now * 1000).toUTCString(),
    };
    nock(host).get('/tags').reply(429, {}, headers).get('/tags').reply(200, {}, headers);
    const slept: number[] = [];
    const start = Date.now();
    let now2 = start;
    const sleep = (milliseconds: number): Promise<void> => {
      slept.push(milliseconds);
      now2 += milliseconds;
      return Promise.resolve();
    };
    const waits: unknown[] = [];
    const clock = { now: () => now2, sleep };
    await api(host, { clock, onWait: (wait) => waits.push(wait) }).send(
      { method: 'GET', path: '/tags', purpose },
      signal,
    );
    expect(now2 - start).toBeGreaterThan(9_000);
    expect(now2 - start).toBeLessThan(12_500);
    expect(waits).toEqual([{ until: expect.any(Number) }, undefined]);
  });

  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'config', /NODE_EXTRA_CA_CERTS/, 1],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'config', /NODE_EXTRA_CA_CERTS/, 1],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'config', /NODE_EXTRA_CA_CERTS/, 1],
    ['ENOTFOUND', 'transient', /HTTPS_PROXY/, 2],
  ])('%s is a matter of kind %s', async (code, kind, advice, attempts) => {
    const failure = Object.assign(new Error('no way'), { code });
    nock(host).get('/tags').times(attempts).replyWithError(failure);
    await expect(
      api(host, { maxAttempts: 2 }).send({ method: 'GET', path: '/tags', purpose }, signal),
    ).rejects.toMatchObject({ kind, code, message: expect.stringMatching(advice) });
  });

  test('an error of Intercom', async () => {
    nock(host)
      .get('/tags')
      .reply(401, { errors: [{ code: 'token_revoked' }] }, { 'X-Request-Id': 'r9' });
    await expect(api(host).send({ method: 'GET', path: '/tags', purpose }, signal)).rejects.toMatchObject({
      failure: 'bad_token',
      message: expect.stringContaining('401 token_revoked (request id r9)'),
    });
  });
});

describe('over a real socket', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  beforeEach(() => {
    nock.restore();
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']) Reflect.deleteProperty(process.env, name);
  });

  async function serve(
    listener: RequestListener,
  ): Promise<{ base: string; server: Server; connections: () => number }> {
    let connections = 0;
    const server = createServer(listener).listen(0, '127.0.0.1');
    server.on('connection', (socket: Socket) => {
      connections++;
      sockets.add(socket);
    });
    servers.push(server);
    await once(server, 'listening');
    return {
      base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      server,
      connections: () => connections,
    };
  }

  const get = (base: string, options: Partial<ApiOptions> = {}, within = signal) =>
    api(base, options).send({ method: 'GET', path: '/tags', purpose }, within);

  test('gzip', async () => {
    const { base } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"name":"Größe 12345678901234567890"}'));
    });
    await expect(get(base)).resolves.toEqual({ name: 'Größe 12345678901234567890' });
  });

  test.each<[string, RequestListener]>([
    ['resets the connection at once', ({ socket }) => socket.resetAndDestroy()],
    [
      'ends in the middle of the body',
      (request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"data":[');
        setImmediate(() => request.socket.destroy());
      },
    ],
    [
      'ends in the middle of a chunked body',
      (request, response) => {
        response.writeHead(200).write('{"data":[]}');
        setImmediate(() => request.socket.destroy());
      },
    ],
    [
      'sends half of a gzip',
      (_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"data":[]}').subarray(0, 20)),
    ],
    ['does not speak HTTP', ({ socket }) => socket.end('nonsense\r\n\r\n')],
  ])('a server that %s is asked again', async (_name, misbehave) => {
    let count = 0;
    const { base } = await serve((request, response) => {
      if (++count <= 2) misbehave(request, response);
      else response.end('{"fine":true}');
    });
    await expect(get(base)).resolves.toEqual({ fine: true });
    expect(count).toBe(3);
  });

  test.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['stops in the middle', (_request, response) => void response.writeHead(200).write('{"data":')],
    [
      'dribbles',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ])('a server that %s: a time-out', async (_name, hang) => {
    const { base } = await serve(hang);
    await expect(get(base, { timeoutSeconds: 0.1, maxAttempts: 2 })).rejects.toMatchObject({
      failure: 'transient',
      status: undefined,
      message: expect.stringMatching(
        /^Reading tags: no answer from Intercom \(Timeout .*\), after 2 attempts\. .*request_timeout/,
      ),
    });
  });

  test.each<[string, RequestListener]>([
    ['is long', (_request, response) => response.end(' '.repeat(3_000_000))],
    [
      'unpacks to much',
      (_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(' '.repeat(3_000_000))),
    ],
    [
      'has no end',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '.repeat(100_000)), 1);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ])('an answer that %s is not taken', async (_name, answer) => {
    const { base } = await serve(answer);
    const call = { method: 'GET' as const, url: new URL('/tags', base), headers: {}, body: undefined, signal };
    const transport = createTransport(new URL(base), 2_000_000);
    await expect(transport({ ...call, timeoutMilliseconds: 10_000 })).rejects.toMatchObject({
      name: 'NoAnswer',
      reason: 'size',
      message: 'its body has over 1 MB',
    });
  });

  test('nobody listens', async () => {
    const { base, server } = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await expect(get(base)).rejects.toMatchObject({ failure: 'transient', kind: 'transient', code: 'ECONNREFUSED' });
  });

  test('an abort ends what is on its way, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const { base } = await serve(() => {
      controller.abort(reason);
    });
    await expect(get(base, { maxAttempts: 1 }, controller.signal)).rejects.toBe(reason);
  });

  test.each<[string, RequestListener]>([
    ['a lost connection', ({ socket }) => socket.destroy()],
    ['a time-out', () => undefined],
    ['a refusal', (_request, response) => response.writeHead(400).end('secret-token')],
  ])('neither the error of %s nor its causes hold the token', async (_name, misbehave) => {
    const { base } = await serve(misbehave);
    const error = await get(base, { maxAttempts: 1, timeoutSeconds: 0.1 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('secret-token');
  });

  test('a redirect takes the token to no other server', async () => {
    let visits = 0;
    const other = await serve((_request, response) => {
      visits++;
      response.end('{}');
    });
    const { base } = await serve((_request, response) =>
      response.writeHead(302, { location: `${other.base}/tags` }).end(),
    );
    await expect(get(base)).rejects.toMatchObject({ failure: 'unexpected', status: 302 });
    expect(visits).toBe(0);
  });

  test('connections are kept and used again, no more than may be on their way', async () => {
    let present = 0;
    let most = 0;
    const { base, connections } = await serve((_request, response) => {
      most = Math.max(most, ++present);
      setImmediate(() => {
        present--;
        response.setHeader('x-ratelimit-limit', '1000').setHeader('x-ratelimit-remaining', '900').end('{}');
      });
    });
    const client = api(base, { concurrency: 7 });
    const request = { method: 'GET', path: '/tags', purpose } as const;
    const warnings: unknown[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    await Promise.all(Array.from({ length: 100 }, () => client.send(request, signal)));
    process.removeAllListeners('warning');
    expect(warnings).toEqual([]);
    expect(most).toBeLessThanOrEqual(7);
    expect(connections()).toBeLessThanOrEqual(7);
  });

  describe('a proxy', () => {
    /** A proxy that notes what it is asked for, and always leads to `target`. */
    const proxy = async (target: string) => {
      const seen: string[] = [];
      const { port } = new URL(target);
      const { base, server, connections } = await serve((request, response) => {
        seen.push(`${request.method} ${request.url}`);
        void fetch(`${target}/tags`, { headers: { authorization: request.headers.authorization ?? '' } }).then(
          async (answer) => response.end(await answer.text()),
        );
      });
      server.on('connect', ({ url }, socket: Socket) => {
        seen.push(`CONNECT ${url}`);
        const onward = connect(Number(port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          onward.pipe(socket).pipe(onward);
        });
        onward.on('error', () => socket.destroy());
        socket.on('error', () => onward.destroy());
      });
      return { base, seen, connections };
    };

    test('of HTTPS_PROXY makes a tunnel to the API, and sees no token', async () => {
      const target = await serve((_request, response) => response.end('{}'));
      const { base, seen } = await proxy(target.base);
      process.env['HTTPS_PROXY'] = base;
      // The target does not speak TLS, so this fails after the tunnel was made.
      await expect(get('https://api.intercom.io', { maxAttempts: 1 })).rejects.toMatchObject({ failure: 'transient' });
      expect(seen).toEqual(['CONNECT api.intercom.io:443']);
      process.env['HTTPS_PROXY'] = base.replace('http://', '');
      await expect(get('https://api.intercom.io', { maxAttempts: 1 })).rejects.toMatchObject({ failure: 'transient' });
      expect(seen).toHaveLength(2);
    });

    test('of HTTP_PROXY on this machine is used for this machine, NO_PROXY is honoured, connections are kept', async () => {
      const target = await serve((_request, response) => response.end('{"fine":true}'));
      const { base, seen, connections } = await proxy(target.base);
      process.env['HTTP_PROXY'] = base;
      const client = api(target.base);
      for (let count = 0; count < 3; count++) {
        await expect(client.send({ method: 'GET', path: '/tags', purpose }, signal)).resolves.toEqual({ fine: true });
      }
      expect(seen).toEqual(Array.from({ length: 3 }, () => `GET ${target.base}/tags`));
      expect(connections()).toBe(1);
      process.env['NO_PROXY'] = '127.0.0.1';
      await expect(get(target.base)).resolves.toEqual({ fine: true });
      expect(seen).toHaveLength(3);
    });

    test('elsewhere gets nothing that is in plain http', async () => {
      const { base } = await serve((_request, response) => response.end('{"direct":true}'));
      process.env['HTTP_PROXY'] = 'http://proxy.example:3128';
      await expect(get(base)).resolves.toEqual({ direct: true });
    });

    test('of another kind is a matter of the configuration', async () => {
      process.env['HTTPS_PROXY'] = 'socks5://127.0.0.1:1080';
      await expect(get('https://api.intercom.io')).rejects.toMatchObject({ kind: 'config' });
    });
  });
});
