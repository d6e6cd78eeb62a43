import { describe, expect, test } from '@jest/globals';
import type { Config } from '../generated/config.ts';
import type { Page } from '../readers/reader.ts';
import { where } from '../readers/source.ts';
import { contextOf } from '../readers/testing/context.ts';
import { enrol, groups, shapeIn, type Selected } from './enrol.ts';
import { memberOf, membersOf, walking, type FakeMember } from './testing/member.ts';

const config = { lookback_window: 0, order_by: 'updated_at' } as Config;
const byCreation = { ...config, order_by: 'created_at' } as Config;

const nothing = () => [] as unknown as AsyncIterable<Page<object>>;
const thingsOf = (ascending = true) => walking(nothing, { ascending });

/** Streams of one walk, by their names, as somebody selects them. */
function select(members: Readonly<Record<string, FakeMember>>, walked = thingsOf(), more: Partial<Selected> = {}) {
  return membersOf(members, walked).map(({ stream }): Selected => ({
    stream,
    isIncremental: true,
    state: {},
    ...more,
  }));
}

/** Names of the streams of each pass; a pass by creation has a mark. */
function passes(selected: readonly Selected[], options: Partial<Parameters<typeof groups>[1]> = {}) {
  return groups(selected, { config, ...options }).map(({ selected, order }) => [
    ...selected.map(({ stream }) => stream.name as string),
    ...(order.orderBy === undefined ? [] : [`by ${order.orderBy}`]),
  ]);
}

describe('a pass', () => {
  const each: FakeMember = { source: { childCalls: 'each' } };
  const some: FakeMember = { source: { childCalls: 'some' } };

  test('is shared by the streams of a walk, and by no others, however much alike', () => {
    const [a, b] = [select({ a1: {}, a2: {} }), select({ b1: {}, b2: {} })];
    expect(passes([a[0]!, b[0]!, b[1]!, a[1]!])).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]);
  });

  test('comes the later, the more calls the dearest of its streams costs', () => {
    const selected = [
      ...select({ dear: each, cheap: {} }),
      ...select({ free: {} }),
      ...select({ middling: some }),
      ...select({ free2: {} }),
    ];
    expect(passes(selected)).toEqual([['free'], ['free2'], ['middling'], ['dear', 'cheap']]);
  });

  test('comes first, whatever it costs, if it has the stream to begin with, and that leads it', () => {
    const selected = [...select({ free: {} }), ...select({ middling: some }), ...select({ a: {}, dear: each, z: {} })];
    expect(passes(selected, { startWith: 'dear' })).toEqual([['dear', 'a', 'z'], ['free'], ['middling']]);
    expect(passes(selected, { startWith: 'middling' })).toEqual([['middling'], ['free'], ['a', 'dear', 'z']]);
  });

  test('is left as it is by a stream to begin with that is not read', () => {
    const selected = [...select({ dear: each }), ...select({ free: {} })];
    expect(passes(selected, { startWith: 'gone' })).toEqual([['free'], ['dear']]);
  });

  test('of its own have full refreshes by creation, walk by walk', () => {
    const [a, b] = [thingsOf(), thingsOf()];
    const full = { isIncremental: false };
    const selected = [
      ...select({ a1: {} }, a),
      ...select({ a2: {}, a3: {} }, a, full),
      ...select({ b1: {} }, b, full),
      ...select({ a4: {} }, a),
    ];
    expect(passes(selected, { config: byCreation })).toEqual([
      ['a1', 'a4'],
      ['a2', 'a3', 'by created_at'],
      ['b1', 'by created_at'],
    ]);
    expect(passes(selected)).toEqual([['a1', 'a2', 'a3', 'a4'], ['b1']]);
  });

  test('of its own is not for walks that have no order', () => {
    const things = thingsOf(false);
    const selected = [...select({ a: {} }, things), ...select({ b: {} }, things, { isIncremental: false })];
    expect(passes(selected, { config: byCreation })).toEqual([['a', 'b']]);
  });
});

describe('a stream of a pass', () => {
  const day = 86_400;
  const { shape } = memberOf();
  const enrolled = async (
    { stream, ...more }: Partial<Selected>,
    options: Partial<Record<keyof Config, unknown>> = {},
    context = contextOf(() => ({})),
  ) => {
    const selected = { stream: stream ?? memberOf().stream, isIncremental: true, state: {}, ...more };
    return enrol(selected, new Map([[selected.stream, shape]]), {
      ...context,
      config: { ...config, ...options } as Config,
    });
  };
  const state = { updated_at: 10 * day };

  test.each<[string, Partial<Selected>, Partial<Record<keyof Config, unknown>>, number | undefined]>([
    ['everything at first', {}, {}, undefined],
    ['what is due since its state', { state }, {}, 10 * day],
    ['what is due since some days before its state', { state }, { lookback_window: 3 }, 7 * day],
    ['what is due since the start date', {}, { start_date: '1970-01-03T00:00:00Z' }, 2 * day],
    ['what is due since the start date, however it is written', {}, { start_date: '1970-01-03t00:00:00z' }, 2 * day],
    ['everything in a full refresh', { state, isIncremental: false }, { lookback_window: 3 }, undefined],
    ['everything if it has no cursor', { state, stream: memberOf({ cursor: null }).stream }, {}, undefined],
  ])('wants %s', async (_, selected, options, since) => {
    const context = contextOf(() => ({}));
    expect((await enrolled(selected, options, context)).since).toBe(since);
    expect(context.logged).toEqual([]);
  });

  test('goes on from its state, with what it remembers', async () => {
    const saved = { ...state, sent: { a: '5.abc' } };
    expect((await enrolled({ state: saved })).checkpoint(undefined, true)).toEqual(saved);
    const full = await enrolled({ state: saved, isIncremental: false });
    expect(full.checkpoint(undefined, true)).toEqual({ rows: 0 });
  });

  test('wants everything, and says so, if its state is not understood', async () => {
    const context = contextOf(() => ({}));
    expect((await enrolled({ state: { foo: 'bar' } }, {}, context)).since).toBeUndefined();
    expect(context.logged).toEqual([expect.stringMatching('things: its state is not understood')]);
  });

  test.each<[string, Partial<Selected>]>([
    ['in a full refresh', { isIncremental: false }],
    ['without a cursor', { stream: memberOf({ cursor: null }).stream }],
  ])('has no need to understand its state %s', async (_, more) => {
    const context = contextOf(() => ({}));
    const read = await enrolled({ state: { foo: 'bar' }, ...more }, {}, context);
    expect(context.logged).toEqual([]);
    expect(read.checkpoint(100, true)).toEqual('stream' in more ? { rows: 0 } : { updated_at: 100 });
  });

  test('has the look that was found for it, and its conditions with names that have become ids', async () => {
    const named = { field: 'tag_id', operator: '=', value: '7' } as const;
    const source = where(thingsOf(), () => Promise.resolve([named]));
    const stream = { ...memberOf().stream, source: () => source };
    const read = await enrolled({ stream });
    expect([read.name, read.shape, read.filters]).toEqual(['things', shape, [named]]);
  });

  test('without a look is a fault of ours, and says whose', () => {
    expect(() => shapeIn(new Map(), memberOf().stream)).toThrow('things has no shape');
  });
});
