import { describe, expect, test } from '@jest/globals';
import { at, isObject, numberOf, textOf } from './json.ts';

const LONG = JSON.rawJSON('1234567890123456789');

test.each<[unknown, boolean]>([
  [{}, true],
  [Object.create(null), true],
  [[], false],
  [null, false],
  [LONG, false],
  ['', false],
  [undefined, false],
])('%# %j is an object: %j', (value, expected) => {
  expect(isObject(value)).toBe(expected);
});

describe('a path into a value', () => {
  test.each<[unknown, unknown]>([
    [{ a: { b: 1 } }, 1],
    [{ a: { b: null } }, null],
    [{ a: null }, undefined],
    [{ a: 'text' }, undefined],
    [{ a: [1] }, undefined],
    [{ a: LONG }, undefined],
    [undefined, undefined],
  ])('%j', (value, expected) => {
    expect(at(value, 'a.b')).toBe(expected);
  });
});

test.each<[unknown, string, number]>([
  ['a', 'a', NaN],
  ['7', '7', 7],
  [' 7 ', ' 7 ', 7],
  ['', '', NaN],
  ['  ', '  ', NaN],
  [0, '0', 0],
  [1.5, '1.5', 1.5],
  [true, 'true', NaN],
  [LONG, '1234567890123456789', 1234567890123456800],
  [null, '', NaN],
  [undefined, '', NaN],
  [{}, '', NaN],
  [[7], '', NaN],
])('%j is the text %j and the number %d', (value, text, number) => {
  expect(textOf(value)).toBe(text);
  expect(numberOf(value)).toBe(number);
});
