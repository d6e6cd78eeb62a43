import type { Argv } from 'yargs';
import type { Notice } from './command.ts';

/** The first word with which a shell asks for the words that may come next. */
export const ASKS_FOR_WORDS = '--get-yargs-completions';

/** Adds the command that prints what a shell needs in order to ask. */
export function completion(parser: Argv): Argv {
  return parser
    .completion('completion', 'Print a script with which the shell completes commands and options')
    .example('$0 completion >> ~/.bashrc', 'Lets bash complete commands, options and names of streams (zsh: ~/.zshrc)');
}

/** Names of streams, where the shell asks for one; undefined where it asks for something else. */
export async function streamNames(words: readonly string[]): Promise<Notice | undefined> {
  if (words[0] !== ASKS_FOR_WORDS || !NAMES_A_STREAM.has(words.at(-2) ?? '')) return undefined;
  const { streams } = await import('../streams/index.ts');
  return { text: streams.map(({ name }) => name).join('\n'), isError: false };
}

const NAMES_A_STREAM = new Set(['--stream', '--streams']);
