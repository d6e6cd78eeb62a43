import type { JsonObject } from '../../../../core/json.ts';
import type { Offer } from '../../../discover.ts';
import type { Selection } from '../choose-streams.ts';

/** What reads by a configuration, and how it wants to be told which streams. */
export interface Platform {
  /** Name of the file that says it, unless the user gives another one. */
  readonly file: string;
  /** What that file is, for messages. */
  readonly what: string;
  /** The streams that a file chooses; undefined if it says nothing of them. @throws ConnectorError when it is another kind of file */
  readonly selectionIn: (text: string) => Selection | undefined;
  /** The file's new content. @param text - What it was, if it was there */
  readonly write: (text: string | undefined, wanted: Wanted) => string;
  /** The command that reads. @param text - The file's new content */
  readonly next: (paths: { readonly config: string; readonly catalog: string }, text: string) => string;
}

export interface Wanted {
  readonly selection: Selection;
  /** Every stream, as its rows look. */
  readonly offers: readonly Offer[];
  /** The content of the configuration file. */
  readonly written: JsonObject;
}
