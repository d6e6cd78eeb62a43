import { describe, expect, test } from '@jest/globals';
import { rateFacts, type Headers } from './rate-facts.ts';
import { createServerClock } from './server-clock.ts';

describe('what headers say of the rate', () => {
  const date = 'Fri, 15 Jan 2027 08:00:00 GMT';
  const moment = Date.parse(date);
  test.each<[Headers, object]>([
    [
      { 'x-ratelimit-limit': '1666', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800000010', date },
      { limit: 1666, remaining: 0, reset: 1_800_000_010_000, date: moment },
    ],
    [{}, {}],
    [{ 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '-3' }, { remaining: 0 }],
    [{ 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '', 'x-ratelimit-reset': 'soon', date: 'never' }, {}],
    [{ 'x-ratelimit-limit': ['1', '2'], 'x-ratelimit-reset': '1e99' }, {}],
    [{ 'retry-after': '2' }, { retryAfter: 2000 }],
    [{ 'retry-after': '0.5' }, { retryAfter: 1000 }],
    [
      { 'retry-after': 'Fri, 15 Jan 2027 08:00:07 GMT', date },
      { retryAfter: 7000, date: moment },
    ],
    [
      { 'retry-after': 'Fri, 15 Jan 2027 07:00:00 GMT', date },
      { retryAfter: 0, date: moment },
    ],
    [{ 'retry-after': 'Fri, 15 Jan 2027 08:00:07 GMT' }, {}],
  ])('%j', (headers, expected) => {
    expect(rateFacts(200, headers)).toEqual({ status: 200, ...expected });
  });
});

describe('their clock', () => {
  test('is known as closely as the best answer tells, never too early', () => {
    const clock = createServerClock();
    expect(clock.ahead()).toBeUndefined();
    for (const late of [1400, 950, 160, 700]) clock.observe(5_000, 5_000 + 3_600_000 + late);
    expect(clock.ahead()).toBe(3_600_160);
  });

  test('may be behind', () => {
    const clock = createServerClock();
    clock.observe(100_000, 40_100);
    expect(clock.ahead()).toBe(-59_900);
  });

  test('what is old is forgotten, when either clock may have been set', () => {
    const clock = createServerClock();
    for (let second = 0; second < 130; second++) {
      const jump = second < 5 ? 0 : 30_000;
      clock.observe(second * 1000, second * 1000 + 100 + jump);
    }
    expect(clock.ahead()).toBe(30_100);
    clock.observe(131_000, 131_100 - 3_600_000);
    expect(clock.ahead()).toBe(100 - 3_600_000);
  });
});
