import type { JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import { ApiError } from '../intercom/api.ts';
import { idOf } from './records.ts';
import { isTokenRefused, type Found } from './search-page.ts';
import type { Range } from './search-query.ts';

export type Ask = (range: Range, token?: string) => Promise<Found>;

/**
 * Pages of one search, one after another: each names the next. Intercom's page tokens are positions (value and id), so a chain
 * neither skips nor repeats a row that stays where it is, and a row that changes moves to its end.
 */
export class Chain {
  readonly range: Range;
  /** What has been fetched and not been taken. */
  readonly queue: Found[] = [];
  /** Walked value of its first record; a chain before this one ends where this one begins. */
  readonly first: number | undefined;
  /** Rows that Intercom said it has. */
  readonly total: number;
  fetched = 0;
  /** The greatest walked value that was fetched. */
  last: number | undefined;
  /** False once records came out of order: then nothing may be concluded from values. */
  sorted = true;
  ended = false;
  /** Told when it is the chain's turn, after what was fetched. */
  failure: { readonly error: unknown } | undefined;
  readonly #ask: Ask;
  readonly #purpose: string;
  readonly #tokens = new Set<string>();
  #token: string | undefined;
  #emptyPages = 0;
  /** Rows that the present search has answered with, those that had come before included. */
  #answered = 0;
  /** Ids of the rows fetched at second `last`. */
  #atLast = new Set<string>();
  #restart: { readonly at: number; readonly ids: ReadonlySet<string> } | undefined;

  private constructor(range: Range, ask: Ask, purpose: string, opening: Found) {
    this.range = range;
    this.#ask = ask;
    this.#purpose = purpose;
    this.first = opening.first;
    this.total = opening.total ?? 0;
    this.#accept(opening);
  }

  /** @param purpose - What is being done, for messages */
  static async open(range: Range, ask: Ask, purpose: string): Promise<Chain> {
    return new Chain(range, ask, purpose, await ask(range));
  }

  /** Fetches the next page. @returns false if it was not `usable`; then the same page is asked for again the next time */
  async advance(usable: (found: Found) => boolean): Promise<boolean> {
    try {
      const found = await this.#ask({ ...this.range, from: this.#restart?.at ?? this.range.from }, this.#token);
      if (!usable(found)) return false;
      this.#accept(found);
    } catch (error) {
      if (this.#token === undefined || !isTokenRefused(error)) throw error;
      this.#startAgain(error);
    }
    return true;
  }

  /** Forgets the opening page, so that it is asked for again; where the chain begins stays known. */
  rewind(): void {
    this.queue.length = 0;
    this.fetched = 0;
    this.last = undefined;
    this.ended = false;
    this.#token = undefined;
    this.#tokens.clear();
    this.#answered = 0;
    this.#restart = undefined;
  }

  /**
   * One of this chain's pages without what belongs to the chain after it. If that one was empty it may have got rows since, so that
   * nothing can be said of its time.
   */
  partBefore(next: Chain | undefined, found: Found): Found {
    const { last } = found;
    if (next === undefined || last === undefined) return found;
    const end = next.first;
    if (end === undefined) return { ...found, last: Math.min(last, (next.range.from ?? 0) - 1) };
    if (!this.sorted || last < end) return found;
    const records = found.records.filter((record) => (this.#value(record) ?? -Infinity) < end);
    return {
      ...found,
      records,
      last: records.map((record) => this.#value(record)).findLast((value) => value !== undefined),
    };
  }

  #accept(found: Found): void {
    if (!found.sorted || (this.#restart === undefined && (found.first ?? Infinity) < (this.last ?? -Infinity)))
      this.sorted = false;
    const records = found.records.filter((record) => this.#isNew(record));
    this.queue.push(records.length === found.records.length ? found : { ...found, records });
    this.fetched += records.length;
    this.#remember(records, found.last);
    this.#emptyPages = found.records.length === 0 ? this.#emptyPages + 1 : 0;
    this.#token = found.token;
    this.#answered += found.records.length;
    // A page before the last that names no next one: what Intercom counts beyond it must not be lost.
    if (found.isCut && this.#answered < (found.total ?? Infinity)) this.#startAgain();
    else if (found.token === undefined) this.ended = true;
    else if (this.#tokens.has(found.token) || this.#emptyPages > MAX_EMPTY_PAGES) this.#startAgain();
    else this.#tokens.add(found.token);
  }

  #remember(records: readonly JsonObject[], last: number | undefined): void {
    if (last === undefined || last < (this.last ?? -Infinity)) return;
    if (last !== this.last) this.#atLast = new Set();
    this.last = last;
    for (const record of records) {
      const id = idOf(record);
      if (id !== undefined && this.#value(record) === last) this.#atLast.add(id);
    }
  }

  /**
   * Goes on with a new search from the last second that was fetched. Busy workspaces have been seen to hand out tokens in a circle
   * (A, B, A, B), and a token may be refused; stopping there would lose rows.
   */
  #startAgain(refusal?: ApiError): void {
    if (this.last === undefined || this.last === this.#restart?.at) {
      if (refusal !== undefined) throw refusal;
      const what = "Intercom's pages repeat, or name no next page before the last, and lead nowhere";
      const place = `${this.range.field} ${String(this.last ?? 'unknown')}`;
      throw new ApiError(
        'unexpected',
        'transient',
        `${this.#purpose}: ${what} (${place}). Nothing was skipped; run the sync again.`,
      );
    }
    this.#restart = { at: this.last, ids: this.#atLast };
    this.#token = undefined;
    this.#emptyPages = 0;
    this.#answered = 0;
    this.#tokens.clear();
    this.ended = false;
  }

  /** A new search begins at the start of a second, or of a day: what lies before the restart has been fetched. */
  #isNew(record: JsonObject): boolean {
    if (this.#restart === undefined) return true;
    const value = this.#value(record) ?? Infinity;
    if (value !== this.#restart.at) return value > this.#restart.at;
    const id = idOf(record);
    return id === undefined || !this.#restart.ids.has(id);
  }

  #value(record: JsonObject): number | undefined {
    return timeOf(record[this.range.field]);
  }
}

/** No search has been seen to answer with even one empty page before its end. */
const MAX_EMPTY_PAGES = 20;
