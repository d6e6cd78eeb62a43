import type { Argv } from 'yargs';
import type { Config } from '../../../generated/config.ts';
import { UsageError } from '../../command.ts';
import { settingsIn } from '../../config.ts';
import { optionsOf, readSpec, type Option } from '../../spec.ts';
import { firstSentence } from './words.ts';

/** What is to read by the files that are written. */
export type Target = 'airbyte' | 'meltano' | 'singer';

export type SyncMode = 'full_refresh' | 'incremental';

/** What the command line says; what it leaves open is asked for, or stays as it is. */
export interface Given {
  /** Paths of files. */
  readonly output: string;
  readonly catalog: string | undefined;
  readonly tokenFile: string | undefined;
  readonly target: Target | undefined;
  /** Names of streams, or words for several of them. */
  readonly streams: readonly string[] | undefined;
  readonly syncMode: SyncMode | undefined;
  /** Options of the configuration that are given a value. */
  readonly settings: Partial<Config>;
  /** Options that are to be set no longer. */
  readonly cleared: readonly string[];
  /** Whether nobody is to be asked. */
  readonly isQuiet: boolean;
}

/** Whose answer each question may have on the command line. Options of the configuration have their names there, with hyphens. */
export const FLAGS = {
  target: '--for',
  streams: '--streams',
  syncMode: '--sync-mode',
  token: '--access-token-file or --access-token',
} as const;

export function flagOf(option: string): string {
  return `--${option.replaceAll('_', '-')}`;
}

/** Options that may be given several times. */
export function listFlags(): readonly string[] {
  const lists = visibleOptions().filter(([, { type }]) => type === 'array');
  return ['streams', ...lists.map(([name]) => flagOf(name).slice(2))];
}

export function configureOptions(parser: Argv) {
  const base = parser
    .option('output', {
      type: 'string',
      default: 'config.json',
      requiresArg: true,
      describe: 'File for the configuration; one that is there is edited',
    })
    .option('for', { choices: ['airbyte', 'singer', 'meltano'] as const, describe: 'What is to read with it' })
    .option('catalog', {
      type: 'string',
      requiresArg: true,
      describe:
        'File for the chosen streams (default: catalog.json, tap-catalog.json or meltano.yml beside the configuration)',
    })
    .option('streams', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Streams to read, or: suggested, reports, all',
    })
    .option('sync-mode', {
      choices: ['incremental', 'full_refresh'] as const,
      describe: 'How to read them; what has no cursor is always read whole',
    })
    .option('access-token-file', {
      type: 'string',
      requiresArg: true,
      describe: 'File with the access token (- for stdin)',
    })
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Ask nothing: the rest stays as it is' })
    .option('debug', { type: 'boolean', default: false, describe: 'Log more' });
  return visibleOptions()
    .reduce((all, [name, option]) => all.option(flagOf(name).slice(2), settingFlag(name, option)), base)
    .example('$0 configure', 'Asks step by step, and writes config.json and catalog.json')
    .example('$0 configure --for meltano --output config.json', 'The same, for a Meltano project')
    .example(
      '$0 configure --access-token-file token.txt --streams contacts,conversations --start-date 2025-01-01',
      'Asks nothing where there is no terminal',
    )
    .epilogue(LISTS);
}

/** @throws UsageError that names what is wrong */
export function givenIn(words: Readonly<Record<string, unknown>>): Given {
  const text = (name: string): string | undefined => words[name] as string | undefined;
  const raw: Record<string, unknown> = {};
  const cleared: string[] = [];
  for (const [name] of visibleOptions()) {
    const value = words[flagOf(name).slice(2)];
    if (value === undefined) continue;
    if (isNothing(value)) cleared.push(name);
    else raw[name] = oneOrMany(value);
  }
  const { settings, problems } = settingsIn(raw);
  if (problems.length > 0) throw new UsageError(`Understanding the options: ${problems.join('; ')}. Correct them.`);
  return {
    output: text('output') ?? 'config.json',
    catalog: text('catalog'),
    tokenFile: text('access-token-file'),
    target: words['for'] as Target | undefined,
    streams: (words['streams'] as readonly string[] | undefined)?.flatMap((each) => each.split(',')).map(trimmed),
    syncMode: words['sync-mode'] as SyncMode | undefined,
    settings,
    cleared,
    isQuiet: words['yes'] === true,
  };
}

function settingFlag(name: string, { type, enum: choices, description }: Option) {
  const describe =
    name === 'access_token' ? 'The access token; others on this machine may see it' : firstSentence(description);
  if (type === 'array') return { type: 'string', array: true, nargs: 1, describe } as const;
  if (type === 'boolean') return { type: 'boolean', describe } as const;
  return { type: 'string', requiresArg: true, describe, ...(choices === undefined ? {} : { choices }) } as const;
}

/** Several values as they are; a single one may also be a list: `a,b`. */
function oneOrMany(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
}

function isNothing(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 1 && value[0] === '');
}

function trimmed(text: string): string {
  return text.trim();
}

function visibleOptions(): readonly (readonly [string, Option])[] {
  return Object.entries(optionsOf(readSpec())).filter(([, { airbyte_hidden: isHidden }]) => isHidden !== true);
}

const LISTS = `Lists: repeat the option, or separate by commas. An empty value ('') takes an option out of the file.`;
