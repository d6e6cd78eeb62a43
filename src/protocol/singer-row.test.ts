import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../core/parse-json.ts';
import type { JsonSchema } from '../core/schema.ts';
import { rowsFor } from './singer-row.ts';

const TEXT: JsonSchema = { type: ['null', 'string'] };
const NUMBER: JsonSchema = { type: ['null', 'integer'] };
const INSTANT: JsonSchema = { type: ['null', 'string'], format: 'date-time' };
const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: ['null', 'object'],
  properties,
});
const list = (items: JsonSchema): JsonSchema => ({ type: ['null', 'array'], items });

const OURS = {
  id: { type: 'string' },
  name: TEXT,
  at: NUMBER,
  place: object({ city: TEXT, zip: NUMBER, deep: object({ a: NUMBER, b: NUMBER }) }),
  parts: list(object({ id: TEXT, at: NUMBER })),
} as const satisfies Readonly<Record<string, JsonSchema>>;
const ROW = {
  id: '1',
  name: 'Mira',
  at: 1_767_225_600,
  place: { city: 'Ulm', zip: 7, other: true, deep: { a: 1, b: 2, c: 3 } },
  parts: [{ id: 'p', at: 1_767_225_600, more: [1] }, null],
};

/** What becomes of a row, and the columns that lost a value on the way. */
function made(
  properties: Readonly<Record<string, JsonSchema>>,
  row: object = ROW,
  ours: Readonly<Record<string, JsonSchema>> = OURS,
) {
  const lost: string[] = [];
  const toRow = rowsFor({ type: 'object', properties }, { type: 'object', properties: ours }, (column) =>
    lost.push(column),
  );
  const before = JSON.stringify(row);
  const after = toRow(row);
  expect(JSON.stringify(row)).toBe(before); // others send it, too
  return { ...after, ...(lost.length === 0 ? {} : { lost }) };
}

describe('columns', () => {
  test('are those of the schema, in its order, with null where there is nothing', () => {
    const row = made({ name: TEXT, id: OURS.id, gone: TEXT }, { ...ROW, name: undefined });
    expect(row).toEqual({ name: null, id: '1', gone: null });
    expect(Object.keys(row)).toEqual(['name', 'id', 'gone']);
  });

  test('stay as they are under our own schema, with all that Intercom adds inside', () => {
    expect(made(OURS)).toEqual(ROW);
  });

  test('lose the nested fields that are not selected, and no others', () => {
    const place = object({ city: TEXT, deep: object({ b: NUMBER }) });
    const parts = list(object({ id: TEXT }));
    expect(made({ place, parts })).toEqual({
      place: { city: 'Ulm', other: true, deep: { b: 2, c: 3 } },
      parts: [{ id: 'p', more: [1] }, null],
    });
    expect(made({ place: object({}) })).toEqual({ place: { other: true } });
  });

  test('stay as they are where the catalog does not say what is in them, or we do not', () => {
    const bare: JsonSchema = { type: ['null', 'object'] };
    const bareList: JsonSchema = { type: ['null', 'array'] };
    expect(made({ place: bare, parts: bareList })).toEqual({ place: ROW.place, parts: ROW.parts });
    expect(made({ place: OURS.place, parts: OURS.parts }, ROW, { place: bare, parts: bareList })).toEqual({
      place: ROW.place,
      parts: ROW.parts,
    });
  });

  test('that are not what they should be are left alone', () => {
    const place = object({ city: TEXT });
    expect(made({ place, parts: list(object({ id: TEXT })) }, { place: 'here', parts: 'none' })).toEqual({
      place: 'here',
      parts: 'none',
    });
    expect(made({ place }, { place: null })).toEqual({ place: null });
  });
});

describe('a type that the user has chosen', () => {
  test.each<[string, JsonSchema, JsonSchema, unknown, unknown]>([
    ['text for a number', NUMBER, TEXT, 5, '5'],
    ['text for an object', object({}), TEXT, { a: 1 }, '{"a":1}'],
    ['text for a boolean', { type: 'boolean' }, TEXT, false, 'false'],
    ['a number for text', TEXT, NUMBER, '5', 5],
    ['an instant for seconds', NUMBER, INSTANT, 1_767_225_600, '2026-01-01T00:00:00Z'],
    ['seconds for an instant', INSTANT, NUMBER, '2026-01-01T00:00:00Z', 1_767_225_600],
    ['plain text for an instant', INSTANT, TEXT, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['text for a long number', NUMBER, TEXT, parseJson('12345678901234567890'), '12345678901234567890'],
    ['several, of which one holds', TEXT, { type: ['null', 'integer', 'string'] }, 'x', 'x'],
    ['several, of which the last holds', TEXT, { type: ['null', 'array', 'string'] }, 'x', 'x'],
    ['several, of which none holds', object({}), { type: ['integer', 'boolean'] }, '7', 7],
    ['none at all', TEXT, {} as JsonSchema, { a: 1 }, { a: 1 }],
    ['the same, written otherwise', TEXT, { type: 'string' }, { a: 1 }, { a: 1 }],
    ['any, and null', TEXT, NUMBER, null, null],
  ])('%s', (_, ours, schema, value, expected) => {
    expect(made({ a: schema }, { a: value }, { a: ours })).toEqual({ a: expected });
  });

  test('holds inside of objects and lists, too', () => {
    const place = object({ zip: TEXT, city: TEXT });
    const parts = list(object({ id: TEXT, at: INSTANT }));
    expect(made({ place, parts })).toEqual({
      place: { city: 'Ulm', zip: '7', other: true },
      parts: [{ id: 'p', at: '2026-01-01T00:00:00Z', more: [1] }, null],
    });
  });

  test('is null where a value does not fit, which is told', () => {
    expect(made({ name: NUMBER, at: NUMBER })).toEqual({ name: null, at: ROW.at, lost: ['name'] });
    expect(made({ place: object({ city: NUMBER, zip: TEXT }) })).toMatchObject({
      place: { city: null, zip: '7' },
      lost: ['place'],
    });
  });

  test('holds for columns that we do not name', () => {
    const row = { weight: 7, colour: { red: '1' } };
    expect(made({ weight: TEXT, colour: object({ red: NUMBER }), size: TEXT }, row)).toEqual({
      weight: '7',
      colour: { red: 1 },
      size: null,
    });
  });
});

describe('a column with the name of something that every object has', () => {
  const schemaOf = (list: readonly string[]): JsonSchema => ({
    type: 'object',
    properties: Object.fromEntries(list.map((name) => [name, TEXT])),
  });
  const ignore = (): void => undefined;
  const ours = schemaOf(['id']);
  const names = ['id', '__proto__', 'constructor', 'toString'];
  const toRow = rowsFor(schemaOf(names), ours, ignore);

  test('is null where a record has no such field', () => {
    const row = toRow({ id: '1' });
    expect(Object.entries(row)).toEqual([
      ['id', '1'],
      ['__proto__', null],
      ['constructor', null],
      ['toString', null],
    ]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  test('has the value of a record that has one, in its type', () => {
    const record = JSON.parse('{"id":"1","__proto__":{"a":1},"constructor":5,"toString":"x"}') as object;
    expect(JSON.stringify(toRow(record))).toBe('{"id":"1","__proto__":"{\\"a\\":1}","constructor":"5","toString":"x"}');
  });

  test('may be inside of an object', () => {
    const nested = (list: readonly string[]): JsonSchema => ({
      type: 'object',
      properties: { place: schemaOf(list) },
    });
    const change = rowsFor(nested(names), nested(['id']), ignore);
    const record = JSON.parse('{"place":{"id":"1","__proto__":5}}') as object;
    expect(JSON.stringify(change(record))).toBe('{"place":{"id":"1","__proto__":"5"}}');
    expect(JSON.stringify(change({ place: { id: '1' } }))).toBe('{"place":{"id":"1"}}');
  });
});
