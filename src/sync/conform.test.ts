import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../core/parse-json.ts';
import type { JsonSchema } from '../core/schema.ts';
import { conformer, fits } from './conform.ts';

const SECONDS: JsonSchema = { type: ['null', 'integer'], unit: 'unix_seconds' };
const NULLED = 'nulled';

function made(schema: JsonSchema, value: unknown, timestamps: 'unix' | 'rfc3339' = 'unix'): unknown {
  const record = { field: value };
  const changes = conformer({ type: 'object', properties: { field: schema } }, { timestamps })(record);
  return changes.length > 0 ? NULLED : record.field;
}

describe('a value of a column', () => {
  test.each<[JsonSchema['type'], unknown, unknown]>([
    ['string', 'a', 'a'],
    ['string', '', ''],
    ['string', 5, '5'],
    ['string', 0, '0'],
    ['string', false, 'false'],
    ['string', null, null],
    ['string', { a: 1 }, '{"a":1}'],
    ['string', [1], '[1]'],
    ['integer', 5, 5],
    ['integer', '5', 5],
    ['integer', '-5', -5],
    ['integer', 5.5, NULLED],
    ['integer', 'five', NULLED],
    ['integer', '', NULLED],
    ['integer', '5x', NULLED],
    ['integer', 'x5', NULLED],
    ['integer', '123456789012345', 123_456_789_012_345],
    ['integer', '1234567890123456', NULLED],
    ['integer', ['5'], NULLED],
    ['integer', null, null],
    ['number', 5.5, 5.5],
    ['number', '5.5', 5.5],
    ['number', ' ', NULLED],
    ['number', 'x', NULLED],
    ['boolean', true, true],
    ['boolean', 'TRUE', true],
    ['boolean', 'False', false],
    ['boolean', 1, true],
    ['boolean', '1', true],
    ['boolean', 0, false],
    ['boolean', '0', false],
    ['boolean', 'yes', NULLED],
    ['array', [1], [1]],
    ['array', 'a', NULLED],
    ['array', {}, NULLED],
    ['object', { a: 1 }, { a: 1 }],
    ['object', [], NULLED],
    ['object', 'a', NULLED],
    ['object', null, null],
    ['object', JSON.rawJSON('1234567890123456789'), NULLED],
    ['array', JSON.rawJSON('1234567890123456789'), NULLED],
    ['number', Infinity, NULLED],
    ['integer', Infinity, NULLED],
    ['boolean', {}, NULLED],
    [['null', 'string'], 5, '5'],
  ])('that is %j: %j becomes %j', (type, value, expected) => {
    expect(made({ type }, value)).toEqual(expected);
  });

  test.each<[unknown, unknown, unknown]>([
    [1_700_000_000, 1_700_000_000, '2023-11-14T22:13:20Z'],
    [1_700_000_000_123, 1_700_000_000, '2023-11-14T22:13:20Z'],
    ['1700000000', 1_700_000_000, '2023-11-14T22:13:20Z'],
    ['2023-11-14T22:13:20.5Z', 1_700_000_000, '2023-11-14T22:13:20Z'],
    [0, 0, '1970-01-01T00:00:00Z'],
    [null, null, null],
    ['soon', NULLED, NULLED],
    [253_402_300_799, 253_402_300_799, '9999-12-31T23:59:59Z'],
    [253_402_300_800, 253_402_300_800, NULLED],
    [-62_135_596_800, -62_135_596_800, '0001-01-01T00:00:00Z'],
    [-62_135_596_801, -62_135_596_801, NULLED],
    [-99_999_999_999, -99_999_999_999, NULLED],
  ])('that is an instant: %j becomes %j, or as text %j', (value, unix, text) => {
    expect(made(SECONDS, value)).toBe(unix);
    expect(made(SECONDS, value, 'rfc3339')).toBe(text);
  });

  test('keeps all digits of a long integer', () => {
    const long = parseJson('12345678901234567890');
    expect(JSON.stringify(made({ type: 'integer' }, long))).toBe('12345678901234567890');
    expect(made({ type: 'string' }, long)).toBe('12345678901234567890');
  });

  test('is made to fit inside lists and objects, and named by its path', () => {
    const schema: JsonSchema = {
      type: 'object',
      required: ['id', 'missing'],
      properties: {
        id: { type: 'string' },
        tags: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' }, at: SECONDS } } },
      },
    };
    const record = { id: 1, tags: [{ id: 2, at: 'soon', more: 3 }, null], more: 4 };
    expect(conformer(schema, { timestamps: 'unix' })(record)).toEqual([{ field: 'tags.0.at', reason: 'type' }]);
    expect(record).toEqual({ id: '1', tags: [{ id: '2', at: null, more: 3 }, null], more: 4, missing: null });
  });

  test.each<JsonSchema>([
    { type: 'string' },
    { type: 'integer' },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'object', properties: { a: { type: 'string' } } },
    { type: 'array', items: { type: 'string' } },
    SECONDS,
  ])('that is null stays null, in lists and objects as well, which is no change: %j', (items) => {
    const nothing = { a: null, b: [null, null], c: { d: null } };
    const schema: JsonSchema = {
      type: 'object',
      properties: { a: items, b: { type: 'array', items }, c: { type: 'object', properties: { d: items } }, e: items },
    };
    for (const timestamps of ['unix', 'rfc3339'] as const) {
      const record = structuredClone(nothing);
      expect(conformer(schema, { timestamps })(record)).toEqual([]);
      expect(record).toStrictEqual(nothing);
    }
  });

  test('that is required and missing is null, or empty text where it cannot be', () => {
    const schema: JsonSchema = {
      type: 'object',
      required: ['id', 'key', 'at'],
      properties: { id: { type: 'string' }, key: { type: 'string' }, at: SECONDS },
    };
    const record = { key: null };
    expect(conformer(schema, { timestamps: 'unix' })(record)).toEqual([]);
    expect(record).toEqual({ id: '', key: '', at: null });
  });

  test('stays as it is the second time, as for records that several streams send', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: { id: { type: 'string' }, at: SECONDS, flag: { type: 'boolean' } },
    };
    for (const timestamps of ['unix', 'rfc3339'] as const) {
      const record = { id: 5, at: 1_700_000_000_000, flag: 'true' };
      const conform = conformer(schema, { timestamps });
      conform(record);
      const once = structuredClone(record);
      expect(conform(record)).toEqual([]);
      expect(record).toEqual(once);
    }
  });
});

const LONG = JSON.rawJSON('1234567890123456789');

test.each<[unknown, JsonSchema['type'], boolean]>([
  ['a', 'string', true],
  [5, 'string', false],
  [5, 'integer', true],
  [5.5, 'integer', false],
  ['5', 'integer', false],
  [LONG, 'integer', true],
  [5, 'number', true],
  [5.5, 'number', true],
  ['5', 'number', false],
  [LONG, 'number', true],
  [LONG, 'object', false],
  [[], 'array', true],
  [{}, 'array', false],
  [{}, 'object', true],
  [[], 'object', false],
  [true, 'boolean', true],
  ['true', 'boolean', false],
  [null, 'string', false],
  [null, ['null', 'string'], true],
  [null, ['null', 'object'], true],
  ['a', ['array', 'string'], true],
  ['a', ['null', 'object', 'string'], true],
  [5, ['array', 'object'], false],
])('whether %j fits %j: %j', (value, type, expected) => {
  expect(fits(value, { type })).toBe(expected);
});
