import { describe, expect, test } from '@jest/globals';
import { ask } from './search-page.ts';
import { sample } from './search-sample.ts';
import { contextOf } from './testing/context.ts';
import { FakeSearch, type Row } from './testing/fake-search.ts';

const WHAT = { path: '/x/search', records: 'data', pageSize: { current: 50, max: 50 }, purpose: 'Looking' };
const range = { field: 'updated_at', from: undefined, alternatives: [[]] };

/** A sample of rows that changed at the seconds that a function gives. */
async function sampled(count: number, secondOf: (index: number) => number, looks?: number, day?: number) {
  const rows = Array.from({ length: count }, (_, index): Row => ({ id: String(index), updated_at: secondOf(index) }));
  const context = contextOf(new FakeSearch(rows, { pageSize: 50, ...(day === undefined ? {} : { day }) }).answer, {
    ...(looks === undefined ? {} : { looks }),
  });
  const oldest = await ask(WHAT, context, { range });
  const newest = await ask(WHAT, context, { range, order: 'descending' });
  const records = await sample(WHAT, context, { range, oldest, newest });
  return { indices: records.map(({ id }) => Number(id)), calls: context.requests.length };
}

/** How many of a sample lie in each tenth of all. */
function tenths(indices: readonly number[], count: number): readonly number[] {
  return Array.from(
    { length: 10 },
    (_, tenth) => indices.filter((index) => Math.floor((10 * index) / count) === tenth).length,
  );
}

describe('a sample of a search', () => {
  test('is its ends, where nothing more may be asked', async () => {
    const { indices, calls } = await sampled(1000, (index) => index);
    expect([calls, indices.length]).toEqual([2, 100]);
    expect(tenths(indices, 1000)).toEqual([50, 0, 0, 0, 0, 0, 0, 0, 0, 50]);
  });

  test.each([
    ['evenly', (index: number) => 100_000 + 1000 * index],
    ['mostly of late', (index: number) => 100_000 + Math.round(1000 * Math.sqrt(index * 1000))],
    ['mostly long ago', (index: number) => 100_000 + index * index],
  ])('stands for all of it, if it changed %s', async (_how, secondOf) => {
    const { indices, calls } = await sampled(5000, secondOf, 16);
    expect(calls).toBe(16);
    expect(new Set(indices).size).toBe(indices.length);
    expect(indices.length).toBeGreaterThan(250);
    const mean = indices.reduce((sum, index) => sum + index, 0) / indices.length;
    expect(mean / 5000).toBeGreaterThan(0.43);
    expect(mean / 5000).toBeLessThan(0.57);
  });

  test('takes of each part what it has a share in, also where days are compared', async () => {
    // A tenth long ago, and the rest within a few days.
    const secondOf = (index: number): number => (index < 500 ? index * 86_400 : 500 * 86_400 + index * 60);
    const { indices } = await sampled(5000, secondOf, 16, 86_400);
    const share = indices.filter((index) => index < 500).length / indices.length;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.2);
  });

  test('asks no more once all is seen, and where all changed in one second', async () => {
    expect((await sampled(90, (index) => index, 16)).calls).toBe(2);
    expect((await sampled(1000, () => 7, 16)).calls).toBe(2);
  });
});
