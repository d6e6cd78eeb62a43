import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bounded } from './depth.ts';
import { parseJson } from './parse-json.ts';

describe('nesting is bounded, and what lies deeper is kept as text', () => {
  test.each([
    ['{"a":1}', 1, '{"a":1}'],
    ['{"a":{"b":1}}', 2, '{"a":{"b":1}}'],
    ['{"a":{"b":1,"c":"\\"x"}}', 1, '{"a":"{\\"b\\":1,\\"c\\":\\"\\\\\\"x\\"}"}'],
    ['[[[1,2],[]],{}]', 2, '[["[1,2]","[]"],{}]'],
    ['[{"a":[null,true,{}]}]', 1, '["{\\"a\\":[null,true,{}]}"]'],
    ['[[12345678901234567890]]', 1, '["[12345678901234567890]"]'],
    ['[12345678901234567890]', 1, '[12345678901234567890]'],
    ['{"__proto__":{"a":[1]}}', 1, '{"__proto__":"{\\"a\\":[1]}"}'],
  ])('%s to %i levels', (text, most, expected) => {
    expect(JSON.stringify(bounded(parseJson(text) as object, most))).toBe(expected);
  });

  test('what is cut off says the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'large' }), (value) => {
        const [text] = bounded([[value]], 1) as string[];
        expect(text).toBe(JSON.stringify([value]));
      }),
    );
  });

  test.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('100,000 levels of %s', (_, open, close) => {
    const text = open.repeat(100_000) + '1' + close.repeat(100_000);
    let value: unknown = bounded(JSON.parse(text) as object, 100);
    for (let level = 0; level < 100; level++) value = Object.values(value as object)[0];
    expect(value).toBe(open.repeat(99_900) + '1' + close.repeat(99_900));
  });
});
