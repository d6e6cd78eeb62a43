import { expect, test } from '@jest/globals';
import { createClockCheck } from './clock-check.ts';

test('a clock that is late by minutes is told of, once', () => {
  const said: unknown[][] = [];
  const check = createClockCheck((...words) => said.push(words));
  for (const ahead of [undefined, 0, 7_200_000, -299_999]) check(ahead);
  expect(said).toEqual([]);
  for (const ahead of [-7_259_000, -7_259_000, -9_000_000]) check(ahead);
  expect(said).toEqual([['warn', expect.stringMatching(/ 120 minutes behind .* Set the clock\.$/)]]);
});
