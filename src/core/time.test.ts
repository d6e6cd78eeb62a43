import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { seconds, timeOf } from './time.ts';

test.each<[unknown, number | undefined]>([
  [1_700_000_000, 1_700_000_000],
  [1_700_000_000.9, 1_700_000_000],
  [1_700_000_000_123, 1_700_000_000],
  ['1700000000', 1_700_000_000],
  ['1700000000123', 1_700_000_000],
  ['2023-11-14T22:13:20Z', 1_700_000_000],
  ['2023-11-14T22:13:20.999+00:00', 1_700_000_000],
  ['2023-11-15T03:43:20+05:30', 1_700_000_000],
  ['2023-11-14T22:13:20', 1_700_000_000],
  ['2023-11-14T22:13:20.123', 1_700_000_000],
  ['2023-11-14 22:13:20', 1_700_000_000],
  ['2023-11-14T22:13', 1_699_999_980],
  ['2023-11-14', 1_699_920_000],
  [0, 0],
  [-5, -5],
  [2_328_134_400, 2_328_134_400],
  ['', undefined],
  ['  ', undefined],
  ['yesterday', undefined],
  ['room 12', undefined],
  ['Tue, 14 Nov 2023 22:13:20 GMT', undefined],
  ['2023-11-14 22:13:20 UTC', 1_700_000_000],
  [-11_676_096_000, -11_676_096_000],
  ['1600-01-01T00:00:00Z', -11_676_096_000],
  [-11_676_096_000_000, -11_676_096_000],
  [884_541_340_800, 884_541_340_800],
  ['+030000-01-01T00:00:00Z', 884_541_340_800],
  ['30000-01-01T00:00:00Z', undefined],
  [8.64e15, 8.64e12],
  [8.64e15 + 1000, undefined],
  ['1e300', undefined],
  ['Infinity', undefined],
  [JSON.rawJSON('1700000000123456789'), undefined],
  [NaN, undefined],
  [Infinity, undefined],
  [null, undefined],
  [undefined, undefined],
  [true, undefined],
  [{}, undefined],
])('the time %j is %j', (value, time) => {
  expect(timeOf(value)).toBe(time);
});

test('seconds are whole, and never ahead', () => {
  expect(seconds(1999)).toBe(1);
  expect(seconds(-1)).toBe(-1);
});

test('a time without a zone is UTC, wherever the machine is', () => {
  const program = `import { timeOf } from '${new URL('time.ts', import.meta.url).href}'; console.log(timeOf('2023-11-14T22:13:20'));`;
  const env = { ...process.env, TZ: 'America/Los_Angeles' };
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { env, encoding: 'utf8' });
  expect(printed).toBe('1700000000\n');
});
