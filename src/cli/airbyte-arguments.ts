import type { Argv } from 'yargs';
import { airbyte } from './airbyte.ts';
import { understand } from './command-line.ts';
import type { Command, Notice } from './command.ts';
import { completion, streamNames } from './completion.ts';
import { peopleCommands } from './people/arguments.ts';
import { listFlags } from './people/configure/given.ts';

/** Understands a command line of the Airbyte protocol. */
export async function parseAirbyteArguments(words: readonly string[], version: string): Promise<Command | Notice> {
  const names = await streamNames(words);
  if (names !== undefined) return names;
  return understand(
    words,
    version,
    (parser, run) =>
      completion(peopleCommands(commands(parser, run), run))
        .scriptName('source-intercom')
        .usage(
          '$0 <command> [options]\n\nReads everything a workspace has in Intercom, and prints it as messages of the Airbyte protocol.',
        )
        .demandCommand(1, 1, 'Give a command: spec, check, discover or read.', 'Give one command.')
        .recommendCommands()
        .example('$0 check --help', 'The options of a command, with examples')
        .epilogue(EXIT_CODES),
    words[0] === 'configure' ? listFlags() : [],
  );
}

function commands(parser: Argv, run: (command: Command) => void): Argv {
  const command = (debug: boolean, run: Command['run']): Command => ({ dialect: 'airbyte', isDebug: debug, run });
  return parser
    .command('spec', 'Print what can be configured', specOptions, ({ debug }) => {
      run(command(debug, airbyte.spec));
    })
    .command('check', 'Find out whether a configuration works', checkOptions, ({ debug, config }) => {
      run(command(debug, (session) => airbyte.check(config, session)));
    })
    .command('discover', 'Print the streams that there are', discoverOptions, ({ debug, config }) => {
      run(command(debug, (session) => airbyte.discover(config, session)));
    })
    .command('read', 'Read streams', readOptions, ({ debug, config, catalog, state }) => {
      run(command(debug, (session) => airbyte.read({ config, catalog, state }, session)));
    });
}

function specOptions(parser: Argv) {
  return common(parser).example('$0 spec', 'Every option of the configuration, as JSON schema');
}

function checkOptions(parser: Argv) {
  return withConfig(parser).example(
    '$0 check --config config.json',
    'Says whether the token is good, and what it may not read',
  );
}

function discoverOptions(parser: Argv) {
  return withConfig(parser).example(
    '$0 discover --config config.json > discovered.json',
    'Keeps the schemas of all streams in a file',
  );
}

function readOptions(parser: Argv) {
  return withCatalog(parser)
    .example('$0 read --config config.json --catalog catalog.json > out.jsonl', 'Everything that the catalog selects')
    .example(
      '$0 read --config config.json --catalog catalog.json --state state.json',
      'Only what has changed since the read that printed this state',
    );
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
    .option('state', {
      type: 'string',
      requiresArg: true,
      describe: 'File with the state of the last read (JSON, or its STATE messages, one a line)',
    });
}

const EXIT_CODES = `Exit codes:
  0    done; for check: answered, and the answer says whether the configuration works
  1    something failed, and a message says what and what to do
  2    the command line was not understood, or lacks what configure cannot ask for
  130  stopped by Ctrl-C (143: by SIGTERM)`;
