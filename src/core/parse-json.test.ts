import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { textOf } from './json.ts';
import { parseJson } from './parse-json.ts';

describe('integers beyond 2^53', () => {
  test.each([
    '{"id":12345678901234567890}',
    '{"id":-9007199254740993,"a":[9007199254740993,1]}',
    '{"a":{"b":[[1234567890123456789012345678901234567890]]}}',
    '[1234567890123456789]',
    '12345678901234567890',
  ])('%s keeps its digits', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  test('are text where they have more digits than programs read', () => {
    const digits = '7'.repeat(301);
    expect(parseJson(`[${digits.slice(1)},${digits},-${digits}]`)).toEqual([
      JSON.rawJSON(digits.slice(1)),
      digits,
      `-${digits}`,
    ]);
  });

  test('are read as text', () => {
    const { id } = parseJson('{"id": 12345678901234567890}') as { id: unknown };
    expect(textOf(id)).toBe('12345678901234567890');
  });

  test.each([
    '{"a":1.2345678901234567}',
    '{"a":9007199254740991}',
    '{"a":"1234567890123456789"}',
    '{"a":": 1234567890123456789"}',
  ])('%s is nothing special', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test('a key cannot reach a prototype', () => {
    const value = parseJson('{"__proto__":{"polluted":12345678901234567890}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test('everything else is as JSON.parse has it', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, isForced) => {
        fc.pre(!/\d{16}/.test(text)); // those are the tests above
        const padded = isForced ? `[${text},12345678901234567890]` : text;
        const value = parseJson(padded);
        expect(isForced ? (value as unknown[])[0] : value).toEqual(JSON.parse(text));
      }),
    );
  });

  test('nesting beyond what can be looked into costs their last digits, and nothing else', () => {
    const text = `{"id":12345678901234567890,"deep":${'['.repeat(20_000)}${']'.repeat(20_000)},"a":"b"}`;
    expect(parseJson(text)).toMatchObject({ id: 12345678901234567000, a: 'b' });
    expect(() => parseJson(text.slice(0, -1))).toThrow(SyntaxError);
  });

  test('what is not JSON is a syntax error', () => {
    expect(() => parseJson('{"a":12345678901234567890')).toThrow(SyntaxError);
  });
});
