import { runConnector, startConnector, type Running, type RunOptions } from './connector.ts';
import { temporaryFolder, writeInput } from './folder.ts';
import type { Run } from './run.ts';

/** What goes into the input files: JSON values, or {@link Verbatim} text. */
export interface ReadInput {
  readonly config: unknown;
  readonly catalog: unknown;
  /** Absent: no `--state`. */
  readonly state?: unknown;
}

export type CommandOptions = RunOptions & {
  /** Words that follow the command's own. */
  readonly more?: readonly string[];
};

export function spec(options: CommandOptions = {}): Promise<Run> {
  return runConnector(['spec', ...(options.more ?? [])], options);
}

export function check(config: unknown, options: CommandOptions = {}): Promise<Run> {
  return runConnector(wordsOf('check', { config }, options), options);
}

export function discover(config: unknown, options: CommandOptions = {}): Promise<Run> {
  return runConnector(wordsOf('discover', { config }, options), options);
}

export function read(input: ReadInput, options: CommandOptions = {}): Promise<Run> {
  return startRead(input, options).ended;
}

export function startRead(input: ReadInput, options: CommandOptions = {}): Running {
  return startConnector(wordsOf('read', { ...input }, options), options);
}

/** The command line of a command whose input files are written first. */
export function wordsOf(
  command: string,
  input: Readonly<Record<string, unknown>>,
  { more = [] }: CommandOptions = {},
): readonly string[] {
  const folder = temporaryFolder();
  const files = Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [`--${name}`, writeInput(folder, `${name}.json`, value)]);
  return [command, ...files, ...more];
}
