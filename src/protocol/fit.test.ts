import { describe, expect, test } from '@jest/globals';
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
    expect(fit('{"a":"b"}', LIMIT)).toEqual({ record: { a: 'b' }, truncated: [] });
  });
});
