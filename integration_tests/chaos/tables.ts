import type { JsonObject } from '../../simulator/index.ts';
import { textOf, without } from '../../simulator/json.ts';
import { streams } from '../../src/index.ts';
import { secondsOf } from './truth/truth.ts';

/** What the checks have to know of a stream. */
export interface StreamFacts {
  readonly name: string;
  readonly cursor: string | undefined;
  /** What identifies a row, as the truth has it. */
  readonly keyOf: (row: JsonObject) => string;
  /** The record whose changes bring the row again, */
  readonly entityOf: (row: JsonObject) => string;
  /** and whether companies show in it. */
  readonly showsCompanies: boolean;
  /** Unix seconds by which the row was due; undefined where the row does not say. */
  readonly dueOf: (row: JsonObject) => number | undefined;
  /** Its states pass on while it is read, and not only at its end. */
  readonly isOrdered: boolean;
}

export function factsOf(name: string): StreamFacts {
  const stream = streams.find((each) => each.name === name);
  if (stream === undefined) throw new Error(`There is no stream ${name}.`);
  // The key of an event is derived, and its id is in no key: an event may lack one. Those of the simulator do not.
  const key = name === 'events' ? ['contact_id', 'id'] : stream.primaryKey;
  const entity = ENTITIES.find(([pattern]) => pattern.test(name))?.[1] ?? 'id';
  const due = DUE[name] ?? stream.cursor;
  return {
    name,
    cursor: stream.cursor,
    keyOf: (row) => key.map((field) => textOf(row[field])).join('/'),
    entityOf: (row) => textOf(row[entity]),
    showsCompanies: /^(compan|conversation)/.test(name),
    dueOf: (row) => (due === undefined || due === '' ? undefined : secondsOf(row[due])),
    isOrdered: ORDERED.test(name),
  };
}

/** A row as it was last seen. */
export interface Held {
  readonly row: JsonObject;
  /** All that counts of it, as text. */
  readonly version: string;
  /** Unix milliseconds at which the run began that brought it. */
  readonly since: number;
  /** Whether a state that was kept speaks for it. */
  readonly isCovered: boolean;
  /** Whether the run that brought it asked for the merges of contacts. */
  readonly withMerges: boolean;
}

/** Rows of one stream by what identifies them. */
export type Table = Map<string, Held>;

/** The lists inside it depend on what else is read: only a read of `contact_merges` asks for this one. */
export function versionOf(row: JsonObject): string {
  return JSON.stringify(without(row, 'merge_history'));
}

const ENTITIES: readonly (readonly [RegExp, string])[] = [
  [/^(contact_(?!attributes)|events$|event_summaries|notes_by_user)/, 'contact_id'],
  [/^conversation_(?!attributes|details)/, 'conversation_id'],
  [/^company_(?!attributes)/, 'company_id'],
  [/^ticket_parts$/, 'ticket_id'],
];
/** Where rows are due by another column than the cursor, or by one that they lack. */
const DUE: Readonly<Record<string, string>> = { conversation_parts: 'conversation_updated_at', ticket_parts: '' };
/** Made from searches, and logs that are asked for by time. */
const ORDERED =
  /^(contacts|users|leads|contact_(tags|companies|subscriptions|merges)|conversation(s|s_by_admin|_details|_parts|_tags|_contacts|_teammates|_handling_events)|tickets|ticket_parts|activity_logs)$/;
