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
const PLACE: JsonSchema = { type: ['null', 'object'], properties: { city: TEXT, zip: WHOLE } };
const CONTACT: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    at: AT,
    location: PLACE,
    tags: LIST,
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
      ['a b', 'a-b', 'a_b'],
      [],
      ['location_a_b', 'location_a_b_2', 'location_a_b_3'],
    ],
    ['leave names alone that are taken', ['city'], ['location_city'], ['location_city_2']],
  ])('%s', (_, fields, taken, names) => {
    const schemas = Object.fromEntries(fields.map((field) => [field, TEXT]));
    expect(flatColumns('location', schemas, new Set(taken)).map(({ name }) => name)).toEqual(names);
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
      { id: '1', location: { city: 'Rome', zip: 118 }, location_city: 'Rome', location_zip: 118 },
    ]);
    expect(Object.keys(schema.properties ?? {})).toEqual(
      expect.arrayContaining(['location', 'location_city', 'location_zip']),
    );
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

  test('is not changed for another stream that sends it as well', () => {
    const row = { id: '1', location: { city: 'Rome' } };
    shapeOf({ expand: ['location'] }).apply([row]);
    expect(row).toEqual({ id: '1', location: { city: 'Rome' } });
  });

  test.each(['unix', 'rfc3339'] as const)('is described as it comes, with %s times', (timestamps) => {
    const { schema, apply } = shapeOf({ timestamps });
    const at = schema.properties?.['at'];
    expect(JSON.stringify(schema)).not.toContain('unix_seconds');
    expect(at?.format).toBe(timestamps === 'unix' ? undefined : 'date-time');
    expect(apply([{ at: 0 }]).records).toEqual([{ at: timestamps === 'unix' ? 0 : '1970-01-01T00:00:00Z' }]);
  });
});

test.each<[string, JsonSchema | undefined, boolean]>([
  ['an object', PLACE, true],
  ['an object without known fields', { type: 'object' }, true],
  ["Intercom's list", LIST, false],
  ['an array', { type: 'array' }, false],
  ['text', TEXT, false],
  ['nothing', undefined, false],
])('whether %s becomes columns', (_, schema, expected) => {
  expect(isFlattened(schema)).toBe(expected);
});
