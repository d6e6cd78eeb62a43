import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadSchema, type JsonSchema } from '../src/core/schema.ts';
import { root, schemaNames } from './generate-sources.ts';

/** What a stream's rows are called in Intercom's own description of its API. */
const objects: Readonly<Record<string, string>> = {
  activity_logs: 'activity_log',
  admins: 'admin',
  articles: 'article',
  away_status_reasons: 'away_status_reason',
  brands: 'brand',
  calls: 'call',
  collections: 'collection',
  companies: 'company',
  company_attributes: 'data_attribute',
  company_segments: 'segment',
  contact_attributes: 'data_attribute',
  contact_merges: 'merge_history_item',
  contacts: 'contact',
  conversation_attributes: 'conversation_attribute',
  conversation_details: 'conversation',
  conversation_handling_events: 'handling_event',
  conversation_parts: 'conversation_part',
  conversations: 'conversation_list_item',
  conversations_by_admin: 'conversation_list_item',
  deleted_conversations: 'deleted_conversation_item',
  event_summaries: 'data_event_summary_item',
  events: 'data_event',
  help_centers: 'help_center',
  internal_articles: 'internal_article',
  leads: 'contact',
  leads_by_id: 'contact',
  macros: 'macro',
  news_items: 'news_item',
  newsfeeds: 'newsfeed',
  notes_by_user: 'note',
  segments: 'segment',
  subscription_types: 'subscription_type',
  tags: 'tag',
  teams: 'team',
  ticket_parts: 'ticket_part',
  ticket_states: 'ticket_state_detailed',
  ticket_types: 'ticket_type',
  tickets: 'ticket',
  users: 'contact',
  users_by_company: 'contact',
  users_by_segment: 'contact',
  users_by_tag: 'contact',
  users_by_username: 'contact',
};

/** Rows that are made of other rows, and have no object of their own in Intercom. */
const links = /^(contact|conversation|company|team)_(tags|companies|segments|subscriptions|contacts|teammates|admins)$/;

/** Instants in the description that we do not declare as such, and why. */
const notUnixSeconds: Readonly<Record<string, string>> = {
  'conversation_handling_events timestamp': 'part of the primary key, kept as Intercom sends it',
};

/** Values that are sometimes a list: they have one type, text, and a list comes as JSON in it. */
const lists: Readonly<Record<string, true>> = Object.fromEntries(
  ['ticket_parts', 'tickets ticket_parts ticket_parts[]'].flatMap((part) =>
    ['id', 'label'].map((name) => [`${part} updated_attribute_data value ${name}`, true]),
  ),
);

interface Described {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly allOf?: readonly Described[];
  readonly oneOf?: readonly Described[];
  readonly anyOf?: readonly Described[];
}

const file = process.env['INTERCOM_OPENAPI'] ?? new URL('../shared/openapi/intercom-2.16.yaml', root);
const isHere = existsSync(file);

test('each stream is either described by Intercom or made of links', () => {
  const unknown = schemaNames().filter((stream) => !(stream in objects) && !links.test(stream));
  expect(unknown).toEqual([]);
});

(isHere ? describe : describe.skip)("Intercom's description of its API (skipped where it is not at hand)", () => {
  const described = isHere ? (parse(readFileSync(file, 'utf8')) as OpenApi).components.schemas : {};

  test.each(Object.entries(objects))('%s names every field of %s, with its kind of value', (stream, object) => {
    const start = described[object];
    if (start === undefined) throw new Error(`${object} is not described`);
    expect([...differences(start, loadSchema(stream), stream)]).toEqual([]);
  });

  function* differences(theirs: Described, ours: JsonSchema | undefined, path: string): Generator<string> {
    if (ours === undefined) {
      yield `${path} is missing`;
      return;
    }
    for (const alternative of alternatives(theirs)) {
      for (const [name, property] of Object.entries(alternative.properties ?? {})) {
        yield* differences(property, ours.properties?.[name], `${path} ${name}`);
      }
      if (alternative.items !== undefined && ours.items !== undefined) {
        yield* differences(alternative.items, ours.items, `${path}[]`);
      }
      if (!accepts(ours, alternative, path))
        yield `${path} is ${alternative.type ?? 'unknown'}, not ${String(ours.type)}`;
      const isInstant = /^(date-time|timestamp)$/.test(alternative.format ?? '');
      if (isInstant && ours.unit === undefined && !(path in notUnixSeconds)) yield `${path} is an instant`;
    }
  }

  /** The schema without references; where it has alternatives or parts, each of them. */
  function alternatives(schema: Described): Described[] {
    const { $ref, allOf = [], oneOf = [], anyOf = [], ...rest } = schema;
    const target = $ref === undefined ? [] : alternatives(described[$ref.split('/').at(-1) ?? ''] ?? {});
    return [...target, ...[...allOf, ...oneOf, ...anyOf].flatMap(alternatives), rest];
  }
});

interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, Described>> };
}

/** Text takes ids that come as integers, and unix seconds both forms of an instant; numbers take integers. */
function accepts({ type, unit }: JsonSchema, { type: theirs }: Described, path: string): boolean {
  if (theirs === undefined || unit !== undefined || path in lists) return true;
  const allowed: readonly string[] = [type].flat();
  return (
    allowed.includes(theirs) || (theirs === 'integer' && (allowed.includes('number') || allowed.includes('string')))
  );
}
