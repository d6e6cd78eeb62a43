import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../intercom/api.ts';
import { ask, isTokenRefused, type Found, type Order } from './search-page.ts';
import { contextOf, NOW } from './testing/context.ts';

const range = { field: 'updated_at', from: 100, alternatives: [[]] };

/** What is made of an answer with records of these times, and what was asked for it. */
async function asking(values: readonly unknown[], more: object = {}, order: Order = 'ascending', token?: string) {
  const data = values.map((value, index) => ({ id: String(index), updated_at: value }));
  const context = contextOf(() => ({ data, ...more }));
  const pageSize = { current: 150, max: 150 };
  const what = { path: '/contacts/search', records: 'data', pageSize, purpose: 'Reading contacts' };
  const found = await ask(what, context, { range, order, token });
  return { found, request: context.requests[0] };
}

test('a page is asked for in its order, by the token of the one before it', async () => {
  const first = await asking([]);
  expect(first.request).toMatchObject({ body: { sort: { field: 'updated_at', order: 'ascending' } } });
  expect(first.request?.body).not.toHaveProperty('pagination');
  const next = await asking([], {}, 'descending', 'abc');
  expect(next.request?.body).toMatchObject({
    sort: { order: 'descending' },
    pagination: { starting_after: 'abc' },
  });
});

test('a page tells its records, when it was asked for, and how many there are', async () => {
  const { found } = await asking([101, 102], { total_count: 7 });
  expect(found).toMatchObject({ askedAt: NOW, total: 7, records: [{ id: '0' }, { id: '1' }] });
  expect((await asking([101], { total_count: 'many' })).found.total).toBeUndefined();
});

test.each<[string, readonly unknown[], Order, Pick<Found, 'first' | 'last' | 'sorted'>]>([
  ['ascending times', [101, 102, 102], 'ascending', { first: 101, last: 102, sorted: true }],
  ['descending times', [102, 102, 101], 'descending', { first: 102, last: 101, sorted: true }],
  ['a time below the one before it', [101, 103, 102], 'ascending', { first: 101, last: 102, sorted: false }],
  ['a time above the one before it', [102, 101, 103], 'descending', { first: 102, last: 103, sorted: false }],
  ['one time', [101], 'descending', { first: 101, last: 101, sorted: true }],
  ['no times', [], 'ascending', { first: undefined, last: undefined, sorted: true }],
  [
    'records without a time, and one that is days ahead',
    [null, 101, 'soon', NOW + 90_000, 102],
    'ascending',
    { first: 101, last: 102, sorted: true },
  ],
  ['a time of the next hours', [101, NOW + 80_000], 'ascending', { first: 101, last: NOW + 80_000, sorted: true }],
])('%s', async (_, values, order, expected) => {
  expect((await asking(values, {}, order)).found).toMatchObject(expected);
});

describe('the next page', () => {
  test.each<[string, unknown, string | undefined]>([
    ['an object', { page: 2, starting_after: 'abc' }, 'abc'],
    ['a URL', 'https://api.intercom.io/contacts/search?per_page=5&starting_after=a%3Db', 'a=b'],
    ['a path', '/contacts/search?starting_after=abc', 'abc'],
    ['a URL without a token', 'https://api.intercom.io/contacts/search?page=2', undefined],
    ['no URL', 'https://', undefined],
    ['null', null, undefined],
    ['an object without a token', { page: 2 }, undefined],
    ['an empty token', { starting_after: '' }, undefined],
    ['a token of another kind', { starting_after: 5 }, undefined],
  ])('named by %s', async (_, next, token) => {
    expect((await asking([], { pages: { next } })).found.token).toBe(token);
  });

  test.each<[string, object, boolean]>([
    ['the last by its number has none', { page: 3, total_pages: 3 }, false],
    ['one before the last lacks it', { page: 2, total_pages: 3 }, true],
    ['one before the last has it', { page: 2, total_pages: 3, next: { starting_after: 'abc' } }, false],
    ['one without numbers has none', {}, false],
  ])('%s', async (_, pages, isCut) => {
    expect((await asking([], { pages })).found.isCut).toBe(isCut);
  });
});

describe('a token is refused', () => {
  const failed = (status: number, code: string, message: string): ApiError =>
    new ApiError('refused', 'system', message, { status, code });

  test.each<[string, unknown, boolean]>([
    ['with 400 client_error', failed(400, 'client_error', 'No'), true],
    ['with 400 and a word about it', failed(400, 'parameter_invalid', 'Invalid starting_after param'), true],
    ['not with another 400', failed(400, 'parameter_invalid', 'No'), false],
    ['not with another status', failed(422, 'client_error', 'Invalid starting_after param'), false],
    ['not by something else', Object.assign(new Error('starting_after'), { status: 400 }), false],
  ])('%s', (_, error, expected) => {
    expect(isTokenRefused(error)).toBe(expected);
  });
});
