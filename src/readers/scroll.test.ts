import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../core/parse-json.ts';
import { ApiError, type ApiFailure } from '../intercom/api.ts';
import { scroll } from './scroll.ts';
import { all, contextOf } from './testing/context.ts';

type Answer = readonly number[] | ApiFailure;

const { walk } = scroll<{ id: string }>('/companies/scroll', 'data', {
  purpose: 'Reading companies',
  cursor: 'updated_at',
  listedAt: '/companies/list',
});

/** Answers in the order of asking: the ids of a page, or a failure. */
function scripted(answers: readonly Answer[]) {
  return contextOf((_, index) => {
    const answer = answers[index] ?? [];
    if (typeof answer === 'string') throw new ApiError(answer, 'transient', answer, { status: 500 });
    return { data: answer.map((id) => ({ id: String(id) })), scroll_param: `token ${String(index)}` };
  });
}

describe('a scroll', () => {
  test.each<[string, readonly Answer[], readonly string[], number]>([
    ['comes page by page until one is empty', [[1, 2], [3], []], ['1', '2', '3'], 3],
    ['may be empty', [[]], [], 1],
    ['starts again when it expires, and repeats nothing', [[1, 2], 'gone', [1, 2], [3], []], ['1', '2', '3'], 5],
    ['starts again when Intercom asks for it', [[1, 2], 'transient', [1, 2], [3], []], ['1', '2', '3'], 5],
    ['starts again when its pages go round', [[1], [2], [1], [1], [2], [3], []], ['1', '2', '3'], 7],
    [
      'starts again as long as it gets further',
      [1, 2, 3, 4, 5, 6, 7].flatMap((last) => [...Array.from({ length: last }, (_, id) => [id]), 'transient' as const]),
      ['0', '1', '2', '3', '4', '5', '6'],
      36,
    ],
    ['waits while another one is open', ['scroll_busy', 'scroll_busy', [1], []], ['1'], 4],
  ])('%s', async (_, answers, ids, calls) => {
    const context = scripted(answers);
    const pages = await all(walk.read(context));
    expect(pages.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(ids);
    expect(context.requests.length).toBe(calls);
  });

  test.each<[string, readonly Answer[], string, number]>([
    ['is not there', ['gone'], 'gone', 1],
    ['is not permitted', ['no_permission'], 'no_permission', 1],
    ['is lost', [[1], 'no_permission'], 'no_permission', 2],
    ['stays busy', Array<Answer>(9).fill('scroll_busy'), 'another program holds', 6],
    ['breaks every time', Array<Answer>(20).fill('transient'), 'transient', 5],
    ['goes round every time', Array.from({ length: 20 }, () => [1]), 'already read', 10],
  ])('that %s fails after what came before', async (_, answers, message, calls) => {
    const context = scripted(answers);
    await expect(all(walk.read(context))).rejects.toThrow(message);
    expect(context.requests.length).toBe(calls);
  });

  test('whose records have no id, or long numbers, comes whole, and is known when it goes round', async () => {
    const pages = [[{ name: 'a' }], [{ name: 'b' }], [{ id: JSON.rawJSON('1234567890123456789') }], [{ name: 'a' }]];
    const context = contextOf((_, index) => ({
      data: parseJson(JSON.stringify(pages[index % 4])),
      scroll_param: 'token',
    }));
    const read: object[] = [];
    const reading = async (): Promise<void> => {
      for await (const { records } of walk.read(context)) read.push(...records);
    };
    await expect(reading()).rejects.toThrow('already read');
    expect(read.slice(0, 3)).toEqual(pages.slice(0, 3).flat());
    expect(context.requests.length).toBe(20);
  });

  test('asks for no page twice, since each request moves the scroll on', async () => {
    const context = scripted([[1], [2], []]);
    await all(walk.read(context));
    expect(context.requests.map(({ attempts }) => attempts)).toEqual([undefined, 1, 1]);
  });

  test('waits a minute each time', async () => {
    const context = scripted(['scroll_busy', 'scroll_busy', [1], []]);
    await all(walk.read(context));
    expect(context.slept).toEqual([61_000, 61_000]);
  });

  test('is read at its own pace, however slowly its records are taken', async () => {
    const context = scripted([[1], [2], [3], []]);
    const pages = walk.read(context)[Symbol.asyncIterator]();
    await pages.next();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(context.requests.length).toBe(4);
    await pages.return?.();
  });

  test('asks with the newest token, and stops when its reader leaves', async () => {
    const context = scripted(Array.from({ length: 1000 }, (_, index) => [index]));
    const pages = walk.read(context)[Symbol.asyncIterator]();
    await pages.next();
    await pages.next();
    await pages.return?.();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const count = context.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(context.requests.length).toBe(count);
    expect(context.requests.slice(0, 3).map(({ query }) => query)).toEqual([
      undefined,
      { scroll_param: 'token 0' },
      { scroll_param: 'token 1' },
    ]);
  });
});
