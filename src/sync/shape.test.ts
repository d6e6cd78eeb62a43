import { describe, expect, test } from '@jest/globals';
import type { JsonSchema } from '../core/schema.ts';
import { flatColumns, flatValue } from './columns.ts';
import { isFlattened, shape, type ShapeOptions } from './shape.ts';

const TEXT: JsonSchema = { type: ['null', 'string'] };
const WHOLE: JsonSchema = { type: ['null', 'integer'] };
const AT: JsonSchema = { type: ['null', 'integer'], unit: 'unix_seconds' };
const LIST: JsonSchema = {
  type: ['null', 'object'],
  properties: { type: TEXT, data: { type: 'array' }, has_more: { type: 'boolean' } },
};
const PLACE: JsonSchema = {
  type: ['null', 'object'],
  properties: { city: TEXT, zip: WHOLE, code: { type: 'string' } },
};
const CONTACT: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    at: AT,
    location: PLACE,
    tags: LIST,
    parts: { type: ['null', 'array'], items: { type: 'object', properties: { at: AT } } },
    custom_attributes: { type: ['null', 'object'] },
  },
};

function shapeOf(options: Partial<ShapeOptions>) {
  return shape(CONTACT, { timestamps: 'unix', expand: [], lists: {}, attributes: {}, ...options });
}

describe('flat columns', () => {
  test.each<[string, string[], string[], string[]]>([
    ['are named after object and field', ['city', 'zip'], [], ['location_city', 'location_zip']],
    ['are lower case, and plain', ['Größe (cm)', 'a.b'], [], ['location_gr__e__cm_', 'location_a_b']],
    [
      'that clash are numbered in the order of their names',
      ['a_b', 'a b', 'a-b'],
      [],
      ['location_a_b', 'location_a_b_2', 'location_a_b_3'],
    ],
    ['leave names alone that are taken', ['city'], ['location_city'], ['location_city_2']],
  ])('%s', (_, fields, taken, names) => {
    const schemas = Object.fromEntries(fields.map((field) => [field, TEXT]));
    const columns = flatColumns('location', schemas, new Set(taken));
    expect(columns.map(({ name }) => name)).toEqual(names);
    expect(columns.map(({ field }) => field)).toEqual([...fields].sort());
  });

  test.each<[object, unknown]>([
    [{ location: { city: 'Rome' } }, 'Rome'],
    [{ location: { city: null } }, null],
    [{ location: {} }, null],
    [{ location: null }, null],
    [{ location: 'Rome' }, null],
    [{}, null],
  ])('of %j hold %j', (row, value) => {
    expect(
      flatValue(row as Record<string, unknown>, { name: 'x', object: 'location', field: 'city', schema: TEXT }),
    ).toBe(value);
  });

  test('of 10,000 fields whose names come to the same', () => {
    const fields = Array.from({ length: 10_000 }, (_, index) => [String.fromCodePoint(0x4e00 + index), TEXT] as const);
    const names = flatColumns('a', Object.fromEntries(fields), new Set(['a___2', 'a___9999'])).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['a__', 'a___3', 'a___4']);
    expect(names.at(-1)).toBe('a___10002');
    expect(new Set(names).size).toBe(10_000);
  });

  test('know no field that every object has', () => {
    expect(
      flatValue({ location: {} }, { name: 'x', object: 'location', field: 'constructor', schema: TEXT }),
    ).toBeNull();
  });
});

describe('a row', () => {
  test('is sent as it is without expanded columns', () => {
    const row = { id: '1' };
    expect(shapeOf({}).apply([row]).records[0]).toBe(row);
  });

  test('gets a column for each field of an expanded object, and keeps the object', () => {
    const { apply, schema } = shapeOf({ expand: ['location'] });
    const row = { id: '1', location: { city: 'Rome', zip: '00118' } };
    expect(apply([row]).records).toEqual([
      { id: '1', location: { city: 'Rome', zip: 118 }, location_city: 'Rome', location_zip: 118, location_code: null },
    ]);
    expect(schema.properties).toMatchObject({
      location: {},
      location_city: TEXT,
      location_zip: WHOLE,
      location_code: TEXT,
    });
  });

  test('gets the attributes of the workspace, each of its type', () => {
    const { apply } = shapeOf({ expand: ['custom_attributes'], attributes: { Plan: TEXT, Seats: WHOLE, Since: AT } });
    const { records, changes } = apply([
      { id: '1', custom_attributes: { Plan: 5, Seats: 'many', Since: 1_700_000_000 } },
    ]);
    expect(records[0]).toMatchObject({
      custom_attributes_plan: '5',
      custom_attributes_seats: null,
      custom_attributes_since: 1_700_000_000,
      custom_attributes: { Seats: 'many' },
    });
    expect([...(changes ?? [])]).toEqual([[0, [{ field: 'custom_attributes_seats', reason: 'type' }]]]);
  });

  test('has no column for a value that is not of the type the workspace gave it, however near it is', () => {
    const attributes = { Seats: WHOLE, Since: AT, Paid: { type: ['null', 'boolean'] } } as const;
    const { apply } = shapeOf({ expand: ['custom_attributes'], attributes });
    const { records, changes } = apply([{ id: '1', custom_attributes: { Seats: '5', Since: 'soon', Paid: 1 } }]);
    expect(records[0]).toMatchObject({
      custom_attributes_seats: null,
      custom_attributes_since: null,
      custom_attributes_paid: null,
    });
    expect(
      changes
        ?.get(0)
        ?.map(({ field }) => field)
        .sort(),
    ).toEqual(['custom_attributes_paid', 'custom_attributes_seats', 'custom_attributes_since']);
  });

  test('is noted only if something in it was changed', () => {
    const { apply } = shapeOf({ expand: ['location'] });
    expect(apply([{ id: '1', location: null }, { id: '2' }])).not.toHaveProperty('changes');
    const { changes } = apply([{ id: '1' }, { id: '2', at: 'soon' }, { id: '3' }]);
    expect([...(changes ?? [])]).toEqual([[1, [{ field: 'at', reason: 'type' }]]]);
  });

  test("gets no columns for Intercom's lists, nor for what it has not", () => {
    const { schema, apply } = shapeOf({ expand: ['tags', 'companies'] });
    expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(CONTACT.properties ?? {}));
    expect(apply([{ id: '1', tags: { data: [] } }]).records).toEqual([{ id: '1', tags: { data: [] } }]);
  });

  test('is not changed for another stream that sends it as well', () => {
    const row = { id: '1', location: { city: 'Rome' } };
    shapeOf({ expand: ['location'] }).apply([row]);
    expect(row).toEqual({ id: '1', location: { city: 'Rome' } });
  });

  test.each(['unix', 'rfc3339'] as const)('is described as it comes, with %s times', (timestamps) => {
    const { schema, apply } = shapeOf({ timestamps });
    const text = { type: ['null', 'string'], format: 'date-time', airbyte_type: 'timestamp_with_timezone' };
    const at = timestamps === 'unix' ? { type: ['null', 'integer'] } : text;
    expect(schema.properties?.['at']).toEqual(at);
    expect(schema.properties?.['parts']?.items).toEqual({ type: 'object', properties: { at } });
    expect(schema.properties?.['tags']).toEqual(LIST);
    expect(apply([{ at: 0 }]).records).toEqual([{ at: timestamps === 'unix' ? 0 : '1970-01-01T00:00:00Z' }]);
  });
});

test.each<[string, JsonSchema | undefined, boolean]>([
  ['an object', PLACE, true],
  ['an object without known fields', { type: 'object' }, true],
  ['an object with a list and more', { type: 'object', properties: { data: { type: 'array' }, name: TEXT } }, true],
  ['an object with two lists', { type: 'object', properties: { a: { type: 'array' }, b: { type: 'array' } } }, true],
  ['an object with one field', { type: 'object', properties: { name: TEXT } }, true],
  ["Intercom's list", LIST, false],
  ['an array', { type: 'array' }, false],
  ['text', TEXT, false],
  ['nothing', undefined, false],
])('whether %s becomes columns', (_, schema, expected) => {
  expect(isFlattened(schema)).toBe(expected);
});
