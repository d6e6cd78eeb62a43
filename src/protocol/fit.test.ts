import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fit } from './fit.ts';
import { toJson } from './json-line.ts';

const LIMIT = 20_000;

describe('a row that is too large', () => {
  test.each<[string, unknown, string[]]>([
    ['has its text cut', { id: '1', body: 'x'.repeat(50_000) }, ['body']],
    ['has its longest text cut', { body: 'x'.repeat(15_000), note: 'y'.repeat(30_000) }, ['note']],
    ['has several texts cut', { a: 'x'.repeat(21_000), b: { c: ['z', 'y'.repeat(22_000)] } }, ['b.c.1', 'a']],
    ['of several bytes a letter', { body: '名'.repeat(20_000) }, ['body']],
    ['of emojis', { body: '😀'.repeat(20_000) }, ['body']],
    ['of escapes', { body: '"\n'.repeat(20_000) }, ['body']],
    ['of escapes in front, and letters behind', { body: '\u0001'.repeat(6000) + 'x'.repeat(3000) }, ['body']],
    ['of line ends that are escaped on the wire', { body: '\u2028'.repeat(9000) }, ['body']],
    ['with a long integer', { id: JSON.rawJSON('12345678901234567890'), body: 'x'.repeat(50_000) }, ['body']],
  ])('%s', (_, row, truncated) => {
    const before = JSON.stringify(row);
    const fitted = fit(toJson(row), LIMIT);
    expect([...fitted.truncated].sort()).toEqual([...truncated].sort());
    const json = toJson(fitted.record);
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(LIMIT);
    expect(json.isWellFormed()).toBe(true);
    expect(JSON.stringify(row)).toBe(before);
    expect(json.includes('12345678901234567890')).toBe(before.includes('12345678901234567890'));
  });

  test('stays as it is where it fits', () => {
    expect(fit('{"a":"b"}', LIMIT)).toEqual({ record: { a: 'b' }, truncated: [], nulled: [] });
  });

  const numbers = (count: number): number[] => Array.from({ length: count }, () => 12345);
  const long = 'k'.repeat(25_000);
  test.each<[string, object, object]>([
    [
      'leaves out its largest column where that is no text, and keeps its texts',
      { id: '1', name: 'x'.repeat(900), list: numbers(5000), other: numbers(10) },
      { record: { id: '1', name: 'x'.repeat(900), list: null, other: numbers(10) }, truncated: [], nulled: ['list'] },
    ],
    [
      'leaves out as many as it must',
      { id: '1', a: numbers(4000), b: { c: numbers(5000) }, d: 1 },
      { record: { id: '1', a: null, b: null, d: 1 }, truncated: [], nulled: ['b', 'a'] },
    ],
    [
      'loses a column of a name that is too long',
      { id: '1', [long]: 1 },
      { record: { id: '1' }, truncated: [], nulled: [`${long.slice(0, 200)}…`] },
    ],
    [
      'leaves out what cutting all its long texts does not make small enough',
      { id: '1', list: numbers(5000), body: 'x'.repeat(3000) },
      { record: { id: '1', list: null, body: 'x'.repeat(3000) }, truncated: [], nulled: ['list'] },
    ],
  ])('%s', (_, row, fitted) => {
    expect(fit(toJson(row), LIMIT)).toEqual(fitted);
  });

  test('is cut to the very byte, whatever its letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 30, max: 3000 }), (unit, limit) => {
        const text = unit.toWellFormed().replaceAll('\0', '').repeat(3000);
        fc.pre(Buffer.byteLength(toJson({ text })) > limit + 1000);
        const json = toJson(fit(toJson({ text }), limit).record);
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(limit);
        expect(Buffer.byteLength(json)).toBeGreaterThan(limit - 12); // two units of six bytes at most
        expect(json.isWellFormed()).toBe(true);
      }),
    );
  });
});
