import { describe, expect, test } from '@jest/globals';
import type { Request } from '../intercom/api.ts';
import { ApiError, type ApiFailure } from '../intercom/api.ts';
import { createDirectory, nearest } from './directory.ts';
import { contextOf, type Answering } from './testing/context.ts';

function directoryOf(answer: Answering) {
  const context = contextOf(answer);
  return { context, directory: createDirectory(context.once) };
}

const TAGS = [
  { id: 1, name: 'Gold' },
  { id: '2', name: 'Silver' },
  { id: '3', name: 'Silver' },
  { id: JSON.rawJSON('1234567890123456789'), name: '1' },
];

describe('what people write, as ids', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['1', ['1'], []],
    ['Gold', ['1'], []],
    ['Silver', ['2', '3'], []],
    ['1234567890123456789', ['1234567890123456789'], []],
    ['Golt', [], ['Gold']],
    ['nothing like it', [], []],
  ])('the tag "%s"', async (value, ids, nearest) => {
    const { directory } = directoryOf(() => ({ data: TAGS }));
    expect(await directory.resolve('tags', [value])).toEqual([{ value, ids, nearest }]);
  });

  test('an admin by e-mail before name', async () => {
    const admins = [
      { id: '1', email: 'a@example.com', name: 'b@example.com' },
      { id: '2', email: 'b@example.com', name: 'Bea' },
    ];
    const { directory } = directoryOf(() => ({ admins }));
    const found = await directory.resolve('admins', ['b@example.com', 'Bea']);
    expect(found.map(({ ids }) => ids)).toEqual([['2'], ['2']]);
  });

  test('a list is asked for once, and not at all without need', async () => {
    const { context, directory } = directoryOf(() => ({ segments: [{ id: 7 }, { id: 'b' }] }));
    expect(await directory.resolve('segments', [])).toEqual([]);
    expect(context.requests).toEqual([]);
    expect(await directory.all('segments')).toEqual(['7', 'b']);
    await directory.resolve('segments', ['b']);
    expect(context.requests.length).toBe(1);
  });
});

describe('a company', () => {
  const failing = (failure: ApiFailure) => () => {
    throw new ApiError(failure, 'system', failure);
  };
  /** Answers by path and query. */
  const answering = (answers: Readonly<Record<string, () => unknown>>) => (request: Request) => {
    const key = `${request.path} ${JSON.stringify(request.query ?? {})}`;
    return (answers[key] ?? failing('gone'))();
  };

  /** Three ways to find it, and for one that is nowhere a page of names that may be meant. */
  test.each<[string, Readonly<Record<string, () => unknown>>, readonly string[], number]>([
    ['by its id', { '/companies/a%2Fb {}': () => ({ id: 'a/b' }) }, ['a/b'], 1],
    ['by its own id', { '/companies {"company_id":"a/b"}': () => ({ id: '5' }) }, ['5'], 2],
    ['by name', { '/companies {"name":"a/b"}': () => ({ data: [{ id: '6' }, { id: '7' }] }) }, ['6', '7'], 3],
    ['by an id that Intercom refuses', { '/companies/a%2Fb {}': failing('refused') }, [], 4],
    ['that is nowhere', {}, [], 4],
    ['in an empty list', { '/companies {"name":"a/b"}': () => ({ data: [] }) }, [], 4],
  ])('%s', async (_, answers, ids, calls) => {
    const { context, directory } = directoryOf(answering(answers));
    expect(await directory.resolve('companies', ['a/b'])).toEqual([{ value: 'a/b', ids, nearest: [] }]);
    expect(context.requests.length).toBe(calls);
  });

  test.each<ApiFailure>(['transient', 'refused'])(
    'is not taken for missing where Intercom says %s',
    async (failure) => {
      const { directory } = directoryOf(failing(failure));
      await expect(directory.resolve('companies', ['a'])).rejects.toThrow(failure);
    },
  );

  test.each([
    ['what is no company', { errors: [] }],
    ['a list of nonsense', { data: [null, 7, {}] }],
    ['a list of companies without ids', { data: [{}] }],
  ])('is not taken for missing where Intercom answers %s', async (_, answer) => {
    const { directory } = directoryOf(answering({ '/companies {"name":"a"}': () => answer }));
    const reading = directory.resolve('companies', ['a']);
    await expect(reading).rejects.toThrow(/^Looking up company "a": Intercom's answer/);
  });

  test('may be named by half a letter', async () => {
    const { context, directory } = directoryOf(failing('gone'));
    await directory.resolve('companies', ['\ud800']);
    expect(context.requests[0]?.path).toBe('/companies/%EF%BF%BD');
  });
});

describe('names like one', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['gold', ['Gold'], ['Gold']],
    ['kitten', ['sitting', 'mitten', 'kitchen', 'bitten', 'dog'], ['mitten', 'bitten', 'kitchen']],
    ['a', ['b', 'bc', 'bcd'], ['b', 'bc']],
    ['abc', [], []],
    ['x', ['x'.repeat(1_000_000)], []],
    ['x'.repeat(1_000_000), ['x'], []],
    ['ab', ['ba', 'ba'], ['ba']],
  ])('%# %s', (value, names, expected) => {
    expect(nearest(value, names)).toEqual(expected);
  });
});
