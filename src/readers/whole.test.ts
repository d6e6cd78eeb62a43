import { describe, expect, test } from '@jest/globals';
import { list } from './list.ts';
import { all, contextOf } from './testing/context.ts';
import { isComplete, whole } from './whole.ts';

describe('a list inside a record', () => {
  test.each<[string, unknown, boolean]>([
    ['says that it is whole', { data: [{ id: '1' }], total_count: 1, has_more: false }, true],
    ['says nothing', { data: [{ id: '1' }] }, true],
    ['is empty', { data: [], total_count: 0 }, true],
    ['has more', { data: [{ id: '1' }], has_more: true }, false],
    ['counts more', { data: [{ id: '1' }], total_count: 2, has_more: false }, false],
    ['counts more than nothing', { data: [], total_count: 2 }, false],
    ['has no data', { total_count: 1 }, false],
    ['holds ids only', { data: ['1'] }, false],
    ['is null', null, false],
    ['is not there', undefined, false],
    ['is an array', [{ id: '1' }], false],
  ])('that %s', async (_, nested, isWhole) => {
    expect(isComplete(nested)).toBe(isWhole);
    const context = contextOf(() => ({ data: [{ id: '1' }, { id: '2' }] }));
    const pages = await all(whole(nested, list('/tags', 'data', { purpose: 'Reading tags' })).walk.read(context));
    expect(context.requests.length).toBe(isWhole ? 0 : 1);
    expect(pages.flatMap(({ records }) => records).length).toBe(isWhole ? (nested as { data: [] }).data.length : 2);
    expect(context.skipped).toEqual([]);
  });

  test('that Intercom does not list whole is named', async () => {
    const context = contextOf(() => ({ data: [{ id: '1' }] }));
    await all(
      whole({ data: [], total_count: 3 }, list('/tags', 'data', { purpose: 'Reading tags' })).walk.read(context),
    );
    expect(context.skipped).toEqual(['members that Intercom counts and does not list: GET /tags: 1 of 3']);
  });
});
