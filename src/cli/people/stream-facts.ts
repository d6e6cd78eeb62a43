import { loadSchema } from '../../core/schema.ts';
import type { Source } from '../../readers/reader.ts';
import { streams } from '../../streams/index.ts';
import { parseConfig } from '../config.ts';

export type Stream = (typeof streams)[number];

/** What the documentation tells of a stream, as its source says it under the default configuration. */
export interface StreamFacts {
  readonly stream: Stream;
  readonly endpoints: readonly string[];
  /** Names of the streams whose rows it is made from. */
  readonly parents: readonly string[];
  readonly cost: string;
  /** Whether rows are due by their own date, although they are made from others. */
  readonly goesByItself: boolean;
}

/** A column that holds the id of a row of another stream. */
export interface Reference {
  readonly from: string;
  readonly column: string;
  readonly to: string;
}

/** Columns that hold an id, and the stream whose `id` it is. */
const TARGETS: Readonly<Record<string, string>> = {
  contact_id: 'contacts',
  conversation_id: 'conversations',
  company_id: 'companies',
  tag_id: 'tags',
  segment_id: 'segments',
  subscription_type_id: 'subscription_types',
  ticket_id: 'tickets',
  admin_id: 'admins',
  team_id: 'teams',
  admin_assignee_id: 'admins',
  team_assignee_id: 'teams',
  owner_id: 'admins',
  author_id: 'admins',
  sender_id: 'admins',
  away_status_reason_id: 'away_status_reasons',
  help_center_id: 'help_centers',
};

/** Columns whose name does not say whose id they hold. */
const OTHER_TARGETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  company_segments: { id: 'segments' },
};

export function factsOf(stream: Stream): StreamFacts {
  const { walk, childEndpoint, dueBy } = sourceOf(stream);
  const endpoints = [...walk.endpoint.split(' or '), ...(childEndpoint === undefined ? [] : [childEndpoint])];
  return { stream, endpoints, parents: parentsOf(stream), cost: costOf(stream), goesByItself: dueBy === 'row' };
}

/** The columns of a stream that refer to other streams. `company_id` of a company is the customer's, no reference. */
export function referencesOf(stream: Stream): readonly Reference[] {
  return Object.keys(loadSchema(stream.name).properties ?? {}).flatMap((column) => {
    const to = OTHER_TARGETS[stream.name]?.[column] ?? TARGETS[column];
    return to === undefined || to === stream.name ? [] : [{ from: stream.name, column, to }];
  });
}

/** The stream of which this one has some rows, or all of them with more inside: both have the same `id`. */
export function twinOf(stream: Stream): Stream | undefined {
  const owner = ownerOf(stream);
  return stream.attributes !== undefined && stream.attributes === owner?.attributes ? owner : undefined;
}

function parentsOf(stream: Stream): readonly string[] {
  const owner = ownerOf(stream);
  if (owner === undefined) return [];
  const asked = isShared(stream, owner) ? [] : keyReferencesOf(stream).map(({ to }) => to);
  return [...new Set([owner.name, ...asked])];
}

function costOf(stream: Stream): string {
  const { walk, childEndpoint, childCalls, parents } = sourceOf(stream);
  const owner = ownerOf(stream);
  if (owner !== undefined && !isShared(stream, owner)) {
    const ways = walk.endpoint.split(' or ').map((way) => wayOf(way, stream, owner));
    return ways.join(' or ') + (ways.length > 1 ? ', whichever is fewer' : '');
  }
  if (childEndpoint === undefined) return walk.ascending ? 'pages of what changed' : 'pages';
  const isForAll = parents === 'all' || stream.cursor === undefined;
  const noun = singularOf(owner ?? stream);
  return `one call per ${isForAll ? '' : 'changed '}${noun}${childCalls === 'some' ? ', where needed' : ''}`;
}

/** What a walk that is no plain walk through all rows of its owner asks. */
function wayOf(endpoint: string, stream: Stream, owner: Stream): string {
  if (endpoint.includes('{id}')) return `one call per changed ${singularOf(owner)}`;
  const [value] = keyReferencesOf(stream).filter(({ to }) => to !== owner.name);
  return value === undefined ? 'a search for what is configured' : `one search per ${nounOf(value.column)}`;
}

/**
 * The stream that has all rows of what this one reads, unless that is this one: it reads from the same walk, or makes
 * the same search.
 */
function ownerOf(stream: Stream): Stream | undefined {
  const { walk } = sourceOf(stream);
  const plain = streams.filter((each) => sourceOf(each).rows === undefined);
  const same = plain.filter((each) => sourceOf(each).walk === walk);
  const alike = plain.filter(({ source }) => {
    const other = source(config).walk;
    return other.ascending && !walk.ascending && walk.endpoint.split(' or ').includes(other.endpoint);
  });
  const [owner] = [...(alike.length > 0 ? alike : same)].sort((a, b) => filtersOf(a) - filtersOf(b));
  return owner === stream ? undefined : owner;
}

function isShared(stream: Stream, owner: Stream): boolean {
  return sourceOf(stream).walk === sourceOf(owner).walk;
}

function keyReferencesOf(stream: Stream): readonly Reference[] {
  return referencesOf(stream).filter(({ column }) => stream.primaryKey.includes(column));
}

function filtersOf(stream: Stream): number {
  return sourceOf(stream).filters.length;
}

function singularOf({ name }: Stream): string {
  const [column] = Object.entries(TARGETS).find(([, to]) => to === name) ?? [];
  if (column === undefined) throw new Error(`No column refers to ${name}, so that there is no word for one of them.`);
  return nounOf(column);
}

function nounOf(column: string): string {
  return column.replace(/_id$/, '').replaceAll('_', ' ');
}

function sourceOf({ source }: Stream): Source<object> {
  return source(config);
}

const config = parseConfig({ access_token: 'none' });
