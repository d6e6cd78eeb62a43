import { expect, test } from '@jest/globals';
import { backoff } from './backoff.ts';

test.each([
  [1, 1, 1000],
  [1, 0.5, 500],
  [4, 1, 8000],
  [4, 0, 0],
  [40, 1, 60_000],
])('after attempt %i, at %f of the range: %i ms', (attempt, random, expected) => {
  expect(backoff(attempt, { base: 1000, cap: 60_000 }, () => random)).toBe(expected);
});
