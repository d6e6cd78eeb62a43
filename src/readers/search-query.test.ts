import { describe, expect, test } from '@jest/globals';
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
