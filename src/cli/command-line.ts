import yargs, { type Argv } from 'yargs';
import type { Command, Notice } from './command.ts';

/**
 * Lets yargs understand a command line, and keeps it from printing or exiting by itself.
 *
 * @param define - Says what there is; calls `run` with what the words ask for
 */
export async function understand(
  words: readonly string[],
  version: string,
  define: (parser: Argv, run: (command: Command) => void) => Argv,
): Promise<Command | Notice> {
  let command: Command | undefined;
  let problem: string | undefined;
  const parser = define(yargs(), (found) => {
    command = found;
  })
    .strict()
    .version(version)
    .help()
    .wrap(null)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      problem ??= message || error.message;
    });
  const text = await output(parser, words);
  if (problem !== undefined) return { text: `${problem}\n\n${await parser.getHelp()}`, isError: true };
  return command ?? { text, isError: false };
}

/** What yargs would print: help or version. */
async function output(parser: Argv, words: readonly string[]): Promise<string> {
  let shown = '';
  await parser.parseAsync(words, {}, (_error, _argv, text) => {
    shown = text;
  });
  return shown;
}
