import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../core/json.ts';
import type { JsonSchema } from '../core/schema.ts';
import type { Attributed } from '../readers/stream.ts';
import { contextOf } from '../readers/testing/context.ts';
import { attributeTypes } from './attributes.ts';

function typesOf(data: unknown) {
  return attributeTypes('contact', contextOf(() => ({ data })).once);
}

describe('the attributes that a workspace has defined', () => {
  test.each<[unknown, JsonSchema]>([
    ['string', { type: ['null', 'string'] }],
    ['boolean', { type: ['null', 'boolean'] }],
    ['integer', { type: ['null', 'integer'] }],
    ['float', { type: ['null', 'number'] }],
    ['decimal', { type: ['null', 'number'] }],
    ['date', { type: ['null', 'integer'], unit: 'unix_seconds' }],
    ['datetime', { type: ['null', 'integer'], unit: 'unix_seconds' }],
    ['list', { type: ['null', 'string'] }],
    [undefined, { type: ['null', 'string'] }],
  ])('that are said to be %j', async (type, schema) => {
    expect(await typesOf([{ name: 'Plan', data_type: type, custom: true }])).toEqual({ Plan: schema });
  });

  test('are all but those that every workspace has', async () => {
    const types = await typesOf([{ name: 'email', custom: false }, { name: 'Plan', custom: true }, { name: 'Seats' }]);
    expect(Object.keys(types)).toEqual(['Plan', 'Seats']);
  });

  test('may have any name but none', async () => {
    const types = await typesOf([{ name: '' }, {}, { name: null }, { name: '__proto__' }, { name: 5 }]);
    expect(Object.keys(types).sort()).toEqual(['5', '__proto__']);
  });

  test.each<[Attributed, string, JsonObject]>([
    ['contact', '/data_attributes', { model: 'contact', include_archived: true }],
    ['company', '/data_attributes', { model: 'company', include_archived: true }],
    ['conversation', '/conversations/attributes', { include_archived: true }],
  ])('of a %s are asked for, archived ones as well, with one call', async (model, path, query) => {
    const { once, requests } = contextOf(() => ({ data: [] }));
    expect(await attributeTypes(model, once)).toEqual({});
    expect(requests).toMatchObject([{ method: 'GET', path, query }]);
    expect(requests[0]?.query).toEqual(query);
  });

  test('are not taken for none where the answer has no list of them', async () => {
    await expect(typesOf(undefined)).rejects.toThrow('Reading the attributes of a contact');
  });
});
