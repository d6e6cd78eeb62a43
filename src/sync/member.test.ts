import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../core/json.ts';
import type { Source } from '../readers/reader.ts';
import { source } from '../readers/source.ts';
import type { Stream } from '../readers/stream.ts';
import { Member, type MemberOptions } from './member.ts';

const walk: Source<object> = source({
  endpoint: 'GET /x',
  cursor: 'updated_at',
  ascending: true,
  read: () => {
    throw new Error('Not read');
  },
});

interface Options extends Partial<MemberOptions> {
  readonly cursor?: string | undefined;
  readonly primaryKey?: readonly string[];
}

function member({ cursor = 'updated_at', primaryKey = ['id'], ...options }: Options = {}): Member {
  const stream = {
    name: 'tags',
    title: 'X',
    permission: '',
    primaryKey,
    source: () => walk,
    ...(cursor === '' ? {} : { cursor }),
  } as Stream;
  return new Member({
    stream,
    source: walk,
    filters: [],
    shape: { schema: { type: 'object' }, apply: (records) => ({ records }) },
    isIncremental: true,
    saved: undefined,
    state: {},
    lookback: 0,
    startDate: undefined,
    ...options,
  });
}

describe('from when on rows are due', () => {
  test.each<[string, Options, number | undefined]>([
    ['a first read', {}, undefined],
    ['a first read from a date', { startDate: 50 }, 50],
    ['a second read', { saved: 100 }, 100],
    ['a second read that looks back', { saved: 100, lookback: 30 }, 70],
    ['a second read that looks back no further than the date', { saved: 100, lookback: 30, startDate: 90 }, 90],
    ['a state before the date', { saved: 100, startDate: 200 }, 200],
    ['a full refresh', { saved: 100, isIncremental: false }, undefined],
    ['a full refresh from a date', { saved: 100, isIncremental: false, startDate: 50 }, 50],
  ])('%s', (_, options, since) => {
    const read = member(options);
    expect(read.since).toBe(since);
    if (since === undefined) return;
    expect([since - 1, since].map((value) => read.wants({ id: 'a', updated_at: value }))).toEqual([false, true]);
    expect(read.wants({ id: 'a' })).toBe(true);
  });

  test('goes by the walked record, too, for a stream without a cursor', () => {
    const read = member({ cursor: '', startDate: 50, isIncremental: false });
    expect([49, 50].map((value) => read.wants({ id: 'a', updated_at: value }))).toEqual([false, true]);
  });
});

describe('what went out', () => {
  const record = { id: 'a', updated_at: 100, name: 'x' };
  const next = (read: Member, more: Options = {}): Member => {
    read.remember([read.note(record, read.walkedKeyOf(record), 'updated_at', 90)!]);
    return member({ saved: 95, state: read.checkpoint(95, true)!, ...more });
  };

  test.each<[string, JsonObject, Options, boolean]>([
    ['is not due again', record, {}, false],
    ['is due when it changed', { ...record, updated_at: 101 }, {}, true],
    ['is due when it changed within the second', { ...record, name: 'y' }, {}, true],
    ['is due when one looks back', record, { lookback: 10 }, true],
    ['is due in a full refresh', record, { isIncremental: false }, true],
  ])('%s', (_, seen, options, isDue) => {
    expect(next(member(), options).wants(seen)).toBe(isDue);
  });

  test('is known for each row that a record becomes', () => {
    const made: Source<object> = { ...walk, rows: (row: object) => [row] };
    const options = { source: made, primaryKey: ['tag_id', 'id'] };
    const read = member(options);
    const [one, other] = [
      { ...record, tag_id: '1' },
      { ...record, tag_id: '2' },
    ];
    for (const each of [one, other]) read.remember([read.note(each, read.walkedKeyOf(each), 'updated_at', 90)!]);
    const again = member({ ...options, saved: 95, state: read.checkpoint(95, true)! });
    expect([one, other].map((each) => again.wants(each))).toEqual([false, false]);
  });

  test('is not noted below the floor', () => {
    expect(member().note(record, 'a', 'updated_at', 101)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  test.each<[string, Options, number | undefined, JsonObject]>([
    ['of a promise', {}, 100, { updated_at: 100 }],
    ['of a promise below what was saved', { saved: 200 }, 100, { updated_at: 200 }],
    [
      'of a promise below what was saved in a full refresh',
      { saved: 200, isIncremental: false },
      100,
      { updated_at: 100 },
    ],
    ['without a promise', { saved: 200 }, undefined, { updated_at: 200 }],
    ['without anything', {}, undefined, { rows: 0 }],
    ['of a stream without a cursor', { cursor: '' }, 100, { rows: 0 }],
  ])('%s', (_, options, through, state) => {
    expect(member(options).checkpoint(through, true)).toEqual(state);
  });

  test('that says nothing new is left out, unless it must be said', () => {
    const read = member();
    read.checkpoint(100, false);
    expect(read.checkpoint(100, false)).toBeUndefined();
    expect(read.checkpoint(100, true)).toEqual({ updated_at: 100, rows: 0 });
  });

  test('that says nothing new counts the rows that went out', () => {
    const read = member();
    read.checkpoint(100, false);
    read.pending = read.total = 3;
    expect(read.checkpoint(100, false)).toEqual({ updated_at: 100, rows: 3 });
  });

  test('carries what earlier reads sent', () => {
    const state = { updated_at: 100, sent: { a: '5.abc', b: '1.abc' } };
    expect(member({ saved: 100, state }).checkpoint(103, true)).toEqual({ updated_at: 103, sent: { a: '2.abc' } });
  });
});
