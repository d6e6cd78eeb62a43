import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Skips } from './skips.ts';

test('a read that left out nothing says nothing', () => {
  expect([...new Skips().lines()]).toEqual([]);
});

test('what was left out is counted and named, each kind for itself', () => {
  const skips = new Skips();
  for (const name of ['1', '2']) skips.add('parts: deleted since it was listed', name);
  skips.add('tags: left out because it failed', '3');
  expect([...skips.lines()]).toEqual([
    'Left out, parts: deleted since it was listed: 2 (1, 2)',
    'Left out, tags: left out because it failed: 1 (3)',
  ]);
});

test('of many the first twenty are named, and all are counted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
      const skips = new Skips();
      const names = Array.from({ length: count }, (_, index) => `n${String(index)}`);
      for (const name of names) skips.add('parts', name);
      const [line = '', ...others] = skips.lines();
      expect(others).toEqual([]);
      expect(line.match(/n\d+/g)).toEqual(names.slice(0, 20));
      expect(line).toMatch(new RegExp(`: ${String(count)} \\(`));
      expect(/and (\d+) more/.exec(line)?.[1] ?? '0').toBe(String(Math.max(0, count - 20)));
    }),
  );
});
