import yargs, { type Argv } from 'yargs';
import { nearest } from '../readers/directory.ts';
import type { Command, Notice } from './command.ts';

/**
 * Lets yargs understand a command line, and keeps it from printing or exiting by itself.
 *
 * @param define - Says what there is; calls `run` with what the words ask for
 * @param lists - Options that may be given several times; of any other, the last counts
 */
export async function understand(
  words: readonly string[],
  version: string,
  define: (parser: Argv, run: (command: Command) => void) => Argv,
  lists: readonly string[] = [],
): Promise<Command | Notice> {
  let command: Command | undefined;
  const problems: string[] = [];
  const parser = define(yargs(), (found) => {
    command = found;
  })
    .strict()
    .middleware((given) => {
      for (const [name, values] of Object.entries(given))
        if (Array.isArray(values) && name !== '_' && !lists.includes(name)) given[name] = values.at(-1);
    }, true)
    .version(version)
    .help()
    .wrap(null)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      problems.push(message || error.message);
    });
  const text = await output(parser, words);
  if (problems.length > 0) {
    const help = await parser.getHelp();
    return { text: `${problemOf(problems, help)}\n\n${help}`, isError: true };
  }
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

/** What is unknown goes before what is missing: a mistyped option is both. */
function problemOf(problems: readonly string[], help: string): string {
  const command = problems.find((each) => each.startsWith('Did you mean '));
  const unknown = problems.find((each) => UNKNOWN.test(each));
  if (command !== undefined) return [unknown, command].filter((each) => each !== undefined).join('. ');
  const names = UNKNOWN.exec(unknown ?? '')?.[1]?.split(', ') ?? [];
  const options = [...help.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, name = '']) => name);
  const meant = names.flatMap((name) => nearest(name, options).slice(0, 1));
  const hint = meant.length === 0 ? '' : `. Did you mean ${meant.map((name) => `--${name}`).join(', ')}?`;
  return `${unknown ?? problems[0] ?? ''}${hint}`;
}

const UNKNOWN = /^Unknown arguments?: (.*)$/;
