import { describe, expect, test } from '@jest/globals';
import { streams } from '../../../streams/index.ts';
import { optionsOf, readSpec } from '../../spec.ts';
import { expandableColumns, hasOrder, menusOf } from './menus.ts';

const options = optionsOf(readSpec());
const names = streams.map(({ name }) => name as string);
const menus = menusOf(streams);

describe.each(menus)('$option', ({ option, concerns }) => {
  const title = options[option]?.title ?? '';
  const [, said = ''] = /\((.*)\)$/.exec(title) ?? [];

  test('concerns the streams that its title names', () => {
    const named = said.split(', ').filter((name) => names.includes(name));
    const isGeneral = said.startsWith('every stream');
    expect(isGeneral || named.length > 0).toBe(true);
    if (!isGeneral) expect(concerns.map(({ name }) => name as string).sort()).toEqual(named.sort());
  });
});

test('the menus are those of the reports, in the order of the specification', () => {
  const order = Object.keys(options);
  const offered = menus.map(({ option }) => option as string);
  const first = order.indexOf('event_type');
  const last = order.indexOf('conversation_status');
  // Admins are asked for where specific ones are wanted.
  const expected = order.slice(first, last + 1).filter((name) => name !== 'conversation_admin_ids');
  expect(offered).toEqual(expected);
});

test('the status concerns whatever is made from conversations', () => {
  const concerned = menus.find(({ option }) => option === 'conversation_status')?.concerns ?? [];
  expect(concerned.map(({ name }) => name)).toEqual([
    'conversations',
    'conversations_by_admin',
    'conversation_details',
    'conversation_parts',
    'conversation_tags',
    'conversation_contacts',
    'conversation_teammates',
    'conversation_handling_events',
  ]);
});

test('columns are offered where they make a difference', () => {
  const columnsOf = (name: string) => streams.filter((stream) => stream.name === name).flatMap(expandableColumns);
  expect(columnsOf('contacts')).toEqual(
    expect.arrayContaining(['companies', 'custom_attributes', 'location', 'notes', 'segments', 'subscription_types']),
  );
  expect(columnsOf('users_by_tag')).toEqual(columnsOf('contacts'));
  expect(columnsOf('tags')).toEqual(['applied_by']);
  expect(columnsOf('contact_tags')).toEqual([]);
});

test('streams without menus have none', () => {
  expect(menusOf(streams.filter(({ name }) => name === 'contact_tags'))).toEqual([]);
});

test('an order can be chosen of what is searched', () => {
  const ordered = streams.filter(hasOrder).map(({ name }) => name as string);
  expect(ordered).toEqual(expect.arrayContaining(['contacts', 'conversations', 'tickets', 'contact_tags']));
  expect(ordered).not.toEqual(expect.arrayContaining(['tags']));
  expect(ordered.filter((name) => /^(compan|activity|admins|articles)/.test(name))).toEqual([]);
});
