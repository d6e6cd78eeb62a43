import { describe, expect, test } from '@jest/globals';
import { ApiError, type Request } from '../intercom/api.ts';
import { forEach } from './for-each.ts';
import { list } from './list.ts';
import type { Source } from './reader.ts';
import { where } from './source.ts';
import { all, contextOf } from './testing/context.ts';

interface Row {
  id: string;
  role: string;
  of: string;
}

function ofEach(values: readonly string[]): Source<Row> {
  return forEach<Row>(
    () => Promise.resolve(values),
    (value) =>
      where(list<Row>(`/of/${value}`, 'data', { purpose: 'Reading' }), () => [
        { field: 'role', operator: '=', value: 'user' },
      ]),
    'of',
  );
}

function answer({ path }: Request) {
  const of = path.replace('/of/', '');
  return {
    data: [
      { id: `${of}1`, role: 'user' },
      { id: `${of}2`, role: 'lead' },
    ],
  };
}

async function idsOf(values: readonly string[], answering: (request: Request) => unknown = answer) {
  const context = contextOf(answering);
  const pages = await all(ofEach(values).walk.read(context));
  return { context, rows: pages.flatMap(({ records }) => records), pages };
}

describe('reading for each value', () => {
  test('keeps the order of the values, stamps each row, and keeps to the conditions', async () => {
    const { rows } = await idsOf(['b', 'a']);
    expect(rows).toEqual([
      { id: 'b1', role: 'user', of: 'b' },
      { id: 'a1', role: 'user', of: 'a' },
    ]);
  });

  test('reads a value that is named twice once', async () => {
    expect((await idsOf(['a', 'a'])).rows.length).toBe(1);
  });

  test('promises nothing', async () => {
    expect((await idsOf(['a', 'b'])).pages.every(({ through }) => through === undefined)).toBe(true);
  });

  test.each([
    [[], 0],
    [['a'], 1],
    [Array.from({ length: 35 }, (_, index) => `v${String(index)}`), 35],
  ])('asks once for each of %j', async (values, count) => {
    const { context, rows } = await idsOf(values);
    expect(context.requests.length).toBe(count);
    expect(rows.length).toBe(count);
  });

  test('asks for ten values ahead, and for no more', async () => {
    const values = Array.from({ length: 35 }, (_, index) => `v${String(index)}`);
    const context = contextOf(answer);
    const pages = ofEach(values).walk.read(context)[Symbol.asyncIterator]();
    for (const asked of [10, 11, 12]) {
      await pages.next();
      expect(context.requests.length).toBe(asked);
    }
    await pages.return?.();
    expect(context.requests.length).toBe(12);
  });

  test('leaves out, and names, what is gone', async () => {
    const { context, rows } = await idsOf(['a', 'b'], (request) => {
      if (request.path === '/of/a') throw new ApiError('gone', 'system', 'Not found', { status: 404 });
      return answer(request);
    });
    expect(rows.map(({ id }) => id)).toEqual(['b1']);
    expect(context.skipped).toEqual(['deleted since it was listed: of a']);
  });

  test('takes a search that is not there for a failure', async () => {
    const source = forEach<Row>(
      () => Promise.resolve(['a']),
      (value) => list<Row>('/search', 'data', { purpose: 'Reading', query: { of: value } }),
      'of',
    );
    const gone = new ApiError('gone', 'system', 'Not found', { status: 404 });
    const context = contextOf(() => {
      throw gone;
    });
    await expect(all(source.walk.read(context))).rejects.toBe(gone);
  });

  test('gives what comes before a failure, and then fails', async () => {
    const context = contextOf((request) => {
      if (request.path === '/of/b') throw new ApiError('no_permission', 'config', 'No', { status: 403 });
      return answer(request);
    });
    const found: unknown[] = [];
    const reading = async () => {
      for await (const { records } of ofEach(['a', 'b', 'c']).walk.read(context)) found.push(...records);
    };
    await expect(reading()).rejects.toThrow('No');
    expect(found.length).toBe(1);
  });
});
