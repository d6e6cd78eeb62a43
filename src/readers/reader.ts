import type { JsonObject } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import type { Clock } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import type { Api, Request } from '../intercom/api.ts';
import type { Directory } from './directory.ts';

/** A batch of records in the order the API gave them, and perhaps a promise. */
export interface Page<R> {
  readonly records: readonly R[];
  /**
   * Unix seconds. Everything whose walked value is before this has now been yielded; of what is at this second itself there may be
   * more, so that whoever goes on from here asks for that second again. Absent: no promise yet.
   */
  readonly through?: number;
  /** How many records the whole walk has, where Intercom tells it. */
  readonly total?: number;
  /** Fewer records came than Intercom counts, and asking again brings no more: the end of the walk promises nothing. */
  readonly isPartial?: true;
}

export type FilterValue = string | number | readonly string[];

/** A condition that Intercom's search evaluates, and that the engine can evaluate on the record as well. */
export interface Filter {
  readonly field: string;
  readonly operator: '=' | '!=' | 'IN' | '~' | '>';
  readonly value: FilterValue;
}

/** What one stream of a pass wants from the walk that they share. */
export interface Want {
  /** Unix seconds, inclusive. Absent: from the beginning. */
  readonly since: number | undefined;
  /** All must hold. */
  readonly filters: readonly Filter[];
}

/** What everybody who asks Intercom for something is given. */
export interface ReadContext {
  readonly api: Api;
  readonly config: Config;
  readonly directory: Directory;
  /** Sends a GET at most once, however many ask: per run for what is walked, per record for what belongs to a record. */
  readonly once: (request: Request) => Promise<JsonObject>;
  /** Unix seconds at which the pass began, by the earlier of our clock and Intercom's. */
  readonly startedAt: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Told how many members a list has of which a record shows a part, before they are asked for. */
  readonly onCut?: (total: number) => void;
  /** Counts something that is left out, by kind, and names it in the closing summary. */
  readonly skip: (kind: string, name: string) => void;
}

export interface WalkContext extends ReadContext {
  readonly wants: readonly Want[];
  /** Query parameters that any member needs on the walk's requests. */
  readonly query: Readonly<Record<string, string | number | boolean>>;
  /** The field by which an ordered walk ascends, instead of its cursor. */
  readonly orderBy?: 'created_at';
  /** How many requests a glance may spend on records that tell what the others are like. Default: no more than it makes anyway. */
  readonly looks?: number;
}

/** A number, and how far it can be relied on. */
export interface Figure {
  readonly value: number;
  /** `least`: it may be more, and nobody can tell how much. */
  readonly is: 'exact' | 'about' | 'least';
}

/** What a walk would come to, as one or two requests tell. */
export interface Glance {
  /** Some of the records that it would yield, */
  readonly records: readonly JsonObject[];
  /** or all of them. */
  readonly isWhole: boolean;
  /** How many it would yield. Absent: that cannot be told. */
  readonly total?: Figure;
  /** Requests that it would make, besides those made with `once`. */
  readonly calls: Figure;
}

/**
 * A way through all records of one kind. Streams that read from the same walk *value* share one pass over it.
 *
 * An `ascending` walk yields its records by growing `cursor` and promises as it goes; any other promises nothing before its
 * end, and then only the moment at which it began.
 */
export interface Walk<R extends object> {
  /** What it asks, for docs and tests: `POST /contacts/search`. */
  readonly endpoint: string;
  /** Unix-seconds field that says when a record changed. Absent: records do not say. */
  readonly cursor?: string;
  readonly ascending: boolean;
  readonly read: (context: WalkContext) => AsyncIterable<Page<R>>;
  /** Tells what `read` would come to, without reading. Absent: no stream is made from it directly. */
  readonly glance?: (context: WalkContext) => Promise<Glance>;
}

/** What a function that turns a walked record into rows may use. */
export interface RowContext extends ReadContext {
  /** Unix seconds from which the stream wants rows, for rows that go by their own dates. */
  readonly since: number | undefined;
}

/** What a stream reads: some records of a walk, or rows made from them. */
export interface Source<T extends object> {
  readonly walk: Walk<JsonObject>;
  /** Which records of the walk. All must hold. */
  readonly filters: readonly FilterSource[];
  readonly query: Readonly<Record<string, string | number | boolean>>;
  /** Makes rows from a walked record. Absent: the record is the row. */
  readonly rows?: (record: never, context: RowContext) => Promise<readonly T[]> | readonly T[];
  /** Columns whose lists come whole with full objects, and the schema that describes them so. */
  readonly expanded?: { readonly schema: string; readonly columns: readonly string[] };
  /** What `rows` asks for each record: `GET /conversations/{id}`. Absent: nothing. */
  readonly childEndpoint?: string;
  /** Every record makes one row. Absent: only making the rows tells how many they are; except that without `rows` it is one. */
  readonly isOneRow?: boolean;
  /** Whether that is asked for each record, or only where a record shows that there is something to ask for. */
  readonly childCalls?: 'each' | 'some';
  /** By what a row is due: the cursor of the record that was walked, or the row's own. */
  readonly dueBy: 'walked' | 'row';
  /** Whose rows are asked for in an incremental read: records that are due themselves, or all. */
  readonly parents: 'changed' | 'all';
  /** Decides whether a failure of one record's rows is skipped and counted. A 404 or 410 always is. */
  readonly skipFailed?: (config: Config) => boolean;
}

export type FilterSource = (
  context: Pick<ReadContext, 'config' | 'directory'>,
) => readonly Filter[] | Promise<readonly Filter[]>;

/** Whether a stream that reads from `source` needs calls of its own for each record. */
export function hasChildren(source: Source<object>): boolean {
  return source.childEndpoint !== undefined;
}
