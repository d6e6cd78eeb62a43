import { startChild, type Child, type ChildOptions } from '../../support/child.ts';
import { temporaryFolder, writeInput } from '../../support/folder.ts';
import { faultsOf, type Expected } from './rules.ts';
import { TapRun, type SingerMessage } from './run.ts';

export type TapOptions = ChildOptions &
  Expected & {
    /** Words that follow those of the files. */
    readonly more?: readonly string[];
  };

/** What goes into the files that options name: JSON values, or `Verbatim` text. Absent: no such option. */
export interface Files {
  readonly config?: unknown;
  readonly catalog?: unknown;
  readonly properties?: unknown;
  readonly state?: unknown;
}

export interface Running extends Omit<Child<SingerMessage>, 'ended'> {
  /** Resolves when the process has ended and its output is read. @throws Error that lists what was wrong with the output */
  readonly ended: Promise<TapRun>;
}

/** Runs the tap to its end with files that are written first. @throws Error that lists what was wrong with its output */
export function tap(files: Files, options: TapOptions = {}): Promise<TapRun> {
  return startTap(files, options).ended;
}

export function startTap(files: Files, options: TapOptions = {}): Running {
  return startWith([...wordsOf(files), ...(options.more ?? [])], options);
}

/** Runs the tap with a command line as it is. */
export function runTap(words: readonly string[], options: TapOptions = {}): Promise<TapRun> {
  return startWith(words, options).ended;
}

/** The options that name files, which are written first. */
export function wordsOf(files: Files): readonly string[] {
  const folder = temporaryFolder();
  return Object.entries(files as Readonly<Record<string, unknown>>)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [`--${name}`, writeInput(folder, `${name}.json`, value)]);
}

function startWith(words: readonly string[], options: TapOptions): Running {
  const child = startChild<SingerMessage>('tap', words, options);
  const finish = async (): Promise<TapRun> => {
    const run = new TapRun(await child.ended);
    const faults = faultsOf(run, options);
    if (faults.length > 0) throw new Error(`tap-intercom ${words.join(' ')}: ${faults.slice(0, 5).join('\n')}`);
    return run;
  };
  const ended = finish();
  ended.catch(() => undefined); // whoever awaits it sees it; nobody has to
  return { ...child, ended };
}
