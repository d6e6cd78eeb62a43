import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { path } from './child.ts';
import { percent, table } from './table.ts';

/** How many of the faults that StrykerJS puts into the code are found by the tests beside it. */
export function mutation(isQuick: boolean): Promise<string> {
  const words = isQuick ? ['--mutate', 'src/readers/promise.ts'] : [];
  const { status } = spawnSync(path('node_modules/.bin/stryker'), ['run', ...words], {
    cwd: path('.'),
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The run failed.');
  const report = JSON.parse(readFileSync(path('coverage/mutation/report.json'), 'utf8')) as Report;
  const folders = Map.groupBy(Object.entries(report.files), ([file]) => file.split('/').slice(0, 2).join('/'));
  const tallies = [...folders].map(([folder, files]) =>
    rowOf(
      folder,
      files.flatMap(([, { mutants }]) => mutants),
    ),
  );
  const all = Object.values(report.files).flatMap(({ mutants }) => mutants);
  return Promise.resolve(
    [
      table(
        ['Folder', 'Mutants', 'Killed', 'Timed out', 'Survived', 'Not covered', 'Score'],
        [...tallies, rowOf('All', all)],
      ),
      'The score is the share of mutants that a test found: killed, or run for ever. Only the tests beside the code were run, not those of `integration_tests/`, ' +
        'which try much of what these leave. Mutants that do not compile, or are ignored, do not count.',
    ].join('\n\n'),
  );
}

interface Mutant {
  readonly status: string;
}

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

function rowOf(name: string, mutants: readonly Mutant[]): string[] {
  const counts = ['Killed', 'Timeout', 'Survived', 'NoCoverage'].map(
    (status) => mutants.filter((mutant) => mutant.status === status).length,
  );
  const total = counts.reduce((sum, each) => sum + each, 0);
  const [killed = 0, timedOut = 0] = counts;
  return [name, String(total), ...counts.map(String), percent((killed + timedOut) / total)];
}
