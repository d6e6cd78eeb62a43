import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../intercom/api.ts';
import { catchUp, type AskNewest } from './catch-up.ts';
import type { Found } from './search-page.ts';
import { NOW } from './testing/context.ts';
import { foundOf } from './testing/found.ts';

const refused = new ApiError('refused', 'system', 'Invalid starting_after param', {
  status: 400,
  code: 'client_error',
});

/** Newest first. */
function found(values: readonly number[], token?: string, more: Partial<Found> = {}): Found {
  return foundOf(values, { token, sorted: true, total: 1000, ...more });
}

function run(from: number, answers: readonly (Found | Error)[]) {
  const asked: (string | undefined)[] = [];
  const ask: AskNewest = (_, token) => {
    const answer = answers[asked.length];
    asked.push(token);
    if (answer === undefined) throw new Error('Nobody expects this');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const range = { field: 'updated_at', from, alternatives: [[]] };
  return { asked, result: catchUp(range, ask, 2) };
}

describe('reading backwards', () => {
  test.each<[string, number, Found[], number[] | undefined, number]>([
    ['is one call where nothing changed', 9, [found([8, 7], 'a')], [7, 8], 1],
    ['is one call for an empty search', 9, [found([])], [], 1],
    [
      'goes on at the very second that is wanted, which may have more',
      7,
      [found([8, 7], 'a'), found([7, 6, 5], 'b'), found([8, 7, 6], 'a')],
      [5, 6, 7, 8],
      3,
    ],
    [
      'does not end at a single row that is too old, whose time might be wrong',
      6,
      [found([8, 1], 'a'), found([7, 6], 'b')],
      undefined,
      2,
    ],
    [
      'ends at the second row that is too old, also on the next page',
      6,
      [found([8, 5], 'a'), found([4], 'b'), found([8, 5, 4], 'c')],
      [4, 5, 8],
      3,
    ],
    ['ends with the search', 1, [found([8, 7], 'a'), found([6]), found([8, 7], 'a')], [6, 7, 8], 3],
    ['is given up for answers out of order', 1, [found([8, 9], 'a', { sorted: false })], undefined, 1],
    ['is given up for a page above the one before', 1, [found([8, 7], 'a'), found([9, 6], 'b')], undefined, 2],
    ['is given up for a page that names no next one', 1, [found([8, 7], undefined, { isCut: true })], undefined, 1],
    ['ends where all came that Intercom counts', 1, [found([8, 7], undefined, { isCut: true, total: 2 })], [7, 8], 1],
    [
      'is given up for a page that repeats',
      1,
      [found([8, 7], 'a'), found([7, 7], 'b'), found([7, 7], 'b'), found([7, 7], 'b')],
      undefined,
      4,
    ],
  ])('%s', async (_, from, answers, values, calls) => {
    const { asked, result } = run(from, answers);
    const records = (await result)?.records.map((row) => row['updated_at'] as number);
    expect(records === undefined ? undefined : [...new Set(records)]).toEqual(values && [...new Set(values)]);
    expect(asked.length).toBe(calls);
  });

  test('is given up when Intercom refuses a token, but no other failure is', async () => {
    expect(await run(1, [found([8, 7], 'a'), refused]).result).toBeUndefined();
    await expect(run(1, [refused]).result).rejects.toBe(refused);
    const outage = new ApiError('transient', 'transient', '502', { status: 502 });
    await expect(run(1, [found([8, 7], 'a'), outage]).result).rejects.toBe(outage);
  });

  test('takes a row that moved from where it is now', async () => {
    const { result } = run(3, [
      found([NOW - 800, NOW - 900], 'a'),
      found([3, 2, 1], 'b'),
      found([NOW, NOW - 800, 2, 1], 'c'),
    ]);
    expect((await result)?.records.map(({ id }) => id)).toEqual([
      'r1',
      'r2',
      'r3',
      `r${String(NOW - 900)}`,
      `r${String(NOW - 800)}`,
      `r${String(NOW)}`,
    ]);
  });

  test('takes a row that moved into the last minutes, since search was late with its change', async () => {
    const { asked, result } = run(3, [
      found([NOW - 8, NOW - 90], 'a'),
      found([7, 2, 1], 'b'),
      found([NOW + 9, NOW + 8], 'c'),
      found([NOW - 8, NOW - 50], 'd'),
      found([NOW - 90, 7, 2], 'e'),
      found([NOW + 9, NOW - 8, NOW - 50], 'f'),
    ]);
    expect((await result)?.records.map(({ id }) => id)).toContain(`r${String(NOW - 50)}`);
    expect(asked.length).toBe(6);
  });

  test('keeps its order when a row has gone, and others came in from behind the page', async () => {
    // r9 is deleted after the first page was read; the newest page then holds r7 as well.
    const { result } = run(3, [found([20, 9], 'a'), found([7, 2, 1], 'b'), found([20, 7, 2], 'c')]);
    expect((await result)?.records.map((row) => row['updated_at'])).toEqual([1, 2, 7, 9, 20]);
  });

  test('does not turn round late where all that there can be has room', async () => {
    const sparse = [1, 2, 3, 4, 5].map((page) => found([NOW - page * 1000], `sparse ${String(page)}`, { total: 60 }));
    const dense = Array.from({ length: 12 }, (_, page) => found([NOW - 5001], `dense ${String(page)}`, { total: 60 }));
    const { result } = run(NOW - 10_000, [
      ...sparse,
      ...dense,
      found([NOW - 20_000, NOW - 20_001]),
      found([NOW - 1000, NOW - 20_000, NOW - 20_001], 'new'),
    ]);
    expect((await result)?.records.length).toBe(19);
  });

  test('is given up where every page has a single row, of which none can be the only one', async () => {
    const single = Array.from({ length: 20 }, (_, call) => found([NOW - 1000 * (1 + (call % 2))], String(call)));
    const { asked, result } = run(NOW - 500, single);
    expect(await result).toBeUndefined();
    expect(asked.length).toBe(8);
  });

  test('turns round early where much has changed', async () => {
    const dense = Array.from({ length: 9 }, (_, page) => found([NOW - 10 - page], String(page), { total: 100_000 }));
    const { asked, result } = run(NOW - 10_000, dense);
    expect(await result).toBeUndefined();
    expect(asked.length).toBe(2);
  });
});
