import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import { readConfig } from '../config-file.ts';
import { parseConfig } from '../config.ts';
import type { Session } from '../session.ts';
import { configureOptions, givenIn } from './configure/given.ts';

/** The commands for people who run the program by hand. Each loads what it needs, so that the others start as quickly without it. */
export function peopleCommands(parser: Argv, run: (command: Command) => void): Argv {
  const start = (isDebug: boolean, run: Command['run']): Command => ({ dialect: 'people', isDebug, run });
  return parser
    .command('streams', 'List the streams that there are', streamsOptions, (given) => {
      run(start(given.debug, async (session) => (await import('./streams.ts')).listStreams(given.format, session)));
    })
    .command('configure', 'Choose step by step what is read, and write the files for it', configureOptions, (given) => {
      run(
        start(given.debug, async (session) => {
          const { configure } = await import('./configure/configure.ts');
          return configure(givenIn(given), session);
        }),
      );
    })
    .command('plan', 'Say what a read would come to: rows, calls, minutes', planOptions, (given) => {
      run(
        start(given.debug, async (session) => {
          const { showPlan } = await import('./plan.ts');
          return showPlan(await configIn(given.config, session), given, session);
        }),
      );
    })
    .command('preview', 'Show the first rows of a stream', previewOptions, ({ stream, limit, format, ...given }) => {
      run(
        start(given.debug, async (session) => {
          const { preview } = await import('./preview.ts');
          return preview(await configIn(given.config, session), { stream, limit, format }, session);
        }),
      );
    });
}

async function configIn(path: string, session: Session) {
  return parseConfig(await readConfig(path, session));
}

function streamsOptions(parser: Argv) {
  return withFormat(['table', 'json', 'markdown'])(parser)
    .example('$0 streams', 'Names, keys, cursors, costs and permissions')
    .example('$0 streams --format json', 'The same for programs, with endpoints');
}

function planOptions(parser: Argv) {
  return withFormat(['table', 'json'])(parser)
    .option('config', CONFIG)
    .option('catalog', {
      type: 'string',
      requiresArg: true,
      describe: 'File with the configured catalog (JSON); without it, all streams',
    })
    .option('state', { type: 'string', requiresArg: true, describe: 'File with the state of the last read (JSON)' })
    .example('$0 plan --config config.json', 'What a first read of all streams would come to')
    .example(
      '$0 plan --config config.json --catalog catalog.json --state state.json',
      'What the next read of the chosen streams would',
    );
}

function previewOptions(parser: Argv) {
  return withFormat(['table', 'json'])(parser)
    .option('config', CONFIG)
    .option('stream', { type: 'string', demandOption: true, requiresArg: true, describe: 'Name of the stream' })
    .option('limit', { type: 'number', default: 10, requiresArg: true, describe: 'Rows to show' })
    .check(({ limit }) => {
      if (Number.isInteger(limit) && limit > 0) return true;
      throw new Error('--limit must be a whole number, at least 1.');
    })
    .example('$0 preview --config config.json --stream contacts', 'The first ten contacts, as a table')
    .example('$0 preview --config config.json --stream events --limit 3 --format json', 'Three whole events');
}

function withFormat<const F extends string>(choices: readonly [F, ...F[]]) {
  return <T>(parser: Argv<T>) =>
    parser
      .option('format', { choices, default: choices[0], describe: 'How to print it' })
      .option('debug', { type: 'boolean', default: false, describe: 'Log more' });
}

const CONFIG = {
  type: 'string',
  demandOption: true,
  requiresArg: true,
  describe: 'File with the configuration (JSON)',
} as const;
