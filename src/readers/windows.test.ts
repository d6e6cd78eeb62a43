import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ApiError, type Request } from '../intercom/api.ts';
import { all, contextOf, NOW, type TestContext } from './testing/context.ts';
import { windows } from './windows.ts';

const DAY = 86_400;

interface Entry {
  id: string;
  created_at: number;
}

function log(step: number, pageSize = 250) {
  return windows<Entry>('/logs', 'activity_logs', {
    purpose: 'Reading activity logs',
    cursor: 'created_at',
    step: () => step,
    pageSize,
  }).walk;
}

/** Bounds without their own second, newest first, as Intercom's. */
function answering(times: readonly number[], pageSize = 250) {
  return ({ path, body }: Request) => {
    if (path === '/me') return { app: { created_at: NOW - 10 * DAY } };
    const { created_at_after: after, created_at_before: before, page } = body as Record<string, number>;
    const found = times
      .filter((time) => time > after! && time < before!)
      .sort((a, b) => b - a)
      .map((time) => ({ id: String(time), created_at: time }));
    return {
      activity_logs: found.slice((page! - 1) * pageSize, page! * pageSize),
      pages: { page, total_pages: Math.ceil(found.length / pageSize) },
    };
  };
}

function spans({ requests }: TestContext): readonly number[] {
  return requests
    .filter(({ path }) => path === '/logs')
    .map(({ body }) => Math.round((Number(body?.['created_at_before']) - Number(body?.['created_at_after'])) / DAY));
}

const since = (seconds: number) => ({ wants: [{ since: seconds, filters: [] }] });

test('entries without an id all come', async () => {
  const entries = [{ created_at: NOW - 5 }, { created_at: NOW - 5 }, { id: null, created_at: NOW - 4 }];
  const context = contextOf(() => ({ activity_logs: entries, pages: { total_pages: 1 } }), since(NOW - 10));
  const pages = await all(log(1).read(context));
  expect(pages.flatMap(({ records }) => records)).toEqual(entries);
});

describe('a log read by windows', () => {
  test.each([
    ['from the start of the workspace', {}, 30, 1],
    ['by several windows', {}, 3, 4],
    ['from where it was left', since(NOW - 2 * DAY), 30, 1],
    ['from a moment that is yet to come', since(NOW + 5 * DAY), 30, 1],
  ])('comes whole and in order: %s', async (_, want, step, calls) => {
    const times = [NOW - 9 * DAY, NOW - 7 * DAY, NOW - 7 * DAY - 1, NOW - 4 * DAY, NOW - 5, NOW];
    const context = contextOf(answering(times), want);
    const pages = await all(log(step).read(context));
    const from = 'wants' in want ? want.wants[0]!.since : -Infinity;
    expect(pages.flatMap(({ records }) => records.map(({ created_at: at }) => at))).toEqual(
      times.filter((time) => time >= from).sort((a, b) => a - b),
    );
    expect(pages.at(-1)?.through).toBe(NOW - 600);
    expect(spans(context).length).toBe(calls);
    for (const { body } of context.requests)
      if (body !== undefined)
        expect(Number(body['created_at_before'])).toBeGreaterThan(Number(body['created_at_after']));
  });

  test.each([1, -11_676_096_000, 884_541_340_800, NOW - 9 * DAY])(
    'keeps a row whose time (%d) is far outside of its window, once',
    async (wrong) => {
      const times = [NOW - 5 * DAY, NOW - 4 * DAY, NOW - 3 * DAY];
      const answer = answering(times);
      const context = contextOf((request) => {
        const body = answer(request) as { activity_logs?: { created_at: number }[] };
        for (const row of body.activity_logs ?? []) if (row.created_at === NOW - 4 * DAY) row.created_at = wrong;
        return body;
      }, {});
      const pages = await all(log(2).read(context));
      expect(pages.flatMap(({ records }) => records.map(({ id }) => id)).sort()).toEqual(times.map(String).sort());
    },
  );

  test('takes all pages of a window, each row once', async () => {
    const times = Array.from({ length: 7 }, (_, index) => NOW - index);
    const pages = await all(log(30, 3).read(contextOf(answering(times, 3), since(NOW - DAY))));
    expect(pages.flatMap(({ records }) => records).length).toBe(7);
  });

  test('promises no second that a window had in its margin, however late the next is asked for', async () => {
    let now = NOW;
    const context = contextOf(
      (request) => {
        now += 1000; // a slow answer
        return answering([])(request);
      },
      { now: () => now, ...since(NOW - DAY - 60) },
    );
    const pages = await all(log(1).read(context));
    expect(pages.map(({ through }) => through)).toEqual([NOW - 600, NOW - 600]);
  });

  test('asks for half the time when Intercom fails, and for more again afterwards', async () => {
    const answer = answering([NOW - 39 * DAY, NOW - 2]);
    const context = contextOf(
      (request) => {
        const { created_at_after: after, created_at_before: before } = request.body as Record<string, number>;
        if (after! < NOW - 35 * DAY && before! - after! > 9 * DAY)
          throw new ApiError('transient', 'transient', '504', { status: 504 });
        return answer(request);
      },
      since(NOW - 40 * DAY),
    );
    const pages = await all(log(32).read(context));
    expect(pages.flatMap(({ records }) => records).length).toBe(2);
    expect(spans(context)).toEqual([32, 16, 8, 16, 17]);
  });

  test.each([
    ['transient', 500, true],
    ['transient', 502, true],
    ['transient', undefined, true],
    ['transient', 429, false],
    ['unexpected', 502, false],
    ['no_permission', 403, false],
  ] as const)('fails with what is %s (%p) in the end', async (failure, status, isRepeated) => {
    const context = contextOf(
      () => {
        throw new ApiError(failure, 'transient', 'failed', { status });
      },
      since(NOW - DAY),
    );
    await expect(all(log(1).read(context))).rejects.toThrow('failed');
    expect(context.requests.length > 1).toBe(isRepeated);
  });
});

test('whatever the times, the steps and the size that Intercom bears: all of it comes once, in order, and none after its promise', async () => {
  const worlds = fc.record({
    // Many of them where a window ends, or next to it.
    ages: fc.uniqueArray(
      fc.tuple(fc.nat({ max: 60 }), fc.constantFrom(-1, 0, 1)).map(([days, off]) => Math.max(0, days * DAY + off)),
      { minLength: 10, maxLength: 30 },
    ),
    step: fc.integer({ min: 1, max: 91 }),
    pageSize: fc.integer({ min: 1, max: 5 }),
    since: fc.nat({ max: 50 }).map((days) => days * DAY),
    /** Days of which Intercom answers at most at once: the newest window asks for one more than there is. */
    most: fc.integer({ min: 2, max: 100 }),
    /** Whether Intercom's bounds hold their own second. */
    isInclusive: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(worlds, async ({ ages, step, pageSize, since: age, most, isInclusive }) => {
      const times = ages.map((each) => NOW - each);
      const answer = answering(times, pageSize);
      const bearing = (request: Request): unknown => {
        const { created_at_after: after, created_at_before: before } = request.body as Record<string, number>;
        if (before! - after! > most * DAY + 2) throw new ApiError('transient', 'transient', '504', { status: 504 });
        if (!isInclusive) return answer(request);
        return answer({
          ...request,
          body: { ...request.body, created_at_after: after! - 1, created_at_before: before! + 1 },
        });
      };
      const sent: number[] = [];
      let promise = -Infinity;
      for await (const page of log(step, pageSize).read(contextOf(bearing, since(NOW - age)))) {
        const rows = page.records.map((row) => Number(row['created_at']));
        expect(rows.filter((time) => time < promise)).toEqual([]);
        sent.push(...rows);
        promise = Math.max(promise, page.through ?? -Infinity);
      }
      expect(sent).toEqual(times.filter((time) => time >= NOW - age).sort((a, b) => a - b));
      expect(promise).toBe(NOW - 600);
    }),
  );
});
