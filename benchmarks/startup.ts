import { run } from './child.ts';
import { PROGRAM } from './connector.ts';
import { median, table } from './table.ts';

/** Seconds from the start of the process to its exit, for the command that does nothing but start. */
export async function startup(): Promise<string> {
  const seconds: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push((await run(['--eval', ''])).seconds);
    const { exitCode, seconds: taken } = await run([PROGRAM, 'spec']);
    if (exitCode !== 0) throw new Error('The connector failed.');
    seconds.push(taken);
  }
  const row = (name: string, values: readonly number[], aim: string): string[] => [
    name,
    median(values).toFixed(2),
    Math.min(...values).toFixed(2),
    Math.max(...values).toFixed(2),
    aim,
  ];
  return [
    table(
      ['Command', 'Median, s', 'Least', 'Most', 'Aim'],
      [row('source-intercom spec', seconds, '< 0.3'), row("node --eval ''", bare, '')],
    ),
    `${ROUNDS} runs of each, by turns.`,
  ].join('\n\n');
}

const ROUNDS = 10;
