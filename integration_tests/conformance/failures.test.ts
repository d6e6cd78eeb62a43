import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Effect, Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { read, startRead } from '../support/commands.ts';
import { batch } from '../support/pool.ts';
import { faultsOfRead } from '../support/read-rules.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { startWorkspace } from '../support/workspace.ts';

/** Asks for more patience than the connector has: what would be tried again for half a minute fails at once. */
const AT_ONCE = { 'Retry-After': '700' };
const CONTACTS = 'POST /contacts/search';
const CONVERSATIONS = 'POST /conversations/search';

let simulator: Simulator;
let config: JsonObject;
let api: string;
const catalog = configure(['contacts', 'conversations'], 'incremental');

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { contacts: 460, conversations: 60 } });
  config = { access_token: simulator.token };
  api = simulator.url;
});

afterEach(() => {
  simulator.trouble.clear();
});

afterAll(async () => {
  await simulator.close();
});

test('#126 a catalog of one stream that does not exist, with modes that do not exist, is an error', async () => {
  const stream = {
    name: '__AIRBYTE__stream_that_does_not_exist',
    json_schema: { type: 'object' },
    supported_sync_modes: ['full_refresh'],
  };
  const run = await read(
    { config, catalog: { streams: [{ stream, sync_mode: 'INVALID', destination_sync_mode: 'INVALID' }] } },
    { api },
  );
  expect([run.exitCode, run.counts]).toEqual([1, { ERROR: 1 }]);
  expect(run.complaints[0]).toMatch(/^config_error: /);
});

test('#126 a catalog of nothing but streams that do not exist is an error', async () => {
  const run = await read({ config, catalog: configure(['no_such_stream', 'nor_this'], 'full_refresh') }, { api });
  expect([run.exitCode, run.counts]).toEqual([1, { ERROR: 1 }]);
  expect(run.complaints[0]).toMatch(/^config_error: .*"no_such_stream".*discover/);
});

test('#127 a stream that does not exist does not stop the others', async () => {
  const run = await read(
    { config, catalog: configure(['contacts', 'no_such_stream', 'conversations'], 'incremental') },
    { api },
  );
  expect([run.exitCode, run.errors()]).toEqual([0, []]);
  expect(run.statuses('no_such_stream')).toEqual(['INCOMPLETE']);
  expect(run.logs('WARN').join()).toMatch(/no_such_stream/);
  expect(run.states('no_such_stream')).toEqual([]);
  expect([run.rows('contacts').length, run.rows('conversations').length]).toEqual([460, 64]);
});

describe('#128 #129 #132 #135 a stream that fails after some pages', () => {
  test('#128 #129 saves what it has, says why, and lets the others end', async () => {
    simulator.trouble.add({
      match: { route: CONTACTS, nth: 3, times: 1000 },
      effect: { kind: 'status', status: 503, headers: AT_ONCE },
    });
    const run = await read(
      { config, catalog: configure(['contacts', 'conversations', 'conversation_parts'], 'incremental') },
      { api },
    );
    expect(faultsOfRead(run, catalog).filter((fault) => !fault.startsWith('conversation_parts'))).toEqual([]);
    expect([run.exitCode, run.statuses('contacts').at(-1), run.statuses('conversations').at(-1)]).toEqual([
      1,
      'INCOMPLETE',
      'COMPLETE',
    ]);
    const counted = run.states('contacts').reduce((sum, { sourceStats }) => sum + sourceStats.recordCount, 0);
    expect([counted, counted > 0, counted < 460]).toEqual([run.rows('contacts').length, true, true]);
    const [own, summary, ...more] = run.errors();
    expect(own).toMatchObject({ failure_type: 'transient_error', stream_descriptor: { name: 'contacts' } });
    expect(own?.message).toMatch(/^Reading contacts: Intercom answered 503/);
    expect(summary?.message).toMatch(/^1 of 3 streams failed: contacts\./);
    expect([summary?.failure_type, summary?.stream_descriptor, more]).toEqual(['transient_error', undefined, []]);
    const order = run.messages.map((message) => JSON.stringify(message));
    const incomplete = order.findIndex((each) => each.includes('"INCOMPLETE"'));
    expect(order[incomplete - 1]).toContain('"STATE"');
    expect(order[incomplete + 1]).toContain('"ERROR"');

    simulator.trouble.clear();
    const rest = await read({ config, catalog, state: run.lastStates() }, { api });
    expect(rest.exitCode).toBe(0);
    expect(new Set([...run.rows('contacts'), ...rest.rows('contacts')].map(({ id }) => id)).size).toBe(460);
    expect(rest.rows('contacts').length).toBeLessThan(460);
  });
});

describe('#130 what went wrong is said in Airbyte’s three kinds', () => {
  const KINDS: readonly (readonly [what: string, effect: Effect, type: string, message: RegExp])[] = [
    ['a revoked token', { kind: 'status', status: 401, code: 'token_revoked' }, 'config_error', /access_token/],
    [
      'a missing permission',
      { kind: 'status', status: 403, code: 'forbidden' },
      'config_error',
      /Read and list users and companies/,
    ],
    [
      'a server that is down',
      { kind: 'status', status: 503, headers: AT_ONCE },
      'transient_error',
      /run the sync again later/,
    ],
    [
      'a rate limit that does not end',
      { kind: 'rateLimit', resetIn: null, retryAfter: 1200 },
      'transient_error',
      /rate limit/,
    ],
    ['a bad request', { kind: 'status', status: 400, code: 'invalid_field' }, 'system_error', /report/],
    ['an answer without records', { kind: 'shape', remove: ['data'] }, 'system_error', /report/],
    [
      'JSON that is not an object',
      { kind: 'status', status: 200, body: [], headers: AT_ONCE },
      'system_error',
      /report/,
    ],
    ['JSON that is cut off', { kind: 'status', status: 200, body: 'cut', headers: AT_ONCE }, 'system_error', /./],
  ];

  const runs = batch(KINDS, async ([what, effect]) => {
    const own = await startWorkspace();
    if (what === 'JSON that is cut off')
      own.trouble.add({ match: { route: CONTACTS }, effect: { kind: 'rewrite', change: (text) => text.slice(0, -2) } });
    own.trouble.add({ match: { route: CONTACTS }, effect });
    const run = await read({ config: { access_token: own.token }, catalog }, { api: own.url });
    await own.close();
    return run;
  });

  test.each(KINDS.map(([what, , type, message], index) => [what, type, message, index] as const))(
    '#130 #132 %s is a %s',
    async (what, type, message, index) => {
      const run = await runs(index);
      const stopsAll = /^a revoked token|^a rate limit/.test(what);
      expect([run.exitCode, run.statuses('contacts').at(-1)]).toEqual([1, 'INCOMPLETE']);
      expect(run.rows('contacts')).toEqual([]);
      expect([...new Set(run.errors().map(({ failure_type: kind }) => kind))]).toEqual([type]);
      expect(run.errors()[0]?.message).toMatch(message);
      for (const { message: words } of run.errors()) expect(words).not.toMatch(/\n|\.js:\d|simulator-token/);
      expect([run.statuses('conversations').at(-1), run.rows('conversations').length]).toEqual(
        stopsAll ? ['INCOMPLETE', 0] : ['COMPLETE', 16],
      );
    },
  );

  test('#130 of several failures the gravest names the whole', async () => {
    simulator.trouble.add({ match: { route: CONTACTS }, effect: { kind: 'status', status: 403, code: 'forbidden' } });
    simulator.trouble.add({
      match: { route: CONVERSATIONS },
      effect: { kind: 'status', status: 503, headers: AT_ONCE },
    });
    const run = await read({ config, catalog }, { api });
    expect(run.errors('contacts')[0]?.failure_type).toBe('config_error');
    expect(run.errors('conversations')[0]?.failure_type).toBe('transient_error');
    expect(run.errors().at(-1)).toMatchObject({
      failure_type: 'config_error',
      message: expect.stringMatching(/^2 of 2/),
    });
  });
});

describe('#131 a rate limit', () => {
  let limited: Simulator;

  beforeAll(async () => {
    const windows = { limit: 10_000, windowSeconds: 2 };
    limited = await startWorkspace({ sizes: { conversations: 60 }, frozen: false, latency: 20, rateLimit: windows });
  });

  afterAll(async () => {
    await limited.close();
  });

  test('#131 in the middle of a read is waited for, and said to be', async () => {
    const only = configure(['conversation_parts'], 'incremental');
    const running = startRead({ config: { ...config, concurrency: 2 }, catalog: only }, { api: limited.url });
    await running.seen((message) => message.type === 'RECORD');
    const rule = limited.trouble.add({ match: { times: 1 }, effect: { kind: 'rateLimit' } });
    const run = await running.ended;
    expect([run.exitCode, run.errors(), faultsOfRead(run, only), rule.hits]).toEqual([0, [], [], 1]);
    expectAnnouncedWait(run, 'conversation_parts');
  });

  test('#131 at the beginning of a stream is waited for, and said to be', async () => {
    const route = 'POST /conversations/search';
    const rule = limited.trouble.add({ match: { route, times: 1 }, effect: { kind: 'rateLimit' } });
    const run = await read({ config, catalog: configure(['conversations'], 'incremental') }, { api: limited.url });
    expect([run.exitCode, run.rows('conversations').length, rule.hits]).toEqual([0, 64, 1]);
    expectAnnouncedWait(run, 'conversations');
  });

  test.each([1, 0, -5])(
    '#131 that says to end in %i s, before others said so, is not hammered at',
    async (resetIn) => {
      const times: number[] = [];
      limited.onRequest = ({ status }) => {
        if (status === 429) times.push(Date.now());
      };
      const route = 'POST /conversations/search';
      const rule = limited.trouble.add({ match: { route, times: 6 }, effect: { kind: 'rateLimit', resetIn } });
      const input = { config, catalog: configure(['conversations'], 'incremental') };
      const run = await read(input, { api: limited.url });
      limited.onRequest = undefined;
      expect([run.exitCode, run.rows('conversations').length, rule.hits]).toEqual([0, 64, 6]);
      expect(times.at(-1)! - times[0]!).toBeGreaterThan(1_000);
    },
    30_000,
  );

  /** A RUNNING that says until when it waits, and one that says that it goes on. */
  function expectAnnouncedWait(run: Run, stream: string): void {
    const statuses = run.streamStatuses(stream);
    const place = statuses.findIndex(({ reasons }) => reasons !== undefined);
    const { status, reasons } = statuses[place] ?? {};
    expect([status, reasons?.map(({ type }) => type)]).toEqual(['RUNNING', ['RATE_LIMITED']]);
    const reset = reasons?.[0]?.rate_limited?.quota_reset ?? 0;
    expect(reset).toBeGreaterThan(run.startedAt);
    expect(reset).toBeLessThan(run.endedAt + 4_000);
    expect(statuses.slice(place + 1).map(({ status, reasons }) => [status, reasons])).toEqual([
      ['RUNNING', undefined],
      ['COMPLETE', undefined],
    ]);
  }
});

describe('#134 a mistake in the program', () => {
  /** Makes the program stumble once it has printed its first record. */
  function stumble(how: string): Readonly<Record<string, string>> {
    const script = `
      const write = process.stdout.write.bind(process.stdout);
      let done = false;
      process.stdout.write = (...words) => {
        if (!done && String(words[0]).includes('"RECORD"')) { done = true; setImmediate(() => { ${how} }); }
        return write(...words);
      };`;
    return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
  }

  test.each([
    ['thrown', 'throw new Error("a planted mistake")'],
    ['rejected', 'void Promise.reject(new Error("a planted mistake"))'],
  ])('#134 %s where nobody catches it is logged, is an error of ours, and ends the program', async (_how, how) => {
    simulator.latency = 10;
    const run = await read({ config, catalog }, { api, env: stumble(how) });
    simulator.latency = 0;
    expect(run.exitCode).toBe(1);
    expect(run.logs('FATAL')).toEqual([expect.stringContaining('a planted mistake')]);
    expect(run.complaints).toEqual([expect.stringMatching(/^system_error: .*a planted mistake.*report/)]);
    expect(run.stderr).toBe('');
  });

  test('#134 that keeps it from reporting one does not keep it from ending', async () => {
    const script = 'process.stdout.write = () => { throw new Error("a planted mistake"); };';
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
    const run = await read({ config, catalog }, { api, env, patience: 4_000 });
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
  });
});
