import type { ErrorKind } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { LogLevel } from '../core/log.ts';
import type { JsonSchema } from '../core/schema.ts';

/** A note about a value that could not be sent as it came. */
export interface Change {
  /** Dotted path inside the row. */
  readonly field: string;
  readonly reason: 'type' | 'size';
}

/** What happens during a read, in no dialect. A checkpoint follows, never precedes, the records that it speaks for. */
export type SyncEvent =
  /** `schema`: of its rows, as published. */
  | { readonly type: 'stream_started'; readonly stream: string; readonly schema: JsonSchema }
  /** The first answer for the stream has arrived. */
  | { readonly type: 'stream_running'; readonly stream: string }
  | {
      readonly type: 'records';
      readonly stream: string;
      readonly records: readonly object[];
      /** By index in `records`; absent where nothing was changed. */
      readonly changes?: ReadonlyMap<number, readonly Change[]>;
    }
  /** `count`: records of the stream since its last checkpoint. */
  | { readonly type: 'checkpoint'; readonly stream: string; readonly state: JsonObject; readonly count: number }
  /** How many rows the stream will have, as Intercom counts them now. */
  | { readonly type: 'estimate'; readonly stream: string; readonly rows: number }
  | { readonly type: 'stream_ended'; readonly stream: string; readonly failure?: Failure }
  /** Something outside any one stream went wrong, and ends the read. */
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string };

export interface Failure {
  readonly kind: ErrorKind;
  /** For the user. */
  readonly message: string;
  /** For us. */
  readonly cause: unknown;
  /** It is the failure of the whole read, said once, and not the stream's own. */
  readonly isShared?: true;
}
