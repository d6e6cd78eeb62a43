import { describe, expect, test } from '@jest/globals';
import { omit, type JsonObject } from '../core/json.ts';
import type { Source } from '../readers/reader.ts';
import type { Member } from './member.ts';
import { memberOf, walking, type FakeMember } from './testing/member.ts';

describe('from when on rows are due', () => {
  test.each<[string, FakeMember, number | undefined]>([
    ['a first read', {}, undefined],
    ['a first read from a date', { startDate: 50 }, 50],
    ['a second read', { saved: 100 }, 100],
    ['a second read that looks back', { saved: 100, lookback: 30 }, 70],
    ['a second read that looks back no further than the date', { saved: 100, lookback: 30, startDate: 90 }, 90],
    ['a state before the date', { saved: 100, startDate: 200 }, 200],
    ['a full refresh', { saved: 100, isIncremental: false }, undefined],
    ['a full refresh from a date', { saved: 100, isIncremental: false, startDate: 50 }, 50],
  ])('%s', (_, options, since) => {
    const read = memberOf(options);
    expect(read.since).toBe(since);
    if (since === undefined) return;
    expect([since - 1, since].map((value) => read.wants({ id: 'a', updated_at: value }))).toEqual([false, true]);
    expect(read.wants({ id: 'a' })).toBe(true);
  });

  test('goes by the walked record, too, for a stream without a cursor', () => {
    const read = memberOf({ cursor: null, startDate: 50, isIncremental: false });
    expect([49, 50].map((value) => read.wants({ id: 'a', updated_at: value }))).toEqual([false, true]);
  });
});

describe('of a walk', () => {
  test('only records that meet the conditions are wanted', () => {
    const read = memberOf({ filters: [{ field: 'role', operator: '=', value: 'user' }] });
    const roles = ['user', 'lead'].map((role) => ({ id: 'a', updated_at: 1, role }));
    expect(roles.map((record) => read.wants(record))).toEqual([true, false]);
  });

  test('everything is wanted where records do not say when they changed', () => {
    const undated = walking(() => {
      throw new Error('Not read');
    });
    const read = memberOf({ saved: 100 }, 'things', { ...undated, walk: omit(undated.walk, 'cursor') });
    expect(read.wants({ id: 'a', updated_at: 1 })).toBe(true);
  });

  describe('whose rows go by their own dates', () => {
    const old = { id: 'a', updated_at: 99 };
    const recent = { id: 'a', updated_at: 100 };

    test('all records are wanted, since a row that is new does not move them', () => {
      const read = memberOf({ source: { dueBy: 'row', parents: 'all' }, saved: 100 });
      expect(read.walkSince).toBeUndefined();
      expect([old, recent].map((record) => read.wants(record))).toEqual([true, true]);
    });

    test('those that changed are wanted, where a row that is new moves them, whether or not they were seen', () => {
      const options = { source: { dueBy: 'row', parents: 'changed' }, saved: 100 } as const;
      const read = memberOf(options);
      expect(read.walkSince).toBe(100);
      expect([old, recent, { id: 'a' }].map((record) => read.wants(record))).toEqual([false, true, true]);
      read.remember([read.note(recent, 'a', 'updated_at', 0)!]);
      expect(memberOf({ ...options, state: read.checkpoint(100, true)! }).wants(recent)).toBe(true);
    });
  });

  test('records that are rows are wanted from the same second as rows', () => {
    expect(memberOf({ saved: 100 }).walkSince).toBe(100);
  });
});

describe('what went out', () => {
  const record = { id: 'a', updated_at: 100, name: 'x' };
  const next = (read: Member, more: FakeMember = {}): Member => {
    read.remember([read.note(record, read.walkedKeyOf(record), 'updated_at', 90)!]);
    return memberOf({ saved: 95, state: read.checkpoint(95, true)!, ...more });
  };

  test.each<[string, JsonObject, FakeMember, boolean]>([
    ['is not due again', record, {}, false],
    ['is due when it changed', { ...record, updated_at: 101 }, {}, true],
    ['is due when it changed within the second', { ...record, name: 'y' }, {}, true],
    ['is due when one looks back', record, { lookback: 10 }, true],
    ['is due in a full refresh', record, { isIncremental: false }, true],
  ])('%s', (_, seen, options, isDue) => {
    expect(next(memberOf(), options).wants(seen)).toBe(isDue);
  });

  test('is known for each row that a record becomes', () => {
    const options = { source: { rows: (row: object) => [row] }, primaryKey: ['tag_id', 'id'] };
    const read = memberOf(options);
    const [one, other] = [
      { ...record, tag_id: '1' },
      { ...record, tag_id: '2' },
    ];
    for (const each of [one, other]) read.remember([read.note(each, read.walkedKeyOf(each), 'updated_at', 90)!]);
    const again = memberOf({ ...options, saved: 95, state: read.checkpoint(95, true)! });
    expect([one, other].map((each) => again.wants(each))).toEqual([false, false]);
  });

  test('is noted from the floor on', () => {
    expect(memberOf().note(record, 'a', 'updated_at', 101)).toBeUndefined();
    expect(memberOf().note(record, 'a', 'updated_at', 100)).toMatchObject({ id: 'a', value: 100 });
  });

  test.each<[string, FakeMember, JsonObject, string | undefined]>([
    ['of a stream without a cursor, which reads everything each time', { cursor: null }, record, 'updated_at'],
    ['where records do not say when they changed', {}, record, undefined],
    ['of a record that does not say so', {}, { id: 'a', updated_at: null }, 'updated_at'],
  ])('is not noted %s', (_, options, seen, cursor) => {
    expect(memberOf(options).note(seen, 'a', cursor, 0)).toBeUndefined();
  });

  test.each<[string, Partial<Source<object>>, JsonObject, string]>([
    ['its key, where it is a row', {}, { id: 'a', tag_id: 5 }, '5/a'],
    ['its key, where it is a row that lacks a part of that', {}, { id: 'a' }, '/a'],
    ['its key, where it becomes rows that have the same', { rows: () => [] }, { id: 'a', tag_id: 5 }, '5/a'],
    ['its id, where it becomes rows of another key', { rows: () => [] }, { id: 'a' }, 'a'],
  ])('is known by %s', (_, source, seen, id) => {
    expect(memberOf({ source, primaryKey: ['tag_id', 'id'] }).walkedKeyOf(seen)).toBe(id);
  });
});

describe('a checkpoint', () => {
  test.each<[string, FakeMember, number | undefined, JsonObject]>([
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
    ['of a stream without a cursor', { cursor: null }, 100, { rows: 0 }],
  ])('%s', (_, options, through, state) => {
    expect(memberOf(options).checkpoint(through, true)).toEqual(state);
  });

  test('that says nothing new is left out, unless it must be said', () => {
    const read = memberOf();
    read.checkpoint(100, false);
    expect(read.checkpoint(100, false)).toBeUndefined();
    expect(read.checkpoint(100, true)).toEqual({ updated_at: 100, rows: 0 });
  });

  test('that says nothing new counts the rows that went out', () => {
    const read = memberOf();
    read.checkpoint(100, false);
    read.pending = read.total = 3;
    expect(read.checkpoint(100, false)).toEqual({ updated_at: 100, rows: 3 });
  });

  test.each<[string, FakeMember]>([
    ['in a full refresh', { saved: 100, isIncremental: false }],
    ['without the second that it counts from', { saved: undefined }],
  ])('carries nothing of what a state says was sent %s', (_, options) => {
    const state = { sent: { a: '5.abc' } };
    expect(memberOf({ ...options, state }).checkpoint(103, true)).toEqual({ updated_at: 103 });
  });

  test('is worth it where a promise passes what was saved', () => {
    expect([99, 100, 101].map((second) => memberOf({ saved: 100 }).isAdvancedBy(second))).toEqual([false, false, true]);
    expect(memberOf().isAdvancedBy(-5)).toBe(true);
  });

  test('carries what earlier reads sent', () => {
    const state = { updated_at: 100, sent: { a: '5.abc', b: '1.abc' } };
    expect(memberOf({ saved: 100, state }).checkpoint(103, true)).toEqual({ updated_at: 103, sent: { a: '2.abc' } });
  });
});
