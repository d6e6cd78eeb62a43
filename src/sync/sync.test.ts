import { describe, expect, test } from '@jest/globals';
import type { Config } from '../generated/config.ts';
import { ApiError, type Request } from '../intercom/api.ts';
import { list } from '../readers/list.ts';
import type { FilterSource, Source } from '../readers/reader.ts';
import { where } from '../readers/source.ts';
import type { Stream } from '../readers/stream.ts';
import { all, contextOf, NOW } from '../readers/testing/context.ts';
import type { SyncEvent } from './events.ts';
import { sync, type SyncOptions } from './sync.ts';

const config = { lookback_window: 0, timestamps: 'unix', expand: [] as Config['expand'] } as Config;

interface Options extends Partial<SyncOptions> {
  readonly state?: Readonly<Record<string, unknown>>;
  /** Unix seconds. */
  readonly now?: () => number;
}

/** A read of streams from an API that is a function; `/me` answers of itself. */
function reading(
  streams: readonly Stream[],
  answer: (request: Request) => unknown,
  { state = {}, now = () => NOW, ...options }: Options = {},
) {
  const context = contextOf((request) => (request.path === '/me' ? {} : answer(request)), { now });
  const { api, clock, log, stop, requests } = context;
  const selected = streams.map((stream) => ({ stream, isIncremental: true, state }));
  const usage = () => ({ calls: requests.length, waited: 0 });
  const events = sync({ selected, config, api, clock, log, signal: stop.signal, usage, ...options });
  return { events, stop, paths: () => requests.map(({ path }) => path) };
}

/** A stream by its name, from a source that it may share. */
function streamOf(name: Stream['name'], source: Source<object>): Stream {
  return { name, title: name, primaryKey: ['id'], cursor: 'updated_at', permission: '', source: () => source };
}

function listOf(path: string): Source<object> {
  return list(path, 'data', { purpose: `Reading ${path}`, cursor: 'updated_at' });
}

const [tags, segments, teams] = [
  streamOf('tags', listOf('/tags')),
  streamOf('segments', listOf('/segments')),
  streamOf('teams', listOf('/teams')),
];
const answering = (...values: readonly number[]) => ({
  data: values.map((value, index) => ({ id: String(index), updated_at: value })),
});

/** How each stream ended, in order, and what else went wrong. */
function endings(events: readonly SyncEvent[]): unknown[] {
  return events.flatMap((event) => {
    if (event.type === 'failed') return [event.failure.message];
    if (event.type !== 'stream_ended') return [];
    const { stream, failure } = event;
    return [
      failure === undefined ? stream : `${stream}: ${failure.message}${failure.isShared === true ? ' (all)' : ''}`,
    ];
  });
}

function logged(events: readonly SyncEvent[], level: string): string[] {
  return events.flatMap((event) => (event.type === 'log' && event.level === level ? [event.message] : []));
}

async function untilThrown(events: AsyncIterable<SyncEvent>): Promise<{ seen: SyncEvent[]; thrown: unknown }> {
  const seen: SyncEvent[] = [];
  try {
    for await (const event of events) seen.push(event);
  } catch (thrown) {
    return { seen, thrown };
  }
  return { seen, thrown: undefined };
}

describe('a read', () => {
  test('of nothing asks for nothing', async () => {
    const { events, paths } = reading([], () => ({}));
    expect([await all(events), paths()]).toEqual([[], []]);
  });

  test('tries the token before anything else, and reads pass by pass', async () => {
    const { events, paths } = reading([tags, segments], () => answering(1));
    expect(endings(await all(events))).toEqual(['tags', 'segments']);
    expect(paths()).toEqual(['/me', '/tags', '/segments']);
  });

  test('begins with the stream that an interrupted one was at', async () => {
    const { events, paths } = reading([tags, segments], () => answering(1), { startWith: 'segments' });
    await all(events);
    expect(paths()).toEqual(['/me', '/segments', '/tags']);
  });

  test('promises for each pass the moment at which that began', async () => {
    let now = NOW;
    const later = () => {
      now += 50;
      return answering(1);
    };
    const events = await all(reading([tags, segments], later, { now: () => now }).events);
    const states = events.flatMap((event) => (event.type === 'checkpoint' ? [event.state['updated_at']] : []));
    expect(states).toEqual([NOW - 600, NOW + 50 - 600]);
  });
});

describe('a token that is refused', () => {
  const refused = new ApiError('bad_token', 'config', '401');

  test('at once ends every stream for the same reason, asks no more, and ends the read', async () => {
    const { api, ...context } = contextOf(() => Promise.reject(refused));
    const { events } = reading([tags, segments], () => ({}), { api });
    const seen = await all(events);
    expect(endings(seen)).toEqual(['tags: 401 (all)', 'segments: 401 (all)', '401']);
    expect(seen.length).toBe(3);
    expect(context.requests.length).toBe(1);
  });

  test('later ends the streams that had not ended, each once, and asks no more', async () => {
    const { events, paths } = reading([tags, segments, teams], ({ path }) =>
      path === '/segments' ? Promise.reject(refused) : answering(1),
    );
    expect(endings(await all(events))).toEqual(['tags', 'segments: 401', 'teams: 401 (all)', '401']);
    expect(paths()).toEqual(['/me', '/tags', '/segments']);
  });
});

test('another failure ends only the streams that it meets', async () => {
  const { events } = reading([tags, segments, teams], ({ path }) =>
    path === '/segments' ? Promise.reject(new ApiError('refused', 'system', '400')) : answering(1),
  );
  expect(endings(await all(events))).toEqual(['tags', 'segments: 400', 'teams']);
});

test('what fails before any stream begins is the failure of all', async () => {
  const { events } = reading([tags], () => ({}), {
    usage: () => {
      throw new Error('No clock');
    },
  });
  expect(endings(await all(events))).toEqual([
    expect.stringMatching(/^tags: .*No clock.* \(all\)$/),
    expect.stringMatching(/No clock/),
  ]);
});

test('a fault of our own ends what has begun, too', async () => {
  const broken = Object.defineProperty(listOf('/segments'), 'query', {
    get: () => {
      throw new Error('Broken');
    },
  });
  const { events } = reading([tags, streamOf('segments', broken)], () => answering(1));
  const seen = await all(events);
  expect(seen.filter(({ type }) => type === 'stream_started').length).toBe(2);
  expect(endings(seen)).toEqual([
    'tags',
    expect.stringMatching(/^segments: .*Broken/),
    expect.stringMatching('Broken'),
  ]);
});

describe('a stream whose names cannot be looked up', () => {
  const failing = (name: Stream['name'], source: Source<object>, filters?: FilterSource) =>
    streamOf(name, where(source, filters ?? (() => Promise.reject(new Error('No such tag')))));

  test('fails alone, in the form of every other', async () => {
    const { events, paths } = reading([failing('tags', listOf('/tags')), segments], () => answering(1));
    const seen = await all(events);
    expect(seen.slice(0, 3)).toMatchObject([
      { type: 'stream_started', stream: 'tags', schema: { title: 'Tag' } },
      { type: 'stream_running', stream: 'tags' },
      { type: 'stream_ended', stream: 'tags', failure: { kind: 'system' } },
    ]);
    expect(endings(seen)).toEqual([expect.stringMatching(/^tags: .*No such tag/), 'segments']);
    expect(paths()).toEqual(['/me', '/segments']);
  });

  test('leaves its walk to the others', async () => {
    const shared = listOf('/tags');
    const { events } = reading([failing('tags', shared), streamOf('segments', shared)], () => answering(1, 2));
    const seen = await all(events);
    expect(endings(seen)).toEqual([expect.stringMatching(/^tags: /), 'segments']);
    expect(logged(seen, 'info')).toEqual([expect.stringMatching(/^segments: 2 rows; 1 call in 0\.0 s$/)]);
  });

  test('is blamed for nothing where the read is stopped meanwhile', async () => {
    const { events, stop } = reading(
      [
        failing('tags', listOf('/tags'), () => {
          stop.abort(new Error('Stopped'));
          return Promise.reject(new Error('Stopped'));
        }),
      ],
      () => ({}),
    );
    expect(await untilThrown(events)).toEqual({ seen: [], thrown: new Error('Stopped') });
  });
});

describe('a read that is stopped', () => {
  test('saves what is out, and ends no stream', async () => {
    const { events, stop } = reading([tags, segments], () => answering(1));
    const seen: SyncEvent[] = [];
    await expect(
      (async () => {
        for await (const event of events) {
          seen.push(event);
          if (event.type === 'records') stop.abort(new Error('Stopped'));
        }
      })(),
    ).rejects.toThrow('Stopped');
    expect(seen.map(({ type }) => type)).toEqual(expect.arrayContaining(['records', 'checkpoint']));
    expect(seen.some((event) => 'stream' in event && event.stream === 'segments')).toBe(false);
  });
});

describe('the closing lines', () => {
  test('tell of each stream its rows, and what its pass cost', async () => {
    let [calls, now] = [100, NOW];
    const answer = () => {
      calls += calls === 100 ? 1 : 4;
      now += 1.5;
      return answering(1, 2);
    };
    const usage = () => ({ calls, waited: calls === 105 ? 5200 : 5000 });
    const events = await all(reading([tags, segments], answer, { usage, now: () => now }).events);
    expect(logged(events, 'info')).toEqual([
      'tags: 2 rows; 1 call in 1.5 s',
      'segments: 2 rows; 4 calls in 1.5 s (0.2 s of it waiting for the rate limit)',
    ]);
  });

  test('tell with how many others a stream shared its pass', async () => {
    const shared = listOf('/tags');
    const two = [streamOf('tags', shared), streamOf('segments', shared)];
    const read = async (streams: readonly Stream[]) =>
      logged(await all(reading(streams, () => answering(1)).events), 'info');
    expect((await read(two))[0]).toMatch(/^tags: 1 row; .* together with 1 other stream$/);
    expect((await read([...two, streamOf('teams', shared)]))[2]).toMatch(/^teams: .* together with 2 other streams$/);
    expect((await read([tags]))[0]).not.toMatch('together');
  });

  test('tell whether all came that Intercom counts', async () => {
    const shared = listOf('/tags');
    const streams = [streamOf('tags', shared), streamOf('segments', shared)];
    const events = await all(reading(streams, () => ({ ...answering(1), total_count: 3 })).events);
    expect(logged(events, 'info')).toEqual(
      ['tags', 'segments'].map((name) => expect.stringMatching(`^${name}: .*saw 1 of 3`)),
    );
    expect(logged(events, 'warn')).toEqual([
      expect.stringMatching(/fewer records/),
      expect.stringMatching(/^tags, segments: Intercom counted 3 records at the start, 1 came/),
    ]);
  });

  const losing: Stream = streamOf('teams', {
    ...listOf('/teams'),
    rows: ({ id }: { readonly id: string }) => Promise.reject(new ApiError('gone', 'system', `404 of ${id}`)),
  });

  test('name what was left out, behind everything else', async () => {
    const seen = await all(reading([losing, tags], () => answering(1, 2)).events);
    expect(endings(seen)).toEqual(['teams', 'tags']);
    expect(seen.at(-1)).toEqual({
      type: 'log',
      level: 'warn',
      message: 'Left out, teams: deleted since it was listed: 2 (0, 1)',
    });
  });

  test.each([
    ['fails', false],
    ['is stopped', true],
  ])('name what was left out, too, where the read %s before its end', async (_, isStopped) => {
    const { events, stop } = reading([losing, tags], ({ path }) => {
      if (path !== '/tags') return answering(1);
      if (isStopped) stop.abort(new Error('Stopped'));
      return Promise.reject(new ApiError('bad_token', 'config', '401'));
    });
    const { seen, thrown } = await untilThrown(events);
    expect(logged(seen, 'warn')).toEqual(['Left out, teams: deleted since it was listed: 1 (0)']);
    expect([seen.at(-1)?.type === 'failed', thrown !== undefined]).toEqual([!isStopped, isStopped]);
  });
});

test('a list that is shorter than Intercom counts leaves its state as it was, and says so', async () => {
  const ended: unknown[] = [];
  for (const total_count of [1, 2]) {
    const answer = () => ({ ...answering(NOW - 1000), total_count });
    const events = await all(reading([segments], answer, { state: { updated_at: NOW - 2000 } }).events);
    const lines = logged(events, 'warn').filter((message) => message.includes('begins where this one did'));
    const states = events.flatMap((event) => (event.type === 'checkpoint' ? [event.state['updated_at']] : []));
    ended.push([states.at(-1), lines.length]);
  }
  expect(ended).toEqual([
    [NOW - 600, 0],
    [NOW - 2000, 1],
  ]);
});

describe('what the plan does not include, or 404 of a whole list,', () => {
  const lacking = new ApiError('unavailable', 'config', 'Reading segments: 403', { status: 403 });
  const gone = new ApiError('gone', 'system', 'Reading segments: 404', { status: 404 });
  const read = async (error: ApiError, failsAt: number, updated_at: number) => {
    const answer = ({ query }: Request) => {
      const page = Number(query?.['page'] ?? 1);
      if (page >= failsAt) throw error;
      return { data: [{ id: String(page), updated_at: NOW - 1000 }], page, total_pages: 3 };
    };
    const events = await all(reading([segments], answer, { state: { updated_at } }).events);
    return [endings(events), logged(events, 'warn').some((message) => message.includes('does not have it'))];
  };

  test.each([lacking, gone])('is no failure at first: no rows, and a warning', async (error) => {
    expect(await read(error, 1, NOW - 2000)).toEqual([['segments'], true]);
  });

  test.each([lacking, gone])('is one after a page, whether or not rows of it were due', async (error) => {
    const ended = [[`segments: ${error.message}`], false];
    expect(await read(error, 2, NOW - 2000)).toEqual(ended);
    expect(await read(error, 2, NOW - 500)).toEqual(ended);
  });
});

test('a stream that has nothing to send says once a minute that it lives, by its state as it was', async () => {
  let time = NOW;
  const answer = ({ query }: Request) => {
    time += 25;
    const page = Number(query?.['page'] ?? 1);
    return { data: [{ id: String(page), updated_at: NOW - 9000 }], page, total_pages: 12 };
  };
  const { events } = reading([segments], answer, { now: () => time, state: { updated_at: NOW - 5000 } });
  const signs: [number, unknown, number][] = [];
  for await (const event of events)
    if (event.type === 'checkpoint') signs.push([time - NOW, event.state['updated_at'], event.count]);
  const last = signs.pop();
  expect(signs.length).toBeGreaterThanOrEqual(3);
  expect(signs.map(([, cursor, count]) => [cursor, count])).toEqual(signs.map(() => [NOW - 5000, 0]));
  const pauses = signs.map(([at], index) => at - (signs[index - 1]?.[0] ?? 0));
  expect(Math.max(...pauses)).toBeLessThan(180); // pages are asked for ahead
  expect(last?.[1]).toBe(NOW - 600);
});
