import { describe, expect, test } from '@jest/globals';
import { readChains, type ChainsOptions } from './chains.ts';
import { MARGIN } from './promise.ts';
import type { Found } from './search-page.ts';
import type { Range } from './search-query.ts';
import { all, NOW } from './testing/context.ts';
import { foundOf } from './testing/found.ts';

/** Long enough ago that search shows everything of then. */
const OLD = NOW - 5000;
/** Where a chain from second 2 on is cut. */
const MIDDLE = Math.floor((2 + NOW - MARGIN) / 2);

const range = (from?: number): Range => ({ field: 'updated_at', from, alternatives: [[]] });

/** Answers of a search, by `from token`; several for one who asks again. */
function scripted(answers: Readonly<Record<string, readonly (Found | Promise<Found> | Error)[]>>) {
  const asked: string[] = [];
  const ask: ChainsOptions['ask'] = async ({ from }, token) => {
    const key = `${String(from ?? 'all')} ${token ?? 'first'}`;
    const count = asked.filter((each) => each === key).length;
    asked.push(key);
    const answer = await (answers[key]?.[count] ?? answers[key]?.at(-1));
    if (answer === undefined) throw new Error(`Nobody expects ${key}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { ask, asked };
}

function read(ask: ChainsOptions['ask'], ...ranges: readonly Range[]): ReturnType<typeof readChains> {
  return readChains({ ask, purpose: 'Reading things', ranges, pageSize: 2, startedAt: NOW });
}

function ids(pages: readonly Found[]): readonly string[] {
  return pages.flatMap(({ records }) => records.map(({ id }) => String(id)));
}

describe('one range', () => {
  test('comes page by page, whatever its pages name as the next', async () => {
    const { ask } = scripted({
      'all first': [foundOf([1, 2], { token: 'a' })],
      'all a': [foundOf([], { token: 'b' })],
      'all b': [foundOf([3])],
    });
    expect(ids(await all(read(ask, range())))).toEqual(['r1', 'r2', 'r3']);
  });

  test('that is empty is one page without records', async () => {
    const { ask, asked } = scripted({ 'all first': [foundOf([])] });
    expect(ids(await all(read(ask, range())))).toEqual([]);
    expect(asked).toEqual(['all first']);
  });

  test('ends with the failure of a page, after the pages before it', async () => {
    const { ask } = scripted({
      'all first': [foundOf([1, 2], { token: 'a' })],
      'all a': [foundOf([3, 4], { token: 'b' })],
      'all b': [new Error('502')],
    });
    const pages: Found[] = [];
    const reading = async () => {
      for await (const page of read(ask, range())) pages.push(page);
    };
    await expect(reading()).rejects.toThrow('502');
    expect(ids(pages)).toEqual(['r1', 'r2', 'r3', 'r4']);
  });

  test('gives what was fetched before the failure of a later part, however early that came', async () => {
    const { ask } = scripted({
      'all first': [foundOf([1, 4], { token: 'a' })],
      'all a': [new Promise<Found>((resolve) => setTimeout(resolve, 5, foundOf([6])))],
      '5 first': [foundOf([6], { token: 'b' })],
      '5 b': [new Error('502')],
    });
    const pages: Found[] = [];
    const reading = async () => {
      for await (const page of read(ask, range(), range(5))) pages.push(page);
    };
    await expect(reading()).rejects.toThrow('502');
    expect(ids(pages)).toEqual(['r1', 'r4', 'r6']);
  });

  test('does not fail when only its middle cannot be looked into', async () => {
    const { ask } = scripted({
      'all first': [foundOf([1, 2], { token: 'a', total: 100 })],
      'all a': [foundOf([3, 4])],
      [`${String(MIDDLE)} first`]: [new Error('502')],
    });
    expect(ids(await all(read(ask, range())))).toEqual(['r1', 'r2', 'r3', 'r4']);
  });

  test('asks for nothing more once its reader has left', async () => {
    const { ask, asked } = scripted({
      'all first': [foundOf([1, 2], { token: 'a' })],
      'all a': [foundOf([3, 4], { token: 'b' })],
      'all b': [foundOf([5])],
    });
    const pages = read(ask, range());
    await pages.next();
    await pages.return();
    const count = asked.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.length).toBe(count);
  });

  test.each([
    ['opens a second chain in its middle', OLD, false],
    ['reads on where the middle holds nothing else', 2, true],
    ['reads on where the middle holds nothing but the newest rows, since more may come before them', NOW - 500, true],
  ])('with much left %s', async (_, middle, readsOn) => {
    const { ask, asked } = scripted({
      'all first': [foundOf([1, 2], { token: 'a', total: 100 })],
      'all a': [new Promise<Found>((resolve) => setImmediate(resolve, foundOf([3, OLD], { token: 'b' })))],
      'all b': [foundOf([NOW])],
      [`${String(MIDDLE)} first`]: [foundOf([middle, NOW])],
    });
    expect(ids(await all(read(ask, range())))).toEqual(['r1', 'r2', 'r3', `r${String(OLD)}`, `r${String(NOW)}`]);
    expect(asked.includes('all b')).toBe(readsOn);
  });
});

test('a chain whose page came too early goes on when another has been opened behind it', async () => {
  // The chain meets rows of now while its middle is being looked at; then the middle turns out to hold rows of its own.
  let open: (found: Found) => void = () => undefined;
  const middle = new Promise<Found>((resolve) => (open = resolve));
  const { ask } = scripted({
    'all first': [foundOf([1, 2], { token: 'a', total: 100 })],
    'all a': [foundOf([3, NOW + 5]), foundOf([3, OLD], { token: 'b' })],
    [`${String(MIDDLE)} first`]: [middle, foundOf([OLD, NOW + 5])],
  });
  const reading = all(read(ask, range()));
  setImmediate(() => {
    open(foundOf([OLD, NOW + 5], { total: 100 }));
  });
  expect(ids(await reading)).toEqual(['r1', 'r2', 'r3', `r${String(OLD)}`, `r${String(NOW + 5)}`]);
});

describe('two ranges', () => {
  test('meet without a gap and without a repeat', async () => {
    const { ask } = scripted({
      'all first': [foundOf([1, 4], { token: 'a' })],
      'all a': [foundOf([6, 8], { token: 'b' })],
      '5 first': [foundOf([6, 7, 8])],
    });
    expect(ids(await all(read(ask, range(), range(5))))).toEqual(['r1', 'r4', 'r6', 'r7', 'r8']);
  });

  test('ask for the end of the second once more when the first has been read, and no more often', async () => {
    const { ask, asked } = scripted({
      'all first': [foundOf([1, 4], { token: 'a' })],
      'all a': [new Promise<Found>((resolve) => setImmediate(resolve, foundOf([5, 6])))],
      '5 first': [foundOf([6, 7]), foundOf([6, 7, NOW])],
    });
    expect(ids(await all(read(ask, range(), range(5))))).toContain(`r${String(NOW)}`);
    expect(asked).toEqual(['all first', '5 first', 'all a', '5 first']);
  });

  test('ask again for a page of the last minutes, into which a row may have moved that search was late with', async () => {
    // r4 changed before the read; until search shows that, it is where it was. The first range no longer has it.
    const { ask } = scripted({
      'all first': [foundOf([1, 3], { token: 'a' })],
      'all a': [new Promise<Found>((resolve) => setTimeout(resolve, 5, foundOf([6])))],
      '5 first': [foundOf([6, OLD], { token: 'b' })],
      '5 b': [foundOf([NOW - 200, NOW - 100], { token: 'c' }), foundOf([NOW - 200, NOW - 150], { token: 'c' })],
      '5 c': [foundOf([NOW - 100])],
    });
    expect(ids(await all(read(ask, range(), range(5))))).toContain(`r${String(NOW - 150)}`);
  });

  test('promise nothing of the time of the second, which was empty, before it has been asked again', async () => {
    const { ask } = scripted({
      'all first': [foundOf([1, 4], { token: 'a' })],
      'all a': [foundOf([6, 9])],
      '5 first': [foundOf([]), foundOf([8])],
    });
    const pages = await all(read(ask, range(), range(5)));
    expect(pages.map(({ last }) => last)).toEqual([4, 4, 8]);
  });

  test('are not cut where the first comes out of order', async () => {
    const { ask } = scripted({
      'all first': [foundOf([4, 1], { token: 'a' })],
      'all a': [foundOf([8, 2])],
      '5 first': [foundOf([8])],
    });
    const pages = await all(read(ask, range(), range(5)));
    expect(ids(pages)).toEqual(['r4', 'r1', 'r8', 'r2', 'r8']);
    expect(pages[0]?.trusted).toBe(false);
  });
});
