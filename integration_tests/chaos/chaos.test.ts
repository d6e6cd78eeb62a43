import { expect, test } from '@jest/globals';
import { reportOf } from './report.ts';
import { virtually } from './scenes.ts';
import { play } from './world.ts';

const VIRTUAL = { inProcesses: false };

test('a seed plays the same world whenever it is played, and tells what was done in it', async () => {
  const first = await play(await virtually(1));
  const report = reportOf(first, VIRTUAL);
  expect(first.violation).toBeUndefined();
  expect(report).toMatch(
    /^seed 1: every promise was kept\nThe plan:\n {2}seed: 1\n(.*\n)*What was done:\n {2}run 1 of /,
  );
  expect(report).toContain(' interrupted');
  expect(report).toContain('meanwhile');
  expect(reportOf(await play(await virtually(1)), VIRTUAL)).toBe(report);
});
