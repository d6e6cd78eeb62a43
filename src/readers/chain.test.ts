import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../intercom/api.ts';
import { Chain } from './chain.ts';
import type { Found } from './search-page.ts';
import type { Range } from './search-query.ts';
import { foundOf } from './testing/found.ts';

const refused = new ApiError('refused', 'system', 'Invalid starting_after param', {
  status: 400,
  code: 'client_error',
});

const PURPOSE = 'Reading things';

async function run(answers: readonly (Found | Error)[]) {
  const asked: string[] = [];
  const ask = ({ from }: Range, token?: string): Promise<Found> => {
    const answer = answers[asked.length];
    asked.push(`${String(from ?? 'all')} ${token ?? 'first'}`);
    if (answer === undefined) throw new Error('Nobody expects this');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const chain = await Chain.open({ field: 'updated_at', from: undefined, alternatives: [[]] }, ask, PURPOSE);
  while (!chain.ended && asked.length < 50) await chain.advance(() => true);
  return { chain, asked, values: chain.queue.flatMap(({ records }) => records.map((row) => row['updated_at'])) };
}

describe('a chain of pages', () => {
  test.each<[string, (Found | Error)[], number[], string[]]>([
    ['ends without a token', [foundOf([1, 2], { token: 'a' }), foundOf([3])], [1, 2, 3], ['all first', 'all a']],
    [
      'passes an empty page',
      [foundOf([1], { token: 'a' }), foundOf([], { token: 'b' }), foundOf([3])],
      [1, 3],
      ['all first', 'all a', 'all b'],
    ],
    [
      'goes on from the last second when a token repeats',
      [
        foundOf([1, 2], { token: 'a' }),
        foundOf([3, 4], { token: 'b' }),
        foundOf([5, 6], { token: 'a' }),
        foundOf([6, 7]),
      ],
      [1, 2, 3, 4, 5, 6, 7],
      ['all first', 'all a', 'all b', '6 first'],
    ],
    [
      'goes on from the last second when a token is refused',
      [foundOf([1, 2], { token: 'a' }), refused, foundOf([2], { token: 'b' }), foundOf([3])],
      [1, 2, 3],
      ['all first', 'all a', '2 first', '2 b'],
    ],
    [
      'goes on from the last second when a page before the last names no next one',
      [foundOf([1, 2], { isCut: true, total: 4 }), foundOf([2, 3, 4])],
      [1, 2, 3, 4],
      ['all first', '2 first'],
    ],
    ['ends where all came that Intercom counts', [foundOf([1, 2], { isCut: true })], [1, 2], ['all first']],
    [
      'drops what lies before it when the new search begins with its day',
      [foundOf([4, 5], { token: 'a' }), refused, foundOf([1, 2, 4], { token: 'b' }), foundOf([5, 6])],
      [4, 5, 6],
      ['all first', 'all a', '5 first', '5 b'],
    ],
  ])('%s', async (_, answers, values, expected) => {
    const { asked, values: found } = await run(answers);
    expect(found).toEqual(values);
    expect(asked).toEqual(expected);
  });

  test('takes new rows of the second from which it goes on', async () => {
    const again = foundOf([2, 2]);
    const records = [
      { id: 'r2', updated_at: 2 },
      { id: 'other', updated_at: 2 },
    ];
    const { chain } = await run([foundOf([1, 2], { token: 'a' }), refused, { ...again, records }]);
    expect(chain.queue.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(['r1', 'r2', 'other']);
  });

  test.each<[string, Found[]]>([
    ['when no page names the next', Array.from({ length: 2 }, () => foundOf([1, 1], { isCut: true, total: 3 }))],
    ['when empty pages do not end', Array.from({ length: 40 }, (_, index) => foundOf([], { token: String(index) }))],
  ])('fails rather than lose rows %s', async (_, answers) => {
    await expect(run(answers)).rejects.toThrow(/^Reading things: Intercom's pages .*lead nowhere \(updated_at /);
  });

  test.each<[string, (Found | Error)[]]>([
    ['it gets no further', [foundOf([1, 2], { token: 'a' }), refused, foundOf([2], { token: 'b' }), refused]],
    ['it has no second to go on from', [foundOf([], { token: 'a' }), refused]],
  ])('fails with the refusal of a token where %s', async (_, answers) => {
    await expect(run(answers)).rejects.toBe(refused);
  });

  test('fails with anything else', async () => {
    const outage = new ApiError('transient', 'transient', '502', { status: 502 });
    await expect(run([foundOf([1], { token: 'a' }), outage])).rejects.toBe(outage);
    await expect(run([refused])).rejects.toBe(refused);
  });

  test.each<[string, Found[], boolean]>([
    ['ascending', [foundOf([1, 2], { token: 'a' }), foundOf([2, 3])], true],
    ['falling within a page', [foundOf([2, 1])], false],
    ['falling between pages', [foundOf([1, 5], { token: 'a' }), foundOf([4])], false],
  ])('knows whether it is in order: %s', async (_, answers, isSorted) => {
    expect((await run(answers)).chain.sorted).toBe(isSorted);
  });

  test('forgets that it went on from a second when it is rewound', async () => {
    const pages = [foundOf([3, 4], { isCut: true, total: 9 }), foundOf([2, 3, 4])];
    const asked: (number | undefined)[] = [];
    const ask = ({ from }: Range) => Promise.resolve(pages[asked.push(from) - 1]!);
    const chain = await Chain.open({ field: 'updated_at', from: 2, alternatives: [[]] }, ask, PURPOSE);
    chain.rewind();
    await chain.advance(() => true);
    expect(asked).toEqual([2, 2]);
    expect(chain.queue.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(['r2', 'r3', 'r4']);
  });

  test('asks for a page again that cannot be used', async () => {
    const pages = [foundOf([1], { token: 'a' }), foundOf([2]), foundOf([2, 3])];
    const tokens: (string | undefined)[] = [];
    const ask = (_: Range, token?: string) => Promise.resolve(pages[tokens.push(token) - 1]!);
    const chain = await Chain.open({ field: 'updated_at', from: undefined, alternatives: [[]] }, ask, PURPOSE);
    expect(await chain.advance(() => false)).toBe(false);
    expect(await chain.advance(() => true)).toBe(true);
    expect(tokens).toEqual([undefined, 'a', 'a']);
    expect(chain.fetched).toBe(3);
  });
});
