import { dirname, join } from 'node:path';
import { ConnectorError, messageOf } from '../../../core/errors.ts';
import type { Config } from '../../../generated/config.ts';
import { createDirectory } from '../../../readers/directory.ts';
import { unclearNames } from '../../check.ts';
import { parseConfig } from '../../config.ts';
import { discover } from '../../discover.ts';
import { readTextIfThere, writeWhole } from '../../files.ts';
import type { Session } from '../../session.ts';
import { signIn, type Account } from './account.ts';
import { answerTo, type Asking, type Choice } from './asking.ts';
import { changesGiven, chooseOptions, chooseTime } from './choose-options.ts';
import { chooseModes, chooseStreams, lackOf, type Selection } from './choose-streams.ts';
import { edited, readDraft } from './draft.ts';
import { FLAGS, type Given, type Target } from './given.ts';
import { writeToken } from './meltano-token.ts';
import type { Platform } from './targets/platform.ts';
import { PLATFORMS } from './targets/platforms.ts';
import { listed } from './words.ts';

/**
 * Writes a configuration and a choice of streams, by what the command line says and what a person answers. Nothing is written before
 * the last answer.
 */
export async function configure(given: Given, session: Session): Promise<boolean> {
  const asking = await personAt(given, session);
  const draft = await readDraft(given.output, session);
  const account = await signIn(given, draft, asking, session);
  await refuseUnclear(given, account);
  const target = await chooseTarget(given, asking);
  const platform = PLATFORMS[target];
  const catalog = given.catalog ?? join(dirname(given.output), platform.file);
  const text = await readTextIfThere(catalog, platform.what);
  const before = text === undefined ? undefined : selectionIn(text, catalog, platform);

  const preset = parseConfig({ access_token: account.token });
  const streams = await chooseStreams(given, before, account.denied, preset, asking);
  const context = { given, draft, account, asking, session };
  const menus = await chooseOptions(streams, context);
  const selection = await chooseModes(streams, given, before, asking);
  const times = await chooseTime(selection, context);
  const access = { access_token: account.token, region: account.region };
  const written = edited(draft, { ...changesGiven(given), ...menus, ...times, ...access });
  const config = parseConfig(written);
  const choice = platform.write(text, { selection, offers: await discover(config, session), written });

  await writeWhole(given.output, `${JSON.stringify(written, undefined, 2)}\n`, 'configuration', PRIVATE);
  await writeWhole(catalog, choice, platform.what);
  const more = target === 'meltano' ? [await writeToken(dirname(catalog), account.token)] : [];
  for (const warning of warnings(selection, config, account)) session.log('warn', warning);
  const next = platform.next({ config: given.output, catalog }, choice);
  await session.output.write(
    `Wrote ${listed([given.output, catalog, ...more])}: ${inWords(selection)}.\nNext:\n  ${next}\n`,
  );
  return true;
}

async function personAt({ isQuiet }: Given, { signal }: Session): Promise<Asking | undefined> {
  if (isQuiet || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { terminal } = await import('./terminal.ts');
  return terminal(process.stdin, process.stderr, signal);
}

/** What was typed on the command line may be misspelt. */
async function refuseUnclear({ settings }: Given, { once }: Account): Promise<void> {
  const { company_ids = [], conversation_admin_ids = [], segment_ids = [], tag_ids = [] } = settings;
  const named = { company_ids, conversation_admin_ids, segment_ids, tag_ids };
  const problems = await unclearNames(named, createDirectory(once));
  if (problems.length > 0) throw new ConnectorError('config', problems.join(' '));
}

function chooseTarget({ target: given }: Given, asking: Asking | undefined): Promise<Target> {
  return answerTo<Target>(
    {
      given,
      ask: ({ one }) => one('What is to read with it?', TARGETS, 'airbyte'),
      otherwise: 'airbyte',
      what: 'what is to read',
      flag: FLAGS.target,
    },
    asking,
  );
}

function selectionIn(text: string, path: string, { what, selectionIn: parse }: Platform): Selection | undefined {
  try {
    const selection = text.trim() === '' ? undefined : parse(text);
    return selection?.size === 0 ? undefined : selection;
  } catch (error) {
    throw new ConnectorError(
      'config',
      `${path} is there, and cannot be edited as a ${what}: ${messageOf(error)} Give another file with --catalog.`,
    );
  }
}

function inWords(selection: Selection): string {
  const modes = [...selection.values()];
  const incremental = modes.filter((mode) => mode === 'incremental').length;
  const counts = [`${incremental} incremental`, `${modes.length - incremental} whole`];
  return `${modes.length} ${modes.length === 1 ? 'stream' : 'streams'} (${counts.join(', ')})`;
}

/** What will not work as it stands. */
function warnings(selection: Selection, config: Config, { denied }: Account): readonly string[] {
  const names = [...selection.keys()].map(({ name }) => name as string);
  const lacks = [...selection.keys()].flatMap((stream) => {
    const lack = lackOf(stream, denied, config);
    return lack === undefined ? [] : [`${stream.name} ${lack}.`];
  });
  const isLeadless = names.includes('leads_by_id') && config.lead_ids.length + config.lead_emails.length === 0;
  const isNameless = names.includes('users_by_username') && config.usernames.length === 0;
  return [
    ...lacks,
    ...(isLeadless ? ['leads_by_id stays empty: neither --lead-ids nor --lead-emails name any.'] : []),
    ...(isNameless ? ['users_by_username stays empty: --usernames has none.'] : []),
  ];
}

const TARGETS: readonly Choice<Target>[] = [
  { value: 'airbyte', label: 'source-intercom, as Airbyte does', hint: 'writes catalog.json for read' },
  { value: 'singer', label: 'tap-intercom, as Singer does', hint: 'writes tap-catalog.json' },
  { value: 'meltano', label: 'Meltano', hint: 'writes the extractor into meltano.yml, and the token into .env' },
];

/** Nobody but the owner reads what holds a token. */
const PRIVATE = 0o600;
