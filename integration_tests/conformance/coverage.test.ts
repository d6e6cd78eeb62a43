import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { spec } from '../support/commands.ts';
import { NOT_APPLICABLE } from './not-applicable.ts';

const LAST = 149;

/** The numbers at the beginning of the titles of tests, and of the cases in their tables. */
function numbersIn(source: string): readonly number[] {
  const titles = [...source.matchAll(/(?:test|\))\(\s*['`]((?:#\d+ )+)|\[\s*'((?:#\d+ ?)+)/g)];
  return titles.flatMap(([, title, entry]) =>
    [...(title ?? entry ?? '').matchAll(/\d+/g)].map(([digits]) => Number(digits)),
  );
}

const folder = new URL('./', import.meta.url);
const sources = ['./', '../image/']
  .flatMap((place) => readdirSync(new URL(place, folder)).map((file) => place + file))
  .filter((file) => file.endsWith('.test.ts') && !file.includes('coverage'));
const tested = new Set(sources.flatMap((file) => numbersIn(readFileSync(new URL(file, folder), 'utf8'))));

test('every check of the protocol is made, or is listed with the reason why not', () => {
  const listed = Object.keys(NOT_APPLICABLE).map(Number);
  const all = Array.from({ length: LAST }, (_, index) => index + 1);
  expect(all.filter((number) => !tested.has(number) && !listed.includes(number))).toEqual([]);
  expect(listed.filter((number) => tested.has(number))).toEqual([]);
  expect([...tested, ...listed].filter((number) => !all.includes(number))).toEqual([]);
});

test('the reasons why checks are not made still hold', async () => {
  const files = Object.values(NOT_APPLICABLE).flatMap((reason) => reason.match(/\S+\.ts/g) ?? []);
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !existsSync(new URL(`../../${file}`, folder)))).toEqual([]);
  const [specification] = (await spec()).specs;
  expect(specification).not.toHaveProperty('advanced_auth');
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', folder), 'utf8')) as {
    readonly version: string;
  };
  expect(version).toBe('0.1.0');
});
