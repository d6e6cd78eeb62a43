import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { path } from './child.ts';
import { percent, table } from './table.ts';

/** How many of the faults that StrykerJS puts into the code are found by the tests beside it. */
export function mutation(isQuick: boolean): Promise<string> {
  const folders = FOLDERS.map(
    (folder) => [folder, mutate(folder, isQuick ? ['--mutate', `${folder}/s*.ts`] : [])] as const,
  );
  return Promise.resolve(
    [
      table(
        ['Folder', 'Mutants', 'Killed', 'Timed out', 'Survived', 'Not covered', 'Score'],
        [
          ...folders.map(([folder, mutants]) => rowOf(folder, mutants)),
          rowOf(
            'All',
            folders.flatMap(([, mutants]) => mutants),
          ),
        ],
      ),
      'The score is the share of mutants that a test found: killed, or run for ever. Only the tests in the same folder were run, which are a part: ' +
        'those of `integration_tests/` try much of what these leave. Texts were left alone.',
    ].join('\n\n'),
  );
}

function mutate(folder: string, words: readonly string[]): readonly Mutant[] {
  const { status } = spawnSync(path('node_modules/.bin/stryker'), ['run', ...words], {
    cwd: path('.'),
    env: { ...process.env, MUTATED: folder },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The run failed.');
  const { files } = JSON.parse(readFileSync(path(`coverage/mutation/${folder}.json`), 'utf8')) as Report;
  return Object.values(files).flatMap(({ mutants }) => mutants);
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

const FOLDERS = ['src/sync', 'src/readers', 'src/intercom'];
