import { fileURLToPath } from 'node:url';
import { startChild, type Child, type ChildOptions } from './child.ts';
import { faultsOf, type Expected } from './discipline.ts';
import { Run, type AirbyteMessage } from './run.ts';

export interface RunOptions extends ChildOptions, Expected {}

/** A run that is under way. */
export interface Running extends Omit<Child<AirbyteMessage>, 'ended'> {
  /** Resolves when the process has ended and its output is read. @throws Error that lists what was wrong with the output */
  readonly ended: Promise<Run>;
}

/** Runs the built program to its end. @throws Error that lists what was wrong with its output */
export function runConnector(words: readonly string[], options: RunOptions = {}): Promise<Run> {
  return startConnector(words, options).ended;
}

export function startConnector(words: readonly string[], options: RunOptions = {}): Running {
  const child = startChild<AirbyteMessage>('source', words, options);
  const finish = async (): Promise<Run> => {
    const run = new Run(await child.ended);
    const faults = faultsOf(run, options);
    if (faults.length > 0) throw new Error(`${words[0] ?? ''}: ${faults.slice(0, 5).join('\n')}`);
    return run;
  };
  const ended = finish();
  ended.catch(() => undefined); // whoever awaits it sees it; nobody has to
  return { ...child, ended };
}

/** The built command line. */
export const PROGRAM = fileURLToPath(new URL('../../dist/source.js', import.meta.url));
