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
