import { describe, expect, test } from '@jest/globals';
import type { JsonSchema } from '../core/schema.ts';
import { rowsFor } from './singer-row.ts';

const TEXT: JsonSchema = { type: ['null', 'string'] };

function schemaOf(names: readonly string[]): JsonSchema {
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, TEXT])) };
}

describe('a column with the name of something that every object has', () => {
  const ours = schemaOf(['id']);
  const names = ['id', '__proto__', 'constructor', 'toString'];
  const toRow = rowsFor(schemaOf(names), ours);

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
    const nested = (names: readonly string[]): JsonSchema => ({
      type: 'object',
      properties: { place: schemaOf(names) },
    });
    const change = rowsFor(nested(names), nested(['id']));
    const record = JSON.parse('{"place":{"id":"1","__proto__":5}}') as object;
    expect(JSON.stringify(change(record))).toBe('{"place":{"id":"1","__proto__":"5"}}');
    expect(JSON.stringify(change({ place: { id: '1' } }))).toBe('{"place":{"id":"1"}}');
  });
});
