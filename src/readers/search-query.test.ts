import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isObject, type JsonObject } from '../core/json.ts';
import type { Filter } from './reader.ts';
import { matches, searchQuery } from './search-query.ts';

const role = (value: string): Filter => ({ field: 'role', operator: '=', value });
const tag: Filter = { field: 'tag_id', operator: '=', value: '7' };
const open: Filter = { field: 'state', operator: '=', value: 'open' };

const ALWAYS = { field: 'updated_at', operator: '>', value: 0 };
const SINCE = {
  operator: 'OR',
  value: [
    { field: 'updated_at', operator: '>', value: 5 },
    { field: 'updated_at', operator: '=', value: 5 },
  ],
};

describe('the query of a search', () => {
  test.each<[string, number | undefined, Filter[][], object]>([
    ['everything', undefined, [[]], ALWAYS],
    ['a moment', 5, [[]], SINCE],
    ['a condition', undefined, [[open]], { operator: 'AND', value: [open, ALWAYS] }],
    ['conditions and a moment', 5, [[open, tag]], { operator: 'AND', value: [open, tag, SINCE] }],
    [
      'alternatives',
      5,
      [[role('user')], [role('lead')]],
      { operator: 'AND', value: [{ operator: 'OR', value: [role('user'), role('lead')] }, SINCE] },
    ],
    ['the same twice', 5, [[role('user')], [role('user')]], { operator: 'AND', value: [role('user'), SINCE] }],
    [
      'the same twice beside another',
      5,
      [[role('user')], [role('user')], [tag]],
      { operator: 'AND', value: [{ operator: 'OR', value: [role('user'), tag] }, SINCE] },
    ],
    [
      'alternatives with something in common',
      5,
      [
        [open, role('user')],
        [open, role('lead')],
      ],
      { operator: 'AND', value: [open, { operator: 'OR', value: [role('user'), role('lead')] }, SINCE] },
    ],
    ['an alternative that is everything', 5, [[], [role('user')]], SINCE],
    [
      'an alternative that is the common part',
      5,
      [[open], [open, role('user')]],
      { operator: 'AND', value: [open, SINCE] },
    ],
    [
      'alternatives too deep for Intercom',
      5,
      [
        [open, tag],
        [role('user'), role('lead')],
      ],
      SINCE,
    ],
    [
      'more alternatives than Intercom takes',
      5,
      Array.from({ length: 16 }, (_, id) => [{ ...tag, value: String(id) }]),
      SINCE,
    ],
  ])('for %s', (_, from, alternatives, query) => {
    expect(searchQuery({ field: 'updated_at', from, alternatives })).toEqual(query);
  });

  test('takes fifteen alternatives', () => {
    const alternatives = Array.from({ length: 15 }, (_, id) => [{ ...tag, value: String(id) }]);
    expect(JSON.stringify(searchQuery({ field: 'updated_at', from: 5, alternatives }))).toContain('"14"');
  });
});

describe('a record', () => {
  test.each<[object, Filter['field'], Filter['operator'], Filter['value'], boolean]>([
    [{ role: 'user' }, 'role', '=', 'user', true],
    [{ role: 'lead' }, 'role', '=', 'user', false],
    [{ role: 'lead' }, 'role', '!=', 'user', true],
    [{}, 'role', '=', 'user', false],
    [{ admin: 5 }, 'admin', '=', '5', true],
    [{ admin: '5' }, 'admin', '=', 5, true],
    [{ admin: null }, 'admin', '=', 0, true],
    [{ admin: '0' }, 'admin', '=', 0, true],
    [{}, 'admin', '=', 0, true],
    [{ admin: 5 }, 'admin', '=', 0, false],
    [{ admin: 5 }, 'admin', 'IN', ['4', '5'], true],
    [{ admin: 6 }, 'admin', 'IN', ['4', '5'], false],
    [{ name: 'x' }, 'name', '~', 'y', true],
    [{ tags: [] }, 'tag_id', '=', '7', true],
    [{}, 'segment_id', '=', '7', true],
    [{ updated_at: 1 }, 'updated_at', '>', 5, true],
  ])('%j with %s %s %j: %j', (record, field, operator, value, expected) => {
    expect(matches(record, [{ field, operator, value }])).toBe(expected);
  });

  test('meets all conditions, or not', () => {
    expect(matches({ role: 'user', state: 'closed' }, [role('user'), open])).toBe(false);
    expect(matches({}, [])).toBe(true);
  });
});

describe('whatever is asked for', () => {
  const filter: fc.Arbitrary<Filter> = fc.oneof(
    fc.record({
      field: fc.constantFrom('role', 'state'),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.constantFrom('a', 'b', 'c'),
    }),
    fc.record({
      field: fc.constantFrom('role', 'state'),
      operator: fc.constant('IN' as const),
      value: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
    }),
  );
  const worlds = fc.record({
    from: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
    alternatives: fc.array(fc.array(filter, { maxLength: 3 }), { minLength: 1, maxLength: 20 }),
    // Days of a hundred seconds, which begin anywhere.
    day: fc.option(fc.nat({ max: 99 }), { nil: undefined }),
  });
  const records = ['a', 'b', 'c'].flatMap((role) =>
    ['a', 'b', 'c'].flatMap((state) =>
      [1, 50, 99, 100, 150, 200, 299, 300].map((at) => ({ role, state, updated_at: at })),
    ),
  );

  test('the search finds all that is wanted, by seconds and by days, and no more than it must of one alternative', () => {
    fc.assert(
      fc.property(worlds, ({ from, alternatives, day }) => {
        const query = searchQuery({ field: 'updated_at', from, alternatives });
        for (const record of records) {
          const isMeant = alternatives.some((filters) => matches(record, filters));
          const isWanted = isMeant && record.updated_at >= (from ?? 0);
          const isFound = finds(query, record, day);
          if (isWanted) expect([record, isFound]).toEqual([record, true]);
          if (alternatives.length === 1 && day === undefined) expect([record, isFound]).toEqual([record, isWanted]);
        }
      }),
    );
  });

  test('the query is one that Intercom takes: two levels of groups, fifteen conditions in each', () => {
    fc.assert(
      fc.property(worlds, ({ from, alternatives }) => {
        const query = searchQuery({ field: 'updated_at', from, alternatives });
        expect(levelsOf(query)).toBeLessThanOrEqual(2);
        expect(widest(query)).toBeLessThanOrEqual(15);
      }),
    );
  });
});

/** What Intercom's search would say. @param day - At which second of a hundred days begin; absent: seconds are compared */
function finds({ field, operator, value }: JsonObject, record: JsonObject, day: number | undefined): boolean {
  if (operator === 'AND') return (value as JsonObject[]).every((each) => finds(each, record, day));
  if (operator === 'OR') return (value as JsonObject[]).some((each) => finds(each, record, day));
  const unit = (time: unknown): number => (day === undefined ? Number(time) : Math.floor((Number(time) - day) / 100));
  const actual = record[String(field)];
  if (operator === '>') return value === 0 || unit(actual) > unit(value);
  if (operator === 'IN') return (value as unknown[]).includes(actual);
  const isSame = field === 'updated_at' ? unit(actual) === unit(value) : actual === value;
  return operator === '=' ? isSame : !isSame;
}

function groupsIn({ value }: JsonObject): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function levelsOf(query: JsonObject): number {
  const inside = groupsIn(query);
  return inside.length === 0 ? 0 : 1 + Math.max(...inside.map(levelsOf));
}

function widest(query: JsonObject): number {
  return Math.max(groupsIn(query).length, ...groupsIn(query).map(widest), 0);
}
