import type { Log } from '../../core/log.ts';
import type { Clock } from '../../core/time.ts';
import type { SyncEvent } from '../../sync/events.ts';

/** Says on the log what a Singer tap has no messages for. */
export class Notes {
  readonly #log: Log;
  readonly #clock: Pick<Clock, 'now'>;
  #waitedAt = -Infinity;
  readonly #rows = new Map<string, number>();
  /** How many values had to be left out, by stream and column. */
  readonly #nulled = new Map<string, Map<string, number>>();

  constructor(log: Log, clock: Pick<Clock, 'now'>) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Everybody waits for the rate limit (unix milliseconds). A long read does so every few seconds, which is not worth a line each. */
  wait(until: number): void {
    const now = this.#clock.now();
    if (now - this.#waitedAt < MINUTE) return;
    this.#waitedAt = now;
    this.#log('info', `Waiting ${((until - now) / 1000).toFixed(1)} s for the rate limit of the workspace.`);
  }

  follow(event: SyncEvent): void {
    if (event.type === 'records') this.#count(event);
    if (event.type === 'log') this.#log(event.level, event.message);
    if (event.type === 'stream_ended') this.#end(event);
  }

  #count({ stream, records, changes }: Extract<SyncEvent, { type: 'records' }>): void {
    this.#rows.set(stream, (this.#rows.get(stream) ?? 0) + records.length);
    if (changes === undefined) return;
    const columns = this.#nulled.get(stream) ?? new Map<string, number>();
    this.#nulled.set(stream, columns);
    for (const { field } of [...changes.values()].flat()) columns.set(field, (columns.get(field) ?? 0) + 1);
  }

  #end({ stream, failure }: Extract<SyncEvent, { type: 'stream_ended' }>): void {
    if (failure?.isShared === true) return;
    for (const [column, count] of this.#nulled.get(stream) ?? [])
      this.#log('warn', `${stream}: ${count} values of ${column} are not of its type, and were sent as null.`);
    const metric = {
      type: 'counter',
      metric: 'record_count',
      value: this.#rows.get(stream) ?? 0,
      tags: { endpoint: stream },
    };
    this.#log('info', `METRIC: ${JSON.stringify(metric)}`);
    if (failure !== undefined) this.#log('error', `${stream}: ${failure.message}`);
  }
}

/** Milliseconds. */
const MINUTE = 60_000;
