import { describe, expect, test } from '@jest/globals';
import { Clock } from '../clock.ts';
import { startSimulator, type Effect } from '../index.ts';
import { at } from '../json.ts';
import { ask, rowsOf, search, withSimulator } from '../testing.ts';
import { RateLimiter } from './rate-limit.ts';

const TINY = { contacts: 20, companies: 5, conversations: 10, tickets: 4 };

describe('access', () => {
  test('needs the token', async () => {
    await withSimulator({ sizes: TINY }, async (simulator) => {
      const wrong = await ask(simulator, 'GET /contacts', undefined, { authorization: 'Bearer wrong' });
      expect([wrong.status, wrong.code, wrong.body['request_id']]).toEqual([
        401,
        'unauthorized',
        wrong.headers.get('x-request-id'),
      ]);
      expect(wrong.headers.get('www-authenticate')).not.toBeNull();
      simulator.trouble.tokens.set('old', { refusedWith: 'token_revoked' });
      expect((await ask(simulator, 'GET /me', undefined, { authorization: 'Bearer old' })).code).toBe('token_revoked');
      expect((await ask(simulator, 'GET /nowhere')).status).toBe(404);
    });
  });

  test('tells a missing scope the old way or the new way', async () => {
    await withSimulator({ sizes: TINY }, async (simulator) => {
      simulator.trouble.withheldScopes.add('read_conversations').add('read_tags');
      const tags = await ask(simulator, 'GET /tags');
      expect([tags.status, tags.code]).toEqual([401, 'token_unauthorized']);
      const macros = await ask(simulator, 'GET /macros');
      expect([macros.status, macros.code, at(macros.body, 'errors')]).toEqual([
        403,
        'forbidden',
        [expect.objectContaining({ message: expect.stringContaining('(read_conversations)') })],
      ]);
      simulator.trouble.planRestricted.add('GET /calls');
      expect((await ask(simulator, 'GET /calls')).code).toBe('api_plan_restricted');
      simulator.trouble.tokens.set('narrow', { scopes: ['read_tags'] });
      expect((await ask(simulator, 'GET /contacts', undefined, { authorization: 'Bearer narrow' })).status).toBe(401);
    });
  });

  test('hides tickets among conversations from those who may not read tickets', async () => {
    await withSimulator({ sizes: TINY }, async (simulator) => {
      const everything = { field: 'created_at', operator: '>', value: 0 };
      const [ticket] = [...simulator.world.tickets.all()];
      expect((await search(simulator, 'conversations', everything)).body['total_count']).toBe(14);
      expect((await ask(simulator, `GET /conversations/${ticket!.id}`)).body['ticket']).toEqual({
        type: 'ticket',
        id: ticket!.id,
      });
      simulator.trouble.withheldScopes.add('read_tickets');
      expect((await search(simulator, 'conversations', everything)).body['total_count']).toBe(10);
      expect((await ask(simulator, 'GET /conversations')).body['total_count']).toBe(10);
      expect((await ask(simulator, `GET /conversations/${ticket!.id}`)).status).toBe(404);
      expect((await search(simulator, 'tickets', everything)).code).toBe('token_unauthorized');
    });
  });

  test.each([
    ['2.16', '/macros', undefined],
    ['2.15', '/macros', 'intercom_version_invalid'],
    ['2.11', '/contacts', undefined],
    ['Preview', '/macros', undefined],
    ['2.99', '/contacts', 'intercom_version_invalid'],
    ['latest', '/contacts', 'intercom_version_invalid'],
  ])('version %s of %s', async (version, path, code) => {
    await withSimulator({ sizes: TINY }, async (simulator) => {
      expect((await ask(simulator, `GET ${path}`, undefined, { 'intercom-version': version })).code).toBe(code);
    });
  });

  test('a missing version is the default one', async () => {
    await withSimulator({ sizes: TINY, quirks: { defaultVersion: '2.11' } }, async (simulator) => {
      const response = await fetch(`${simulator.url}/macros`, {
        headers: { authorization: `Bearer ${simulator.token}` },
      });
      expect(response.status).toBe(400);
    });
  });
});

describe('the rate limit', () => {
  test('refuses what is beyond the window, and says when it ends', async () => {
    await withSimulator({ sizes: TINY, rateLimit: { limit: 3, windowSeconds: 60 } }, async (simulator) => {
      const replies = [];
      for (let request = 0; request < 5; request++) replies.push(await ask(simulator, 'GET /tags'));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
      expect(replies.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['2', '1', '0', '0', '0']);
      expect(replies.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(['3', '3', '3', '3', '3']);
      expect(replies.at(-1)!.code).toBe('rate_limit_exceeded');
      const left = Number(replies.at(-1)!.headers.get('x-ratelimit-reset')) - simulator.now();
      expect(left).toBeGreaterThan(50);
      simulator.advance(left);
      expect((await ask(simulator, 'GET /tags')).status).toBe(200);
    });
  });

  test('runs in real time also while simulated time stands still', async () => {
    const clock = new Clock(1_700_000_000, false);
    const limiter = new RateLimiter(clock, { limit: 3, windowSeconds: 0.05 });
    let allowed = 0;
    const started = performance.now();
    while (performance.now() - started < 500) {
      if (limiter.take().allowed) allowed++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(clock.now()).toBe(1_700_000_000);
    expect(allowed).toBeGreaterThan(20);
    expect(allowed).toBeLessThan(40);
  });

  test('has windows at multiples of their length where time runs', async () => {
    await withSimulator(
      { sizes: TINY, frozen: false, rateLimit: { limit: 1, windowSeconds: 10 } },
      async (simulator) => {
        const first = await ask(simulator, 'GET /tags');
        expect(Number(first.headers.get('x-ratelimit-reset')) % 10).toBe(0);
        expect((await ask(simulator, 'GET /tags')).code).toBe('rate_limit_exceeded');
        simulator.advance(10);
        expect((await ask(simulator, 'GET /tags')).status).toBe(200);
      },
    );
  });

  test('and the Date header tell simulated time', async () => {
    await withSimulator({ sizes: TINY }, async (simulator) => {
      simulator.advance(3600);
      const { headers } = await ask(simulator, 'GET /tags');
      expect(Date.parse(headers.get('date')!) / 1000).toBe(simulator.now());
      simulator.trouble.add({ effect: { kind: 'dateSkew', seconds: -90 } });
      expect(Date.parse((await ask(simulator, 'GET /tags')).headers.get('date')!) / 1000).toBe(simulator.now() - 90);
    });
  });
});

describe('trouble', () => {
  const reply = async (effect: Effect, request = 'GET /tags'): ReturnType<typeof ask> =>
    withSimulator({ sizes: TINY }, async (simulator) => {
      simulator.trouble.add({ effect });
      return ask(simulator, request);
    });

  test('answers with any status, code and body', async () => {
    expect(await reply({ kind: 'status', status: 503 })).toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(await reply({ kind: 'status', status: 401, code: 'token_expired' })).toMatchObject({
      status: 401,
      code: 'token_expired',
    });
    expect(await reply({ kind: 'status', status: 404, body: { odd: true } })).toMatchObject({
      status: 404,
      body: { odd: true },
    });
    expect(await reply({ kind: 'html', status: 502 })).toMatchObject({
      status: 502,
      text: expect.stringContaining('nginx'),
    });
    expect(await reply({ kind: 'html' })).toMatchObject({ status: 200, text: expect.stringContaining('<html>') });
    expect(await reply({ kind: 'empty' })).toMatchObject({ status: 200, text: '' });
  });

  test('refuses for too many requests, with the headers that are wanted', async () => {
    const plain = await reply({ kind: 'rateLimit', resetIn: 7, retryAfter: 3 });
    expect([plain.status, plain.headers.get('x-ratelimit-remaining'), plain.headers.get('retry-after')]).toEqual([
      429,
      '0',
      '3',
    ]);
    const bare = await reply({ kind: 'rateLimit', resetIn: null });
    expect([bare.headers.get('x-ratelimit-reset'), bare.headers.get('retry-after')]).toEqual([null, null]);
    expect((await reply({ kind: 'noRateLimitHeaders' })).headers.get('x-ratelimit-limit')).toBeNull();
  });

  test('cuts connections and bodies', async () => {
    await expect(reply({ kind: 'reset' })).rejects.toThrow();
    await expect(reply({ kind: 'resetMidBody' })).rejects.toThrow();
    const truncated = await reply({ kind: 'truncate' });
    expect([truncated.status, truncated.text.length > 10, truncated.body]).toEqual([200, true, {}]);
  });

  test('hangs until the end', async () => {
    const simulator = await startSimulator({ sizes: TINY });
    simulator.trouble.add({ effect: { kind: 'hang' } });
    const asked = ask(simulator, 'GET /tags').then(
      () => 'answered',
      () => 'cut',
    );
    expect(await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 50, 'hanging'))])).toBe('hanging');
    await simulator.close();
    expect(await asked).toBe('cut');
  });

  test('delays', async () => {
    const started = performance.now();
    await reply({ kind: 'delay', ms: 40 });
    expect(performance.now() - started).toBeGreaterThan(39);
    const before = performance.now();
    await reply({ kind: 'slow', perPageAbove: 10, msPerRow: 20 }, 'GET /contacts?per_page=13');
    expect(performance.now() - before).toBeGreaterThan(59);
  });

  test('changes shapes and texts', async () => {
    expect(
      (await reply({ kind: 'shape', set: { 'pages.total_pages': 'many' }, remove: ['type'] }, 'GET /contacts')).body,
    ).toMatchObject({ pages: { total_pages: 'many' } });
    expect((await reply({ kind: 'shape', change: () => [1] })).text).toBe('[1]');
    expect((await reply({ kind: 'status', status: 200, body: null })).text).toBe('null');
    expect(
      (await reply({ kind: 'rewrite', change: (text) => text.replace('"tag"', '12345678901234567890') })).text,
    ).toContain('12345678901234567890');
  });

  test.each([
    ['url', expect.stringContaining('https://api.intercom.io/contacts?starting_after=')],
    ['null', null],
    ['missing', undefined],
  ] as const)('gives the next page as %s', async (as, next) => {
    expect(at((await reply({ kind: 'nextPage', as }, 'GET /contacts?per_page=2')).body, 'pages.next')).toEqual(next);
  });

  test('gives a link to the next page as an object', async () => {
    const list = 'GET /articles?per_page=2';
    expect(at((await reply({ kind: 'nextPage', as: 'url' }, list)).body, 'pages.next')).toMatch(/page=2/);
    expect(at((await reply({ kind: 'nextPage', as: 'object' }, list)).body, 'pages.next')).toEqual({ page: 2 });
  });

  test('leads in circles by links, each list by itself', async () => {
    await withSimulator({ sizes: { ...TINY, articles: 20, calls: 60 } }, async (simulator) => {
      simulator.trouble.add({ effect: { kind: 'nextPage', as: 'repeat' } });
      const links: unknown[] = [];
      for (const page of [1, 2, 3])
        for (const list of ['articles', 'calls'])
          links.push(at((await ask(simulator, `GET /${list}?per_page=5&page=${page}`)).body, 'pages.next'));
      expect(links.map((link) => /\/(\w+)\?.*\bpage=(\d)/.exec(String(link))?.slice(1))).toEqual(
        [1, 2, 3].flatMap(() => [
          ['articles', '2'],
          ['calls', '2'],
        ]),
      );
    });
  });

  test('leads in circles', async () => {
    await withSimulator({ sizes: TINY }, async (simulator) => {
      simulator.trouble.add({ effect: { kind: 'nextPage', as: 'alternate' } });
      const tokens: unknown[] = [];
      let path = 'GET /contacts?per_page=2';
      for (let page = 0; page < 6; page++) {
        const { body } = await ask(simulator, path);
        const token = at(body, 'pages.next.starting_after') as string;
        tokens.push(token);
        path = `GET /contacts?per_page=2&starting_after=${encodeURIComponent(token)}`;
      }
      expect(new Set(tokens).size).toBe(2);
      expect(tokens.slice(0, 2)).toEqual(tokens.slice(2, 4));
    });
  });

  test('strikes only where, when and as often as it is told', async () => {
    await withSimulator({ sizes: TINY }, async (simulator) => {
      const statuses = async (count: number, request = 'GET /tags'): Promise<number[]> => {
        const all: number[] = [];
        for (let step = 0; step < count; step++) all.push((await ask(simulator, request)).status);
        return all;
      };
      const effect: Effect = { kind: 'status', status: 500 };
      const second = simulator.trouble.add({ match: { route: 'GET /tags', nth: 2 }, effect });
      expect(await statuses(3)).toEqual([200, 500, 200]);
      expect(second.hits).toBe(1);
      second.remove();
      simulator.trouble.add({ match: { path: /^\/tags$/, times: 2 }, effect });
      expect(await statuses(3)).toEqual([500, 500, 200]);
      simulator.trouble.add({ match: { perPageAbove: 5 }, effect });
      expect(await statuses(1, 'GET /contacts?per_page=5')).toEqual([200]);
      expect(await statuses(1, 'GET /contacts?per_page=6')).toEqual([500]);
      simulator.trouble.clear();
      simulator.trouble.add({ match: { when: ({ query }) => query['model'] === 'company' }, effect });
      expect(await statuses(1, 'GET /data_attributes?model=contact')).toEqual([200]);
      expect(await statuses(1, 'GET /data_attributes?model=company')).toEqual([500]);
      simulator.trouble.clear();
      simulator.trouble.add({ probability: 0.5, seed: 3, effect });
      const thrown = await statuses(40);
      expect(thrown.filter((status) => status === 500).length).toBeGreaterThan(8);
      expect(thrown.filter((status) => status === 200).length).toBeGreaterThan(8);
    });
  });
});

test('the log names each request and its route, and can be forgotten', async () => {
  await withSimulator({ sizes: TINY }, async (simulator) => {
    const [contact] = [...simulator.world.contacts.all()];
    await ask(simulator, `GET /contacts/${contact!.id}/tags?x=1`);
    await search(simulator, 'contacts', { field: 'role', operator: '=', value: 'user' });
    expect(simulator.requests).toEqual([
      {
        at: simulator.now(),
        method: 'GET',
        path: `/contacts/${contact!.id}/tags`,
        route: 'GET /contacts/{id}/tags',
        query: { x: '1' },
        body: undefined,
        status: 200,
      },
      expect.objectContaining({
        route: 'POST /contacts/search',
        body: expect.objectContaining({ query: expect.anything() }),
      }),
    ]);
    expect(JSON.stringify(simulator.requests)).not.toContain(simulator.token);
    simulator.requests.length = 0;
    await ask(simulator, 'GET /tags');
    expect(simulator.requests.length).toBe(1);
  });
});

test('answers are compressed for those who accept it', async () => {
  await withSimulator({ sizes: TINY }, async (simulator) => {
    expect((await ask(simulator, 'GET /contacts')).headers.get('content-encoding')).toBe('gzip');
    expect(
      (await ask(simulator, 'GET /contacts', undefined, { 'accept-encoding': 'identity' })).headers.get(
        'content-encoding',
      ),
    ).toBeNull();
    simulator.quirks.gzip = false;
    const plain = await ask(simulator, 'GET /contacts');
    expect([plain.headers.get('content-encoding'), rowsOf(plain).length]).toEqual([null, 20]);
  });
});
