import { describe, expect, test } from '@jest/globals';
import type { Api, RateLimit } from '../intercom/api.ts';
import type { Page } from '../readers/reader.ts';
import { all } from '../readers/testing/context.ts';
import type { Member } from './member.ts';
import { Tally } from './tally.ts';
import { memberOf, membersOf, type FakeMember } from './testing/member.ts';

/** Pages of so many records each; each tells the total that stands beside it. */
async function* pages(...sizes: readonly (readonly [number, total?: number])[]): AsyncGenerator<Page<object>> {
  for (const [size, total] of sizes) {
    const records = await Promise.resolve(Array.from({ length: size }, (_, id) => ({ id })));
    yield total === undefined ? { records } : { records, total };
  }
}

async function counted(...sizes: readonly (readonly [number, total?: number])[]): Promise<Tally> {
  const tally = new Tally();
  await all(tally.count(pages(...sizes)));
  return tally;
}

describe('the count of a walk', () => {
  test('passes every page on as it came', async () => {
    expect(await all(new Tally().count(pages([2, 5], [0], [3])))).toEqual(await all(pages([2, 5], [0], [3])));
  });

  test.each<[string, readonly (readonly [number, total?: number])[], string, string | undefined]>([
    ['says nothing where Intercom does not tell', [[2], [1]], '', undefined],
    ['is reached by all', [[2, 3], [1]], '; saw all 3 that Intercom counted', undefined],
    ['is reached by none of none', [[0, 0]], '; saw all 0 that Intercom counted', undefined],
    ['is reached by more', [[2, 3], [2]], '; saw all 3 that Intercom counted', undefined],
    ['is not reached by fewer', [[2, 5], [1]], '; saw 3 of 5 that Intercom counted', '2 were deleted meanwhile'],
    ['goes by what was told first', [[2], [1, 4], [1, 9]], '; saw all 4 that Intercom counted', undefined],
  ])('%s', async (_, sizes, isReached, missing) => {
    const tally = await counted(...sizes);
    expect(tally.isReached).toBe(isReached);
    const verdict = [...tally.verdict('tags, segments')].map((event) => event.type === 'log' && event);
    expect(verdict.map((event) => event && event.level)).toEqual(missing === undefined ? [] : ['warn']);
    if (missing !== undefined)
      expect(verdict[0] && verdict[0].message).toMatch(
        `tags, segments: Intercom counted 5 records at the start, 3 came: ${missing}`,
      );
  });
});

const user = { field: 'role', operator: '=', value: 'user' } as const;
const lead = { ...user, value: 'lead' };
const ada = { field: 'name', operator: '=', value: 'Ada' } as const;

describe('how many rows there will be', () => {
  const estimates = (tally: Tally, members: readonly Member[]) =>
    [...tally.announce(members, { api })].flatMap((event) => {
      expect(event.type).toBe('estimate');
      return event.type === 'estimate' ? [[event.stream, event.rows]] : [];
    });

  test('is not said before it is known, and then once', async () => {
    const tally = new Tally();
    const members = [memberOf()];
    expect(estimates(tally, members)).toEqual([]);
    await all(tally.count(pages([1], [1, 7])));
    expect(estimates(tally, members)).toEqual([['things', 7]]);
    expect(estimates(tally, members)).toEqual([]);
  });

  test.each<[string, Record<string, FakeMember>, readonly string[]]>([
    ['of all streams that want the same', { a: {}, b: {} }, ['a', 'b']],
    ['of all that want the same', { a: { filters: [user] }, b: { filters: [{ ...user }] } }, ['a', 'b']],
    ['of none that makes rows of records', { a: { source: { rows: () => [] } }, b: {} }, ['b']],
    ['of none that wants fewer than another: under a condition', { a: { filters: [user] }, b: {} }, ['b']],
    [
      'of none that wants fewer than another: under one more',
      { a: { filters: [user] }, b: { filters: [user, ada] } },
      ['a'],
    ],
    ['of none that wants others than another', { a: { filters: [user] }, b: { filters: [lead] } }, []],
    ['of none that wants others under more', { a: { filters: [user] }, b: { filters: [lead, ada] } }, []],
    ['of none that wants fewer than another: later ones', { a: { saved: 100 }, b: { saved: 99 } }, ['b']],
    ['of none that wants fewer than another: not all', { a: { saved: 100 }, b: {} }, ['b']],
    ['of all from the same second on', { a: { saved: 100 }, b: { startDate: 100 } }, ['a', 'b']],
    [
      'of none that wants fewer than the parents of another',
      { a: { saved: 100 }, b: { saved: 100, source: { parents: 'all', dueBy: 'row', rows: () => [] } } },
      [],
    ],
  ])('is said %s', async (_, members, told) => {
    expect(estimates(await counted([1, 7]), membersOf(members))).toEqual(told.map((name) => [name, 7]));
  });
});

describe('that a stream asks once for each contact', () => {
  const asks: FakeMember = { source: { rows: () => [], childCalls: 'each', parents: 'all' } };
  const warnings = async (total: number, member: FakeMember, limit?: () => Partial<RateLimit> | undefined) => {
    const tally = await counted([1, total]);
    const told = [...tally.announce([memberOf(member, 'events')], { api: { ...api, ...(limit && { limit }) } as Api })];
    return told.flatMap((event) => (event.type === 'log' ? [`${event.level} ${event.message}`] : []));
  };

  test.each<[string, number, FakeMember]>([
    ['that asks for all of them', 50, asks],
    [
      'that has no cursor, so that all are due',
      50,
      { ...asks, cursor: null, source: { ...asks.source, parents: 'changed' } },
    ],
  ])('is said of one %s', async (_, total, member) => {
    expect(await warnings(total, member)).toEqual([
      'warn events: asks Intercom once for each contact: up to 50 calls.',
    ]);
  });

  test.each<[string, number, FakeMember]>([
    ['that asks only for those that changed', 50, { source: { ...asks.source, parents: 'changed' } }],
    ['that asks only where there is something', 50, { source: { ...asks.source, childCalls: 'some' } }],
    ['that asks for nothing', 50, { cursor: null }],
    ['where there are none', 0, asks],
  ])('is not said of one %s', async (_, total, member) => {
    expect(await warnings(total, member)).toEqual([]);
  });

  test.each([
    [99, 'less than a minute at'],
    [101, 'about 2 minutes at'],
    [60_000, 'about 600 minutes at'],
  ])('comes with the time that it takes: for %i, %s 100 calls a minute', async (total, time) => {
    const [warning] = await warnings(total, asks, () => ({ perMinute: 100 }));
    expect(warning).toMatch(`up to ${String(total)} calls, ${time} the present limit of 100 calls a minute.`);
  });

  test('comes without a time while the limit is not known', async () => {
    expect(await warnings(50, asks, () => undefined)).toEqual(await warnings(50, asks));
  });
});

const api: Api = {
  now: () => 0,
  send: () => Promise.reject(new Error('Nothing is asked')),
};
