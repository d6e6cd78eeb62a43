import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { NOT_APPLICABLE } from './not-applicable.ts';

const LAST = 64;

/** The numbers at the beginning of the titles of tests. */
function numbersIn(source: string): readonly string[] {
  const titles = [...source.matchAll(/(?:test|\))\(\s*['`]((?:#S\d+ )+)/g)];
  return titles.flatMap(([, title = '']) => [...title.matchAll(/S\d+/g)].map(([number]) => number));
}

const folder = new URL('./', import.meta.url);
const sources = readdirSync(folder).filter((file) => file.endsWith('.test.ts') && !file.startsWith('coverage'));
const tested = new Set(sources.flatMap((file) => numbersIn(readFileSync(new URL(file, folder), 'utf8'))));

test('every check of the Singer checklist is made, or is listed with the reason why not', () => {
  const listed = Object.keys(NOT_APPLICABLE);
  const all = Array.from({ length: LAST }, (_, index) => `S${index + 1}`);
  expect(all.filter((number) => !tested.has(number) && !listed.includes(number))).toEqual([]);
  expect(listed.filter((number) => tested.has(number))).toEqual([]);
  expect([...tested, ...listed].filter((number) => !all.includes(number))).toEqual([]);
});

test('the tests that the reasons name are there', () => {
  const files = Object.values(NOT_APPLICABLE).flatMap((reason) => reason.match(/\S+\.ts/g) ?? []);
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !existsSync(new URL(`../../${file}`, folder)))).toEqual([]);
});
