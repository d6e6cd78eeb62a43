import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../intercom/api.ts';
import { idOf, idsOf, objectsIn, objectsOf, recordIn, recordsAt } from './records.ts';
import { Seen } from './seen.ts';

const LONG = JSON.rawJSON('1234567890123456789');

describe('the records of an answer', () => {
  test.each([[{ data: { list: [{ id: 1 }] } }], [{ data: { list: [] } }]])('%j are there', (answer) => {
    expect(recordsAt(answer, 'data.list', 'Trying')).toBe(answer.data.list);
  });

  test.each<[unknown]>([[undefined], [null], [{}], ['abc'], [7], [LONG], [[1]], [[null]], [[[]]], [[LONG]]])(
    'are none where %j stands',
    (list) => {
      expect(() => recordsAt({ data: list }, 'data', 'Trying')).toThrow(
        /^Trying: Intercom's answer has no list of records at "data"/,
      );
    },
  );
});

describe('an answer that is a record', () => {
  test('says which', () => {
    expect(recordIn({ id: 7 }, 'Trying')).toEqual({ id: 7 });
  });

  test.each([[{}], [{ id: null }], [{ id: '' }]])('is none in %j', (answer) => {
    expect(() => recordIn(answer, 'Trying')).toThrow(/^Trying: Intercom's answer is no record/);
  });
});

describe('a list inside a record', () => {
  test.each<[readonly object[] | null | undefined, readonly object[]]>([
    [undefined, []],
    [null, []],
    [[], []],
    [[{ id: 1 }], [{ id: 1 }]],
  ])('%j', (list, expected) => {
    expect(objectsOf(list)).toEqual(expected);
  });

  test.each<[unknown]>([['abc'], [{}], [7], [true], [LONG], [[1]], [[null]]])('is none where %j stands', (list) => {
    expect(() => objectsOf(list as readonly object[])).toThrow(ApiError);
  });

  test.each<[readonly unknown[] | null | undefined, readonly string[]]>([
    [undefined, []],
    [null, []],
    [
      [1, 'b', LONG],
      ['1', 'b', '1234567890123456789'],
    ],
  ])('of ids: %j', (list, expected) => {
    expect(idsOf(list)).toEqual(expected);
  });

  test.each<[unknown]>([['abc'], [{}], [7], [[null]], [[{}]], [['']]])('of ids is none where %j stands', (list) => {
    expect(() => idsOf(list as readonly unknown[])).toThrow(ApiError);
  });
});

test.each<[unknown, string | undefined]>([
  ['a', 'a'],
  [7, '7'],
  [LONG, '1234567890123456789'],
  [null, undefined],
  [undefined, undefined],
  ['', undefined],
  [{}, undefined],
  [['a'], undefined],
])('the id %j tells records apart as %j', (id, expected) => {
  expect(idOf({ id })).toBe(expected);
});

test('records come once each, whatever kind of value their id is; those without one always', () => {
  const seen = new Seen();
  const page = [{ id: 'a' }, { id: 7 }, { id: LONG }, { id: null }, {}];
  expect(seen.fresh(page)).toEqual(page);
  expect(seen.size).toBe(5);
  const again = [{ id: 'a' }, { id: '7' }, { id: JSON.rawJSON('1234567890123456789') }, { id: null }, { id: 'b' }];
  expect(seen.fresh(again)).toEqual([{ id: null }, { id: 'b' }]);
  expect(seen.size).toBe(7);
});

describe('a list inside an object of a record', () => {
  const inside = (tags: unknown) => objectsIn(tags as { tags?: readonly object[] }, 'tags');

  test.each<[unknown, object[]]>([
    [{ tags: [{ id: '1' }] }, [{ id: '1' }]],
    [{ tags: [] }, []],
    [{ tags: null }, []],
    [{}, []],
    [null, []],
    [undefined, []],
  ])('%j holds %j', (tags, objects) => {
    expect(inside(tags)).toEqual(objects);
  });

  test.each<[unknown]>([['text'], [5], [true], [[]], [[null]], [JSON.rawJSON('1234567890123456789')]])(
    '%j is no such object, and taken for a fault',
    (tags) => {
      expect(() => inside(tags)).toThrow('in the place of an object with a list of tags');
    },
  );

  test.each<[unknown]>([[{ tags: 'text' }], [{ tags: {} }], [{ tags: [null] }], [{ tags: ['1'] }]])(
    '%j holds no list of objects, and is taken for a fault',
    (tags) => {
      expect(() => inside(tags)).toThrow('in the place of a list of objects');
    },
  );
});
