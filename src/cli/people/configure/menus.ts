import { loadSchema } from '../../../core/schema.ts';
import type { Config } from '../../../generated/config.ts';
import { streams, type Stream } from '../../../streams/index.ts';
import { isFlattened } from '../../../sync/shape.ts';
import { parseConfig } from '../../config.ts';
import { optionsOf, readSpec } from '../../spec.ts';

/** A question that some streams have: an option that changes what they read. */
export interface Menu {
  readonly option: MenuOption;
  /** Those of the chosen streams that it concerns. */
  readonly concerns: readonly Stream[];
}

export type MenuOption = keyof typeof CONCERNS;

/** The menus of the chosen streams, in the order of the specification. */
export function menusOf(chosen: readonly Stream[]): readonly Menu[] {
  return (Object.keys(CONCERNS) as MenuOption[])
    .map((option) => ({ option, concerns: chosen.filter(CONCERNS[option]) }))
    .filter(({ concerns }) => concerns.length > 0);
}

/** The columns that a stream can expand: objects, and lists of which Intercom shows a part. Other lists come whole anyway. */
export function expandableColumns({ name, source }: Stream): readonly string[] {
  const own = loadSchema(name).properties ?? {};
  const lists = source({ ...config, expand: COLUMNS }).expanded?.columns ?? [];
  return COLUMNS.filter((column) => lists.includes(column) || isFlattened(own[column]));
}

/** Whether the stream comes in an order that can be chosen, when it is read whole. */
export function hasOrder({ source }: Stream): boolean {
  const { ascending, cursor } = source(config).walk;
  return ascending && cursor !== 'created_at';
}

function named(...names: readonly Stream['name'][]): (stream: Stream) => boolean {
  return ({ name }) => names.includes(name);
}

function isMadeFromConversations({ source }: Stream): boolean {
  return source(config).walk === walkOf('conversations');
}

function walkOf(name: Stream['name']): unknown {
  return streams.find((stream) => stream.name === name)?.source(config).walk;
}

const config: Config = parseConfig({ access_token: 'none' });
const COLUMNS = (optionsOf(readSpec())['expand']?.items?.enum ?? []) as Config['expand'];

const CONCERNS = {
  event_type: named('events'),
  conversation_admin_type: named('conversations_by_admin', 'conversation_details'),
  company_ids: named('users_by_company'),
  segment_ids: named('users_by_segment'),
  tag_ids: named('users_by_tag'),
  user_ids: named('events', 'notes_by_user'),
  lead_ids: named('leads_by_id', 'events', 'notes_by_user'),
  lead_emails: named('leads_by_id'),
  usernames: named('users_by_username'),
  expand: (stream: Stream): boolean => expandableColumns(stream).length > 0,
  skip_failed_conversations: named('conversation_details', 'conversation_parts', 'conversation_handling_events'),
  conversation_status: isMadeFromConversations,
} as const;
