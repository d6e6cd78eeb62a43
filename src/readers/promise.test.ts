import { expect, test } from '@jest/globals';
import { MARGIN, Promises } from './promise.ts';

test.each<[string, [last: number, askedAt: number][], number[], end: number]>([
  [
    'pages before their margins promise their ends',
    [
      [100, 5000],
      [200, 5000],
    ],
    [100, 200],
    5000 - MARGIN,
  ],
  ['a page in its margin promises up to it', [[4900, 5000]], [5000 - MARGIN], 5000 - MARGIN],
  ['a page at the border of its margin promises all', [[5000 - MARGIN, 5000]], [5000 - MARGIN], 5000 - MARGIN],
  [
    'nothing later makes up for a margin',
    [
      [4900, 5000],
      [4950, 9000],
    ],
    [5000 - MARGIN, 5000 - MARGIN],
    5000 - MARGIN,
  ],
  [
    'the least margin counts',
    [
      [4900, 5000],
      [4950, 4990],
    ],
    [5000 - MARGIN, 4990 - MARGIN],
    4990 - MARGIN,
  ],
  ['without pages, the end promises its margin', [], [], 5000 - MARGIN],
])('%s', (_, pages, through, end) => {
  const promises = new Promises();
  expect(pages.map(([last, askedAt]) => promises.after(last, askedAt))).toEqual(through);
  expect(promises.atEnd(pages.at(-1)?.[1] ?? 5000)).toBe(end);
});
