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

  describe('names written with an escape', () => {
    test.each([
      [String.raw`"\\"`, String.raw`"\n"`],
      [String.raw`"\\"`, String.raw`"\""`],
      [String.raw`"\\"`, String.raw`"\u0000"`],
      [String.raw`"a\\"`, String.raw`"a\u00e9"`],
      [String.raw`"a\\"`, String.raw`"a\\"`],
    ])('%s before does not change %s', (before, name) => {
      parseJson(`{"a":[],${before}:0}`);
      expect(Object.keys(parseJson(`{"a":[],${name} :0}`) as object)).toEqual(['a', JSON.parse(name)]);
    });

    const odd = fc.string({
      unit: fc.constantFrom('a', '.', '"', '\\', '\0', '\u2028', '名', '\u007f', '1', ':'),
      maxLength: 5,
    });
    const odds = fc.letrec<{ readonly value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        odd,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(odd, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;

    test.each([undefined, 1])('come back as they were, indented by %s', (indent) => {
      fc.assert(
        fc.property(odds, (value) => {
          const text = JSON.stringify(value, undefined, indent);
          expect(JSON.stringify(parseJson(text), undefined, indent)).toBe(text);
        }),
        { numRuns: 2000 },
      );
    });

    test.each([
      [String.raw`{"a":1,"\u0061":2,"b":3}`, { a: 2, b: 3 }],
      [String.raw`{"\u0061":1,"a":2,"b":3}`, { a: 2, b: 3 }],
      [String.raw`{"a":1,"\u0061":2,"a":3}`, { a: 3 }],
      [String.raw`{"\n":1,"\u000a":2,"\n":3}`, { '\n': 3 }],
      [String.raw`{"\u0031":"A","1":"B"}`, { 1: 'B' }],
    ])('%s: of those that are the same the last counts', (text, value) => {
      expect(parseJson(text)).toEqual(value);
    });

    test('are told where they stand if they are wrong', () => {
      expect(() => parseJson(String.raw`{"\n":1,          "a\qb":1}`)).toThrow(/position 21/);
    });

    test('cannot reach a prototype', () => {
      const value = parseJson(String.raw`{"__proto\u005f_":{"polluted":1}}`) as object;
      expect(Object.keys(value)).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    });

    test.each([
      String.raw`{"a\q":1}`,
      String.raw`{"a":{"\q":1},"a":2}`,
      String.raw`{"a\u00g0":1}`,
      String.raw`{"a\":1}`,
      String.raw`{"a":"\q"}`,
      '{"a\\\u0001":1}',
      '\\',
    ])('%j is a syntax error', (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    });

    test('are found at any depth, beside long integers', () => {
      const deep = `${'[{"a":'.repeat(5000)}{"b\\n":1}${'}]'.repeat(5000)}`;
      let found = parseJson(`{"deep":${deep}}`) as object;
      while (!('b\n' in found)) found = Object.values(found)[0] as object;
      expect(found).toEqual({ 'b\n': 1 });
      expect(JSON.stringify(parseJson(String.raw`{"a\n":12345678901234567890}`))).toBe(
        String.raw`{"a\n":12345678901234567890}`,
      );
    });
  });

  test('everything else is as JSON.parse should have it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, isForced) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text)); // those are the tests above
        const padded = isForced ? `[${text},12345678901234567890]` : text;
        expect(JSON.stringify(parseJson(padded))).toBe(padded);
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
