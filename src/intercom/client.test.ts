import { describe, expect, test } from '@jest/globals';
import type { Answer } from './answer.ts';
import type { ApiError, PageSize, Request } from './api.ts';
import { createApi, type ApiOptions, type CallInfo } from './client.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';
import { NoAnswer, type Call } from './transport.ts';

type Came = Partial<Answer> | NoAnswer;

const ok: Came = { text: '{"type":"list","data":[]}' };
const down: Came = {
  status: 503,
  text: '{"type":"error.list","errors":[{"code":"service_unavailable","message":"Later"}]}',
};
const slow = new NoAnswer('timeout', 'Timeout awaiting request for 300000ms', 'ETIMEDOUT');
const lost = new NoAnswer('network', 'read ECONNRESET', 'ECONNRESET');
const limited: Came = {
  status: 429,
  text: '{"type":"error.list","errors":[{"code":"rate_limit_exceeded","message":"Exceeded rate limit of 83 in 10_seconds"}]}',
};
const request: Request = { method: 'GET', path: '/tickets?a=1', purpose: 'Reading tickets' };

/** An Api whose network answers with `script`, one after the other, the last for ever. */
function setUp(script: readonly Came[], options: Partial<ApiOptions> = {}) {
  const clock = createVirtualClock();
  const calls: Call[] = [];
  const infos: CallInfo[] = [];
  const logged: string[] = [];
  const api = createApi(
    {
      token: 'secret-token-1234',
      baseUrl: new URL('https://api.intercom.io'),
      clock,
      log: (_level, message) => logged.push(message),
      onCall: (call) => infos.push(call),
      random: () => 1,
      ...options,
    },
    (call) => {
      const came = script[Math.min(calls.length, script.length - 1)];
      calls.push(call);
      if (came instanceof NoAnswer) return Promise.reject(came);
      return Promise.resolve({ status: 200, headers: {}, text: '', ...came });
    },
  );
  const { signal } = new AbortController();
  const from = clock.now();
  return {
    api,
    clock,
    calls,
    infos,
    logged,
    send: (change: Partial<Request> = {}) => clock.run(api.send({ ...request, ...change }, signal)),
    fail: async (change: Partial<Request> = {}): Promise<ApiError> => {
      try {
        await clock.run(api.send({ ...request, ...change }, signal));
      } catch (error) {
        return error as ApiError;
      }
      throw new Error('That did not fail.');
    },
    elapsed: () => clock.now() - from,
  };
}

describe('attempts', () => {
  test.each<[string, Came]>([
    ['503', down],
    ['500', { status: 500 }],
    ['408', { status: 408 }],
    ['a time-out', slow],
    ['a lost connection', lost],
    ['200 with an empty body', { text: '' }],
    ['200 with a web page', { text: '<html>' }],
    ['200 with half an object', { text: '{"data":[' }],
    ['200 with null', { text: 'null' }],
  ])('after %s the request is repeated', async (_name, came) => {
    const { send, calls } = setUp([came, came, ok]);
    await expect(send()).resolves.toEqual({ type: 'list', data: [] });
    expect(calls).toHaveLength(3);
  });

  test('pauses double, and have an end', async () => {
    const { fail, elapsed, calls, infos } = setUp([down]);
    const error = await fail();
    expect(error).toMatchObject({ failure: 'transient', kind: 'transient', status: 503, code: 'service_unavailable' });
    expect(error.message).toMatch(
      /^Reading tickets: Intercom answered 503 service_unavailable, "Later", after 6 attempts\. /,
    );
    expect(calls).toHaveLength(6);
    expect(elapsed()).toBe(1000 * (1 + 2 + 4 + 8 + 16));
    expect(infos.map(({ status, attempt }) => [status, attempt])).toEqual([1, 2, 3, 4, 5, 6].map((n) => [503, n]));
  });

  test.each<[string, Came, Partial<ApiError>]>([
    ['no answer', lost, { failure: 'transient', kind: 'transient', code: 'ECONNRESET' }],
    ['null', { text: 'null' }, { failure: 'unexpected', kind: 'system', status: 200 }],
    ['half an object', { text: '{"data":[' }, { failure: 'unexpected', kind: 'system', status: 200 }],
  ])('in the end %s has its own meaning', async (_name, came, expected) => {
    expect(await setUp([came]).fail()).toMatchObject(expected);
  });

  test.each<[string, Came]>([
    ['401', { status: 401, text: '{"errors":[{"code":"unauthorized"}]}' }],
    ['404', { status: 404 }],
    ['400', { status: 400 }],
    [
      'a lost scroll',
      { status: 500, text: '{"errors":[{"code":"server_error","message":"Please restart the scroll operation."}]}' },
    ],
    ['an untrusted certificate', new NoAnswer('certificate', 'self-signed certificate', 'SELF_SIGNED_CERT_IN_CHAIN')],
  ])('%s is not repeated', async (_name, came) => {
    const { fail, calls } = setUp([came]);
    await fail();
    expect(calls).toHaveLength(1);
  });

  test('null is a fault, but for a request that it may answer', async () => {
    const { calls, send, fail } = setUp([{ text: ' null\n' }]);
    expect(await send({ mayBeNull: true })).toEqual({});
    expect(calls).toHaveLength(1);
    expect((await fail({ attempts: 2 })).message).toMatch(/JSON that is not an object/);
  });

  test('a request may ask for fewer attempts', async () => {
    const { fail, calls } = setUp([down]);
    await fail({ attempts: 2 });
    expect(calls).toHaveLength(2);
  });

  test('Retry-After of a 503 is honoured', async () => {
    const { send, elapsed } = setUp([{ ...down, headers: { 'retry-after': '40' } }, ok]);
    await send();
    expect(elapsed()).toBe(40_000);
  });

  test('a pause holds no slot', async () => {
    const { api, clock, calls } = setUp([ok, down, ok], { concurrency: 1 });
    const { signal } = new AbortController();
    await clock.run(api.send(request, signal));
    const failing = api.send({ ...request, path: '/failing' }, signal);
    const other = api.send({ ...request, path: '/other' }, signal);
    await clock.run(Promise.all([failing, other]));
    expect(calls.map(({ url }) => url.pathname)).toEqual(['/tickets', '/failing', '/other', '/failing']);
  });

  test('an abort ends a pause at once, with its reason', async () => {
    const { api, clock, elapsed } = setUp([down]);
    const controller = new AbortController();
    const sending = api.send(request, controller.signal);
    const aborting = clock.sleep(500).then(() => {
      controller.abort(new Error('stopped'));
    });
    await expect(clock.run(Promise.all([sending, aborting]))).rejects.toThrow('stopped');
    expect(elapsed()).toBe(500);
  });
});

describe('the rate limit', () => {
  test('a refusal is waited for, and is no attempt', async () => {
    const { send, elapsed, calls } = setUp([...Array.from({ length: 8 }, () => limited), ok], { random: () => 0 });
    await send();
    expect(calls).toHaveLength(9);
    expect(elapsed()).toBe(80_000);
  });

  test('nothing but refusals for ten minutes is an error', async () => {
    const { fail, elapsed } = setUp([limited]);
    const error = await fail();
    expect(error).toMatchObject({ failure: 'transient', status: 429, code: 'rate_limit_exceeded' });
    expect(elapsed()).toBeGreaterThan(550_000);
    expect(elapsed()).toBeLessThan(650_000);
  });

  test.each([[{}], [{ 'retry-after': '600' }]])('with little time it is given up in time (%j)', async (headers) => {
    const { fail, elapsed } = setUp([{ ...limited, headers }], { maxElapsedSeconds: 50 });
    expect((await fail()).message).toMatch(
      /^Reading tickets: Intercom answered 429 rate_limit_exceeded, "Exceeded rate/,
    );
    expect(elapsed()).toBeLessThanOrEqual(50_000);
    expect((await fail()).message).toMatch(/^Reading tickets: the rate limit of the workspace is used up/);
    expect(elapsed()).toBeLessThanOrEqual(50_000);
  });

  test('is told as Intercom last told it: calls a minute, and those left of its window', async () => {
    const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '7' };
    const { api, send, fail } = setUp([{ ...ok, headers }, lost], { rateLimitShare: 50, maxAttempts: 1 });
    expect(api.limit?.()).toBeUndefined();
    await send();
    await fail();
    expect(api.limit?.()).toEqual({ perMinute: 3000, left: 7 });
  });

  test('is a call a minute at least, however small the share', async () => {
    const { api, send } = setUp([{ ...ok, headers: { 'x-ratelimit-limit': '1' } }], { rateLimitShare: 1 });
    await send();
    expect(api.limit?.()).toMatchObject({ perMinute: 1 });
  });

  test('with little time failures and time-outs end in time, too', async () => {
    const { fail, elapsed, calls } = setUp([down], { maxElapsedSeconds: 10 });
    await fail();
    expect(elapsed()).toBe(7_000);
    expect(calls.map(({ timeoutMilliseconds }) => timeoutMilliseconds)).toEqual([10_000, 9_000, 7_000, 3_000]);
  });
});

describe('page size', () => {
  const search = (pageSize: PageSize): Partial<Request> => ({
    method: 'POST',
    path: '/contacts/search',
    body: { query: 'q', pagination: { starting_after: 'token' } },
    pageSize,
  });
  const asked = (calls: readonly Call[]): unknown[] =>
    calls.map(({ body }) => (JSON.parse(body ?? '{}') as { pagination: unknown }).pagination);

  test('halves from the second failure on, for the same page, as far as one', async () => {
    const { fail, calls } = setUp([down, slow]);
    const pageSize = { current: 20, max: 150 };
    await fail(search(pageSize));
    const sizes = [20, 20, 10, 5, 2, 1, 1, 1, 1, 1];
    expect(asked(calls)).toEqual(sizes.map((size) => ({ starting_after: 'token', per_page: size })));
    expect(pageSize.current).toBe(1);
  });

  test('grows again when pages arrive, at most to what is allowed', async () => {
    const { send } = setUp([ok]);
    const pageSize = { current: 60, max: 150 };
    const sizes = [];
    for (let page = 0; page < 8; page++) {
      await send(search(pageSize));
      sizes.push(pageSize.current);
    }
    expect(sizes).toEqual([60, 60, 120, 120, 120, 150, 150, 150]);
  });

  test.each<[string, Came, number]>([
    ['408', { status: 408 }, 50],
    ['500', { status: 500 }, 50],
    ['520', { status: 520 }, 50],
    ['a time-out', slow, 50],
    ['a web page', { text: '<html>' }, 100],
    ['an empty body', { text: '' }, 100],
  ])('%s, twice, says something against the size where it should', async (_, came, size) => {
    const { send, calls } = setUp([came, came, ok]);
    await send(search({ current: 100, max: 150 }));
    expect(asked(calls).at(-1)).toMatchObject({ per_page: size });
  });

  test('a lost connection or a refusal says nothing against the size', async () => {
    const { send } = setUp([lost, lost, limited, limited, lost, ok]);
    const pageSize = { current: 100, max: 150 };
    await send(search(pageSize));
    expect(pageSize.current).toBe(100);
  });

  test('of a GET it goes into the query', async () => {
    const { send, calls } = setUp([ok]);
    await send({ query: { order: 'asc' }, pageSize: { current: 50, max: 150 } });
    expect(calls[0]?.url.href).toBe('https://api.intercom.io/tickets?a=1&order=asc&per_page=50');
  });
});

describe('an answer that is too large', () => {
  const large = new NoAnswer('size', 'its body has over 256 MB');

  test('is asked for in halves, at once', async () => {
    const { send, calls } = setUp([large, large, ok]);
    await send({ method: 'POST', pageSize: { current: 100, max: 100 } });
    expect(calls.map(({ body }) => (JSON.parse(body ?? '') as { pagination: object }).pagination)).toEqual([
      { per_page: 100 },
      { per_page: 50 },
      { per_page: 25 },
    ]);
  });

  test.each<[string, Partial<Request>, number]>([
    ['that has one row', { method: 'POST', pageSize: { current: 1, max: 100 } }, 1],
    ['of a list whose pages are what they are', {}, 1],
    ['that stays so to the last row', { method: 'POST', pageSize: { current: 4, max: 4 } }, 3],
  ])('is a failure where it is one %s', async (_, change, attempts) => {
    const { fail, calls } = setUp([large]);
    expect(await fail(change)).toMatchObject({ kind: 'system', message: expect.stringContaining('over 256 MB') });
    expect(calls.length).toBe(attempts);
  });
});

describe('redirects', () => {
  const to = (location: string, status = 302): Came => ({ status, headers: { location } });

  test('are followed within the host', async () => {
    const { send, calls } = setUp([to('/new?a=2'), to('https://api.intercom.io/newer', 308), ok]);
    await send();
    expect(calls.map(({ url }) => url.pathname + url.search)).toEqual(['/tickets?a=1', '/new?a=2', '/newer']);
  });

  test.each<[string, Came, Partial<Request>, number]>([
    ['to another host', to('https://evil.example/tickets'), {}, 1],
    ['to another port', to('https://api.intercom.io:8443/tickets'), {}, 1],
    ['to plain http', to('http://api.intercom.io/tickets'), {}, 1],
    ['to nowhere', { status: 302 }, {}, 1],
    ['of a search', to('/new'), { method: 'POST' }, 1],
    ['in a circle', to('/tickets'), {}, 4],
  ])('%s are refused', async (_name, came, change, expected) => {
    const { fail, calls } = setUp([came]);
    expect(await fail(change)).toMatchObject({ failure: 'unexpected', kind: 'system', status: 302 });
    expect(calls.every(({ url }) => url.origin === 'https://api.intercom.io')).toBe(true);
    expect(calls).toHaveLength(expected);
  });
});

describe('what is said and shown', () => {
  test('headers of every request', async () => {
    const { send, calls } = setUp([ok], { token: ' secret-token-1234\n' });
    await send();
    expect(calls[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-token-1234',
      accept: 'application/json',
      'intercom-version': '2.16',
      'user-agent': expect.stringMatching(/^source-intercom\/\d+\.\d+\.\d+/),
    });
    const named = setUp([ok], { userAgent: 'me/1.0 (me@example.org)' });
    await named.send();
    expect(named.calls[0]?.headers['user-agent']).toBe('me/1.0 (me@example.org)');
  });

  test.each([
    ['access_token', { token: 'two\nlines' }],
    ['user_agent', { userAgent: 'two\nlines' }],
  ])('%s that no header can hold is a matter of the configuration, and is not repeated', (name, options) => {
    expect(() => setUp([ok], options)).toThrow(expect.objectContaining({ kind: 'config' }));
    expect(() => setUp([ok], options)).toThrow(new RegExp(`^\`${name}\` holds`));
  });

  test('the token is in no message, even if Intercom repeats it; queries are not logged', async () => {
    const text = '{"errors":[{"code":"unauthorized","message":"Bearer secret-token-1234 is invalid"}]}';
    const { fail, logged } = setUp([{ status: 401, text }]);
    const { message } = await fail({ query: { email: 'me@example.org' } });
    expect(message).toContain('"Bearer **** is invalid"');
    expect(logged).toEqual(['GET /tickets: 401 after 0 ms']);
  });

  test.each(Array.from({ length: 30 }, (_, index) => 275 + index))(
    'nor a part of it, where a long message is cut at the token (%i letters before)',
    async (before) => {
      const message = `${'x'.repeat(before)} secret-token-1234 and more`;
      const { fail } = setUp([{ status: 400, text: JSON.stringify({ errors: [{ code: 'odd', message }] }) }]);
      expect((await fail()).message).not.toMatch(/ s|secr/);
    },
  );

  test('a path from an answer never leads to another host', async () => {
    const { send, calls } = setUp([ok]);
    for (const path of [
      'https://evil.example/a?b=1',
      '//evil.example/a?b=1',
      '\\\\evil.example\\a?b=1',
      '/a?b=1',
      '/x/../a?b=1',
    ]) {
      await send({ path });
    }
    expect(new Set(calls.map(({ url }) => url.href))).toEqual(new Set(['https://api.intercom.io/a?b=1']));
  });

  test('now is the earlier of the two clocks', async () => {
    const at = (offset: number): Came => ({
      ...ok,
      headers: { date: new Date(1_800_000_000_000 + offset).toUTCString() },
    });
    const behind = setUp([at(-3_600_000)]);
    expect(behind.api.now()).toBe(1_800_000_000);
    await behind.send();
    expect(behind.api.now()).toBe(1_800_000_000 - 3600);
    const ahead = setUp([at(3_600_000)]);
    await ahead.send();
    expect(ahead.api.now()).toBe(1_800_000_000);
    const told = expect.stringMatching(/clock of this machine is 60 minutes behind/);
    expect([behind.logged, ahead.logged]).toEqual([expect.not.arrayContaining([told]), expect.arrayContaining([told])]);
  });
});
