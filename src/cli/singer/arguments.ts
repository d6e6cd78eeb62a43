import type { Argv } from 'yargs';
import { understand } from '../command-line.ts';
import type { Command, Notice } from '../command.ts';
import type { Session } from '../session.ts';
import { about } from './about.ts';
import { discover } from './discover.ts';
import { sync } from './sync.ts';
import { testAll, testSchema } from './test.ts';

/** Understands a command line of a Singer tap: options only. */
export async function parseSingerArguments(words: readonly string[], version: string): Promise<Command | Notice> {
  if (words.length === 0) return { text: await helpOf(version), isError: true };
  return understand(
    words.map((word) => (word === '--test' ? '--test=all' : word)),
    `tap-intercom ${version}`,
    (parser, run) =>
      parser
        .scriptName('tap-intercom')
        .usage(
          '$0 --config FILE [options]\n\nReads everything a workspace has in Intercom, and prints it as messages of a Singer tap.',
        )
        .command('$0', false, options, ({ debug, ...given }) => {
          run({
            dialect: 'singer',
            isDebug: debug,
            isResumable: isSync(given),
            run: (session) => runTap(given, session),
          });
        }),
    ['config', 'c'],
  );
}

async function helpOf(version: string): Promise<string> {
  const help = await parseSingerArguments(['--help'], version);
  return 'text' in help ? help.text : '';
}

interface Given {
  readonly config: readonly string[];
  readonly discover: boolean;
  readonly catalog: string | undefined;
  readonly properties: string | undefined;
  readonly state: string | undefined;
  readonly test: string | undefined;
  readonly about: boolean;
  readonly format: string;
}

function runTap(given: Given, session: Session): Promise<boolean> {
  const { config, catalog, properties, state, test } = given;
  if (given.about) return about(given.format, session);
  if (test === 'all') return testAll(config, session);
  if (test === 'schema') return testSchema(config, session);
  if (given.discover) return discover(config, session);
  return sync({ config, catalog: catalog ?? properties, state }, session);
}

function isSync(given: Given): boolean {
  return !given.about && !given.discover && given.test === undefined;
}

function options(parser: Argv) {
  return parser.options({
    config: {
      alias: 'c',
      type: 'string',
      array: true,
      nargs: 1,
      default: [],
      defaultDescription: 'none',
      describe:
        'File with the configuration (JSON), or ENV for the variables TAP_INTERCOM_<SETTING>; if given several times, the later wins',
    },
    discover: { alias: 'd', type: 'boolean', default: false, describe: 'Print the streams that there are' },
    catalog: { type: 'string', requiresArg: true, describe: 'File with the catalog (JSON); without it, all is read' },
    properties: {
      alias: 'p',
      type: 'string',
      requiresArg: true,
      conflicts: 'catalog',
      describe: 'Old name of --catalog',
    },
    state: {
      alias: 's',
      type: 'string',
      requiresArg: true,
      describe: 'File with the state of the last read (JSON, or its STATE messages, one a line)',
    },
    test: {
      type: 'string',
      choices: ['all', 'schema'],
      describe: 'Find out whether a configuration works (all), or print the schema of every stream',
    },
    about: { type: 'boolean', default: false, describe: 'Print what this tap can do, and its settings' },
    format: { type: 'string', choices: ['text', 'json', 'markdown'], default: 'text', describe: 'How --about prints' },
    debug: { type: 'boolean', default: false, describe: 'Log more' },
  });
}
