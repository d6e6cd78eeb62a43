import yargs, { type Argv } from 'yargs';
import { airbyte } from './airbyte.ts';
import type { Command, Notice } from './command.ts';

/** Understands a command line of the Airbyte protocol. A leading `--` is dropped: some launchers put one there. */
export async function parseArguments(words: readonly string[], version: string): Promise<Command | Notice> {
  let command: Command | undefined;
  let problem: string | undefined;
  const run = (found: Command): void => {
    command = found;
  };
  const parser = commands(yargs(), run)
    .scriptName('source-intercom')
    .usage(
      '$0 <command> [options]\n\nReads everything a workspace has in Intercom, and prints it as messages of the Airbyte protocol.',
    )
    .demandCommand(1, 1, 'Give a command: spec, check, discover or read.', 'Give one command.')
    .recommendCommands()
    .strict()
    .version(version)
    .help()
    .wrap(null)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      problem ??= message || error.message;
    });
  const text = await output(parser, words[0] === '--' ? words.slice(1) : words);
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

function commands(parser: Argv, run: (command: Command) => void): Argv {
  const command = (debug: boolean, run: Command['run']): Command => ({ dialect: 'airbyte', isDebug: debug, run });
  return parser
    .command('spec', 'Print what can be configured', common, ({ debug }) => {
      run(command(debug, airbyte.spec));
    })
    .command('check', 'Find out whether a configuration works', withConfig, ({ debug, config }) => {
      run(command(debug, (session) => airbyte.check(config, session)));
    })
    .command('discover', 'Print the streams that there are', withConfig, ({ debug, config }) => {
      run(command(debug, (session) => airbyte.discover(config, session)));
    })
    .command('read', 'Read streams', withCatalog, ({ debug, config, catalog, state }) => {
      run(command(debug, (session) => airbyte.read({ config, catalog, state }, session)));
    });
}

function common<T>(parser: Argv<T>) {
  return parser
    .option('debug', { type: 'boolean', default: false, describe: 'Log more' })
    .option('manifest-path', { type: 'string', hidden: true })
    .option('components-path', { type: 'string', hidden: true });
}

function withConfig<T>(parser: Argv<T>) {
  return common(parser).option('config', {
    type: 'string',
    demandOption: true,
    requiresArg: true,
    describe: 'File with the configuration (JSON)',
  });
}

function withCatalog<T>(parser: Argv<T>) {
  return withConfig(parser)
    .option('catalog', {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'File with the configured catalog (JSON)',
    })
    .option('state', { type: 'string', requiresArg: true, describe: 'File with the state of the last read (JSON)' });
}
