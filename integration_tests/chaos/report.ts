import type { RunPlan } from './random/plan.ts';
import type { Order } from './worker.ts';
import type { Result } from './world.ts';

/** All there is to say of a world: the first promise that was broken, what was planned, and what was done. */
export function reportOf({ plan, story, violation }: Result, { inProcesses }: Pick<Order, 'inProcesses'>): string {
  const { runs, ...rest } = plan;
  return [
    `seed ${plan.seed}: ${violation === undefined ? 'every promise was kept' : `BROKEN: ${violation.message}`}`,
    ...(violation?.evidence ?? []).map((line) => `  ${shortened(line)}`),
    'The plan:',
    ...Object.entries(rest).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    ...runs.map((run, index) => `  run ${index + 1}: ${planned(run)}`),
    'What was done:',
    ...story.map((line) => `  ${line}`),
    `Once more: npm run chaos -- --seed ${plan.seed} --runs 1${inProcesses ? ' --processes' : ''}`,
  ].join('\n');
}

function planned(run: RunPlan): string {
  return JSON.stringify(run, (_, value: unknown) => (value instanceof RegExp ? String(value) : value));
}

function shortened(line: string): string {
  return line.length <= MOST ? line : `${line.slice(0, MOST)} ... (${line.length} characters)`;
}

/** Characters of a row or state. */
const MOST = 2000;
