import { expect, test } from '@jest/globals';
import type { Filter, Want } from './reader.ts';
import { stretches } from './stretches.ts';

const DAY = 86_400;
const user: Filter = { field: 'role', operator: '=', value: 'user' };
const lead: Filter = { field: 'role', operator: '=', value: 'lead' };
const open: Filter = { field: 'state', operator: '=', value: 'open' };

const want = (since: number | undefined, ...filters: readonly Filter[]): Want => ({ since, filters });

test.each<[string, Want[], [number | undefined, Filter[][]][]]>([
  ['one member', [want(5)], [[5, [[]]]]],
  ['one member without state', [want(undefined, user)], [[undefined, [[user]]]]],
  ['members that ask for the same', [want(5, user), want(9 * DAY, user)], [[5, [[user]]]]],
  [
    'members that ask for the same in another order',
    [want(5, user, open), want(9 * DAY, open, user)],
    [[5, [[user, open]]]],
  ],
  [
    'a new member beside an old one',
    [want(undefined, lead), want(9 * DAY, user)],
    [
      [undefined, [[lead]]],
      [9 * DAY, [[lead], [user]]],
    ],
  ],
  ['a new member that asks for more', [want(undefined), want(9 * DAY, user)], [[undefined, [[]]]]],
  [
    'a new member that asks for less',
    [want(undefined, user), want(9 * DAY)],
    [
      [undefined, [[user]]],
      [9 * DAY, [[]]],
    ],
  ],
  ['members a minute apart', [want(9 * DAY, lead), want(9 * DAY + 60, user)], [[9 * DAY, [[lead], [user]]]]],
  [
    'members a day and more apart',
    [want(DAY, lead), want(2 * DAY + 1, user)],
    [
      [DAY, [[lead]]],
      [2 * DAY + 1, [[lead], [user]]],
    ],
  ],
  [
    'three members',
    [want(undefined, lead), want(9 * DAY, user), want(19 * DAY, open)],
    [
      [undefined, [[lead]]],
      [9 * DAY, [[lead], [user], [open]]],
    ],
  ],
])('%s', (_, wants, expected) => {
  const found = stretches(wants, 'updated_at');
  expect(found.map(({ from, alternatives }) => [from, alternatives])).toEqual(expected);
});
