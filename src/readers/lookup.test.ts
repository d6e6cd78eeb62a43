import { describe, expect, test } from '@jest/globals';
import { lookup, type Wanted } from './lookup.ts';
import type { Filter } from './reader.ts';
import { search } from './search.ts';
import { where } from './source.ts';
import { all, contextOf } from './testing/context.ts';
import { FakeSearch } from './testing/fake-search.ts';

const role = (value: string): Filter => ({ field: 'role', operator: '=', value });
const everyone = search<{ id: string }>('/contacts/search', 'data', { purpose: 'Reading contacts' });

const PEOPLE = [
  { id: 'a', updated_at: 1, role: 'user', email: 'one@example.com', external_id: 'x' },
  { id: 'b', updated_at: 2, role: 'lead', email: 'two@example.com', external_id: 'a' },
  { id: 'c', updated_at: 3, role: 'lead', email: 'two@example.com', external_id: 'y' },
];

async function find(wanted: readonly Wanted[], base = everyone) {
  const context = contextOf(new FakeSearch(PEOPLE).answer);
  const pages = await all(lookup(base, () => wanted).walk.read(context));
  return { context, ids: pages.flatMap(({ records }) => records.map(({ id }) => id)) };
}

const byId = (values: readonly string[], more: Partial<Wanted> = {}): Wanted => ({
  option: 'user_ids',
  fields: ['id', 'external_id'],
  values,
  ...more,
});
const byEmail = (...values: readonly string[]): Wanted => ({ option: 'lead_emails', fields: ['email'], values });

describe('looking up', () => {
  test.each<[string, Wanted[], string[], string[], number]>([
    ['an id', [byId(['b'])], ['b'], [], 1],
    ['an id of another kind', [byId(['y'])], ['c'], [], 2],
    ['an id that is also another id of somebody else', [byId(['a'])], ['a'], [], 1],
    ['the same by both ids', [byId(['b', 'y', 'c'])], ['b', 'c'], [], 2],
    ['an address that two have', [byEmail('two@example.com')], ['b', 'c'], [], 1],
    ['an id and the address of the same', [byId(['b']), byEmail('two@example.com')], ['b', 'c'], [], 2],
    ['something unknown', [byId(['nobody'])], [], ['user_ids that name no such record: nobody'], 2],
    [
      'one of the wrong role',
      [byId(['x'], { filters: [role('lead')] })],
      [],
      ['user_ids that name no such record: x'],
      2,
    ],
  ])('%s', async (_, wanted, ids, skipped, calls) => {
    const found = await find(wanted);
    expect(found.ids).toEqual(ids);
    expect(found.context.skipped).toEqual(skipped);
    expect(found.context.requests.length).toBe(calls);
  });

  test('keeps to the conditions of what it looks into', async () => {
    const leads = where(everyone, () => [role('lead')]);
    expect((await find([byId(['a', 'b'])], leads)).ids).toEqual(['b']);
  });

  test('asks for fifty at once', async () => {
    const values = Array.from({ length: 101 }, (_, index) => `n${String(index)}`);
    expect((await find([{ ...byId(values), fields: ['id'] }])).context.requests.length).toBe(3);
  });

  test('nothing asks for nothing, and says which option to set', async () => {
    const { context, ids } = await find([byId([]), byEmail()]);
    expect(ids).toEqual([]);
    expect(context.requests).toEqual([]);
    expect(context.logged.join()).toContain('set user_ids or lead_emails');
  });
});
