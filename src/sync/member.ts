import { textOf, type JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import type { Filter, Source } from '../readers/reader.ts';
import { matches } from '../readers/search-query.ts';
import type { Stream } from '../readers/stream.ts';
import { digestOf, Memory, type Sent } from './memory.ts';
import type { Shape } from './shape.ts';

export interface MemberOptions {
  readonly stream: Stream;
  readonly source: Source<object>;
  readonly filters: readonly Filter[];
  readonly shape: Shape;
  readonly isIncremental: boolean;
  /** Unix seconds: the saved cursor, or nothing. */
  readonly saved: number | undefined;
  readonly state: JsonObject;
  /** Seconds by which an incremental read goes back. */
  readonly lookback: number;
  /** Unix seconds before which nothing is wanted. */
  readonly startDate: number | undefined;
}

/** A stream that takes part in a pass: what it wants, what it has sent, and what it may save. */
export class Member {
  readonly stream: Stream;
  readonly source: Source<object>;
  readonly filters: readonly Filter[];
  readonly shape: Shape;
  /** Unix seconds, inclusive, from which rows are due. */
  readonly since: number | undefined;
  /** Records sent since the last checkpoint, */
  pending = 0;
  /** and in all. */
  total = 0;
  isRunning = false;
  /** Milliseconds. */
  checkpointedAt = 0;
  ended = false;
  /** The first request of its own; others wait for it. */
  trial: Promise<unknown> | undefined;
  readonly #memory: Memory;
  readonly #suppresses: boolean;
  #saved: number | undefined;
  #last = '';

  constructor({ stream, source, filters, shape, isIncremental, saved, state, lookback, startDate }: MemberOptions) {
    this.stream = stream;
    this.source = source;
    this.filters = filters;
    this.shape = shape;
    const from = isIncremental && saved !== undefined ? saved - lookback : undefined;
    this.since = from === undefined ? startDate : Math.max(from, startDate ?? -Infinity);
    this.#saved = isIncremental ? saved : undefined;
    this.#suppresses = isIncremental && lookback === 0;
    this.#memory = isIncremental && saved !== undefined ? Memory.read(state, saved) : new Memory();
  }

  get name(): string {
    return this.stream.name;
  }

  /** From when on the walk is wanted: a stream whose rows go by their own dates needs every parent. */
  get walkSince(): number | undefined {
    return this.source.parents === 'all' ? undefined : this.since;
  }

  /** Whether rows of a walked record are wanted. */
  wants(record: JsonObject): boolean {
    if (!matches(record, this.filters)) return false;
    if (this.source.dueBy === 'row')
      return this.source.parents === 'all' || this.#isRecent(timeOf(record[this.source.walk.cursor ?? '']));
    return this.isDue(record, this.walkedKeyOf(record), this.source.walk.cursor);
  }

  /** Whether something that changed at its `cursor` is new to this stream. Without a value it is: better twice than never. */
  isDue(record: JsonObject, id: string, cursor: string | undefined): boolean {
    if (cursor === undefined) return true;
    const value = timeOf(record[cursor]);
    if (!this.#isRecent(value)) return false;
    return value === undefined || !this.#suppresses || !this.#memory.has(id, value, () => digestOf(record));
  }

  #isRecent(value: number | undefined): boolean {
    return value === undefined || this.since === undefined || value >= this.since;
  }

  /** What identifies a row of this stream. */
  keyOf(row: JsonObject): string {
    return this.stream.primaryKey.map((field) => textOf(row[field])).join('/');
  }

  /** What identifies a walked record: as a row where it is one, or may become one, else as a parent. */
  walkedKeyOf(record: JsonObject): string {
    const isRow = this.source.rows === undefined || this.stream.primaryKey.every((field) => field in record);
    return isRow ? this.keyOf(record) : textOf(record['id']);
  }

  /** What to remember of something that is about to go out, if the next read might meet it again. */
  note(record: JsonObject, id: string, cursor: string | undefined, floor: number): Sent | undefined {
    if (this.stream.cursor === undefined || cursor === undefined) return undefined;
    const value = timeOf(record[cursor]);
    return value === undefined || value < floor ? undefined : { id, value, digest: digestOf(record) };
  }

  remember(sent: readonly Sent[]): void {
    for (const each of sent) this.#memory.add(each);
  }

  /** The state that holds once everything up to `through` is out; undefined if it would say nothing new, unless it `must` be said. */
  checkpoint(through: number | undefined, must: boolean): JsonObject | undefined {
    if (through !== undefined) this.#saved = Math.max(through, this.#saved ?? -Infinity);
    const { cursor } = this.stream;
    let state: JsonObject =
      cursor === undefined || this.#saved === undefined
        ? { rows: this.total }
        : { [cursor]: this.#saved, ...this.#sent(this.#saved) };
    if (JSON.stringify(state) === this.#last) {
      if (this.pending === 0 && !must) return undefined;
      state = { ...state, rows: this.total };
    }
    this.#last = JSON.stringify(state);
    return state;
  }

  /** How far a promise would move the saved cursor. */
  isAdvancedBy(through: number): boolean {
    return through > (this.#saved ?? -Infinity);
  }

  #sent(cursor: number): JsonObject {
    const sent = this.#memory.write(cursor);
    return Object.keys(sent).length > 0 ? { sent } : {};
  }
}
