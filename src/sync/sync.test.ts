import { describe, expect, test } from '@jest/globals';
import type { Config } from '../generated/config.ts';
import { ApiError } from '../intercom/api.ts';
import { list } from '../readers/list.ts';
import type { FilterSource } from '../readers/reader.ts';
import { where } from '../readers/source.ts';
import { stream } from '../readers/stream.ts';
import { all, contextOf, NOW } from '../readers/testing/context.ts';
import type { SyncEvent } from './events.ts';
import { sync } from './sync.ts';

const config = { lookback_window: 0, timestamps: 'unix', expand: [] as Config['expand'] } as Config;

function reading(filters: FilterSource) {
  const { api, clock, log, stop } = contextOf(({ path }) => (path === '/me' ? {} : { data: [{ id: '1' }] }));
  const tags = stream('tags', {
    title: 'Tags',
    primaryKey: ['id'],
    permission: '',
    read: where(list('/tags', 'data', { purpose: 'Reading tags' }), filters),
  });
  const selected = [{ stream: tags, isIncremental: false, state: {} }];
  const usage = () => ({ calls: 0, waited: 0 });
  return { stop, events: sync({ selected, config, api, clock, log, signal: stop.signal, usage }) };
}

test('a list that is shorter than Intercom counts leaves its state as it was, and says so', async () => {
  const { api, clock, log, stop } = contextOf(({ path }) =>
    path === '/me' ? {} : { data: [{ id: '1', updated_at: NOW - 1000 }], total_count: total },
  );
  const selected = [
    {
      stream: stream('segments', {
        title: 'Segments',
        primaryKey: ['id'],
        cursor: 'updated_at',
        permission: '',
        read: list('/segments', 'data', { purpose: 'Reading segments', cursor: 'updated_at' }),
      }),
      isIncremental: true,
      state: { updated_at: NOW - 2000 },
    },
  ];
  const usage = () => ({ calls: 0, waited: 0 });
  const ended: unknown[] = [];
  let total = 1;
  for (; total <= 2; total++) {
    const events = await all(sync({ selected, config, api, clock, log, signal: stop.signal, usage }));
    const logs = events.filter((event) => event.type === 'log' && event.message.includes('begins where this one did'));
    const states = events.flatMap((event) => (event.type === 'checkpoint' ? [event.state['updated_at']] : []));
    ended.push([states.at(-1), logs.length]);
  }
  expect(ended).toEqual([
    [NOW - 600, 0],
    [NOW - 2000, 1],
  ]);
});

describe('what the plan does not include, or 404 of a whole list,', () => {
  const lacking = new ApiError('unavailable', 'config', 'Reading segments: 403', { status: 403 });
  const gone = new ApiError('gone', 'system', 'Reading segments: 404', { status: 404 });
  const read = async (error: ApiError, failsAt: number, since: number) => {
    const { api, clock, log, stop } = contextOf(({ path, query }) => {
      if (path === '/me') return {};
      const page = Number(query?.['page'] ?? 1);
      if (page >= failsAt) throw error;
      return { data: [{ id: String(page), updated_at: NOW - 1000 }], page, total_pages: 3 };
    });
    const selected = [{ stream: segments, isIncremental: true, state: { updated_at: since } }];
    const usage = () => ({ calls: 0, waited: 0 });
    const events = await all(sync({ selected, config, api, clock, log, signal: stop.signal, usage }));
    const ended = events.find(({ type }) => type === 'stream_ended');
    const warned = events.some((event) => event.type === 'log' && event.message.includes('does not have it'));
    return [ended?.type === 'stream_ended' && ended.failure?.message, warned];
  };

  test.each([lacking, gone])('is no failure at first: no rows, and a warning', async (error) => {
    expect(await read(error, 1, NOW - 2000)).toEqual([undefined, true]);
  });

  test.each([lacking, gone])('is one after a page, whether or not rows of it were due', async (error) => {
    expect(await read(error, 2, NOW - 2000)).toEqual([error.message, false]);
    expect(await read(error, 2, NOW - 500)).toEqual([error.message, false]);
  });
});

test('a stream that has nothing to send says once a minute that it lives, by its state as it was', async () => {
  let time = NOW;
  const { api, clock, log, stop } = contextOf(
    ({ path, query }) => {
      if (path === '/me') return {};
      time += 25;
      const page = Number(query?.['page'] ?? 1);
      return { data: [{ id: String(page), updated_at: NOW - 9000 }], page, total_pages: 12 };
    },
    { now: () => time },
  );
  const selected = [{ stream: segments, isIncremental: true, state: { updated_at: NOW - 5000 } }];
  const usage = () => ({ calls: 0, waited: 0 });
  const signs: [number, unknown, number][] = [];
  for await (const event of sync({ selected, config, api, clock, log, signal: stop.signal, usage }))
    if (event.type === 'checkpoint') signs.push([time - NOW, event.state['updated_at'], event.count]);
  const last = signs.pop();
  expect(signs.length).toBeGreaterThanOrEqual(3);
  expect(signs.map(([, cursor, count]) => [cursor, count])).toEqual(signs.map(() => [NOW - 5000, 0]));
  const pauses = signs.map(([at], index) => at - (signs[index - 1]?.[0] ?? 0));
  expect(Math.max(...pauses)).toBeLessThan(180); // pages are asked for ahead
  expect(last?.[1]).toBe(NOW - 600);
});

test('stopped while names are looked up, a read blames no stream', async () => {
  const { stop, events } = reading(() => {
    stop.abort(new Error('Stopped'));
    return Promise.reject(new Error('Stopped'));
  });
  const seen: SyncEvent[] = [];
  const read = async () => {
    for await (const event of events) seen.push(event);
  };
  await expect(read()).rejects.toThrow('Stopped');
  expect(seen).toEqual([]);
});

test('a stream whose names cannot be looked up fails alone', async () => {
  const { events } = reading(() => Promise.reject(new Error('No such tag')));
  const seen: SyncEvent[] = [];
  for await (const event of events) seen.push(event);
  expect(seen.map(({ type }) => type)).toEqual(['stream_started', 'stream_running', 'stream_ended']);
});

const segments = stream('segments', {
  title: 'Segments',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: '',
  read: list('/segments', 'data', { purpose: 'Reading segments', cursor: 'updated_at' }),
});
