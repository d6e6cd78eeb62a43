import type { Argv } from 'yargs';
import { airbyte } from './airbyte.ts';
import { understand } from './command-line.ts';
import type { Command, Notice } from './command.ts';
import { peopleCommands } from './people/arguments.ts';

/** Understands a command line of the Airbyte protocol. */
export function parseAirbyteArguments(words: readonly string[], version: string): Promise<Command | Notice> {
  return understand(words, version, (parser, run) =>
    peopleCommands(commands(parser, run), run)
      .scriptName('source-intercom')
      .usage(
        '$0 <command> [options]\n\nReads everything a workspace has in Intercom, and prints it as messages of the Airbyte protocol.',
      )
      .demandCommand(1, 1, 'Give a command: spec, check, discover or read.', 'Give one command.')
      .recommendCommands(),
  );
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
