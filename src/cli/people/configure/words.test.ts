import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { optionsOf, readSpec } from '../../spec.ts';
import { firstSentence, listed, shellWords, summary } from './words.ts';
import { wrapped } from './wrap.ts';

test.each([
  [['a', '--config', 'my config.json']],
  [["it's", '$HOME', '`id`', '"', '\\', 'a\nb', '', '*', '~', '!!', ';', '&', 'ü']],
])('a shell takes %j as they are', (words) => {
  const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${shellWords(words)}`], { encoding: 'utf8' });
  expect(printed.split('\0').slice(0, -1)).toEqual(words);
});

test('plain words stay plain', () => {
  expect(shellWords(['read', '--config', './a/b-1.json'])).toBe('read --config ./a/b-1.json');
});

describe('of a description', () => {
  const { expand, company_ids: companies } = optionsOf(readSpec());

  test('the first sentence says what it is about', () => {
    expect(firstSentence(expand!.description)).toBe('Columns to expand.');
    expect(firstSentence('No end')).toBe('No end');
  });

  test('the summary also says what it costs, and what nothing means', () => {
    expect(summary(companies!.description)).toMatch(
      /^The companies .* Empty: every company .* Costs at least one call/,
    );
    expect(summary('One. Two. Costs a call.')).toBe('One. Costs a call.');
  });
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('%j in a sentence', (words, sentence) => {
  expect(listed(words)).toBe(sentence);
});

test.each([
  ['aa bb cc', 5, ['aa bb', 'cc']],
  ['aa bb cc', 80, ['aa bb cc']],
  ['too-long-for-it b', 5, ['too-long-for-it', 'b']],
  ['日本 語', 5, ['日本', '語']],
  ['a\nb', 5, ['a', 'b']],
])('%j in %d columns', (text, width, lines) => {
  expect(wrapped(text, width)).toEqual(lines);
});
