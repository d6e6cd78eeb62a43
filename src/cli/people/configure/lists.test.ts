import { expect, test } from '@jest/globals';
import type { Api, Request } from '../../../intercom/api.ts';
import { findContacts, offersFor, withOwn } from './lists.ts';

const signal = new AbortController().signal;

/** An API that answers from a function, and tells what it was asked. */
function apiOf(answer: (request: Request) => object): Api & { readonly asked: Request[] } {
  const asked: Request[] = [];
  return {
    asked,
    send: (request) => {
      asked.push(request);
      return Promise.resolve(answer(request) as Readonly<Record<string, unknown>>);
    },
    now: () => 0,
  };
}

function companiesOf(total: number): Api & { readonly asked: Request[] } {
  return apiOf(({ body }) => {
    const { page, per_page: size } = body as { readonly page: number; readonly per_page: number };
    if (page * size > 10_000) throw new Error('page limit reached');
    const count = Math.max(0, Math.min(size, total - (page - 1) * size));
    const data = Array.from({ length: count }, (_, index) => ({ id: `${page}-${index}`, name: `Company ${index}` }));
    return { data, total_count: total };
  });
}

test.each([
  [0, 1, 0, false],
  [60, 1, 60, false],
  [61, 2, 61, false],
  [9000, 150, 9000, false],
  [25_000, 166, 9960, true],
])('%d companies take %d calls', async (total, calls, listed, isCut) => {
  const api = companiesOf(total);
  const offers = await offersFor('company_ids', api, signal);
  expect([api.asked.length, offers.choices.length, offers.isCut]).toEqual([calls, listed, isCut]);
});

test('a menu shows names, and knows ids and e-mail addresses', async () => {
  const api = apiOf(() => ({
    admins: [
      { id: 2, name: 'Zoë\u202e\n', email: 'z@example.com' },
      { id: 1, name: null, email: 'a@example.com' },
    ],
  }));
  const { choices } = await offersFor('conversation_admin_ids', api, signal);
  expect(choices).toEqual([
    { value: '1', label: 'a@example.com', hint: '1', names: ['a@example.com'] },
    { value: '2', label: 'Zoë ', hint: 'z@example.com, 2', names: ['Zoë\u202e\n', 'z@example.com'] },
  ]);
});

test('what is chosen comes first, as the file calls it', () => {
  const offer = (value: string, ...names: string[]) => ({ value, label: names[0] ?? value, names });
  const offers = [offer('1', 'Acme'), offer('2', 'Twin'), offer('3', 'Twin'), offer('4', 'Same')];
  const values = (own: readonly string[]) => withOwn(offers, own).map(({ value, label }) => [value, label]);
  expect(values([])).toEqual([
    ['1', 'Acme'],
    ['2', 'Twin'],
    ['3', 'Twin'],
    ['4', 'Same'],
  ]);
  expect(values(['4', 'Acme'])).toEqual([
    ['4', 'Same'],
    ['Acme', 'Acme'],
    ['2', 'Twin'],
    ['3', 'Twin'],
  ]);
  expect(values(['gone', 'Twin'])).toEqual([['gone', 'gone'], ['Twin', 'Twin'], ...values([])]);
});

test('contacts are searched by role, and by text where there is one', async () => {
  const api = apiOf(() => ({ data: [{ id: 'x', email: 'x@example.com' }], total_count: 5 }));
  expect((await findContacts('lead', '', api, signal)).isCut).toBe(true);
  await findContacts('user', 'mira', api, signal);
  const [latest, found] = api.asked.map(({ body }) => JSON.stringify(body));
  expect(latest).toContain('"value":[{"field":"role","operator":"=","value":"lead"}]');
  expect(found).toContain('{"field":"email","operator":"~","value":"mira"}');
});
