import { describe, expect, test } from '@jest/globals';
import { toJson } from './json-line.ts';

describe('a value on one line', () => {
  test.each<[string, unknown, string]>([
    ['plain', { a: [1, 'b', null, true] }, '{"a":[1,"b",null,true]}'],
    ['an emoji', '😀', '"😀"'],
    ['a lone surrogate', { a: 'x\ud83dy' }, '{"a":"x\ufffdy"}'],
    ['a lone surrogate in a key', { 'x\udc00': 1 }, '{"x\ufffd":1}'],
    ['U+0000', ['a\u0000b'], '["ab"]'],
    ['U+0000 in a key', { 'a\u0000': 1 }, '{"a":1}'],
    ['text that looks like an escape', 'a\\u0000', '"a\\\\u0000"'],
    ['line ends', '\u0085\u2028\u2029', '"\\u0085\\u2028\\u2029"'],
    ['a line end in a key', { '\u2028': 1 }, '{"\\u2028":1}'],
    ['ordinary line ends', 'a\r\nb', '"a\\r\\nb"'],
    ['a long integer', { a: JSON.rawJSON('12345678901234567890') }, '{"a":12345678901234567890}'],
    [
      'a long integer beside a lone surrogate',
      { a: JSON.rawJSON('12345678901234567890'), b: '\ud800' },
      '{"a":12345678901234567890,"b":"\ufffd"}',
    ],
    [
      'keys that differ in U+0000 only',
      { 'a\u0000': 1, a: 2, 'a\u0000\u0000': 3, a_2: 4 },
      '{"a_3":1,"a":2,"a_4":3,"a_2":4}',
    ],
    ['keys that become alike', { '\ud800': 1, '\udfff': 2 }, '{"\ufffd":1,"\ufffd_2":2}'],
    ['the name of what every object has', JSON.parse('{"__proto__":"\\u0000x"}'), '{"__proto__":"x"}'],
  ])('%s', (_, value, json) => {
    expect(toJson(value)).toBe(json);
    expect(() => JSON.parse(toJson(value)) as unknown).not.toThrow();
  });
});
