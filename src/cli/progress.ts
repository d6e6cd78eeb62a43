import type { Clock } from '../core/time.ts';
import type { RateLimit } from '../intercom/api.ts';
import type { SyncEvent } from '../sync/events.ts';

/** Shows how far a read is, to people who watch it in a terminal: one line for each stream that is being read. */
export class Progress {
  readonly #show: (text: string) => void;
  readonly #clock: Clock;
  readonly #limit: () => RateLimit | undefined;
  readonly #streams = new Map<string, { since?: number; rows: number; total?: number }>();
  #shownAt = -Infinity;

  /** @param show - Replaces what was shown before */
  constructor(show: (text: string) => void, clock: Clock, limit: () => RateLimit | undefined) {
    this.#show = show;
    this.#clock = clock;
    this.#limit = limit;
  }

  follow(event: SyncEvent): void {
    const now = this.#clock.now();
    if (event.type === 'stream_started') this.#streams.set(event.stream, { rows: 0 });
    else if (event.type === 'stream_running') this.#begin(event.stream, now);
    else if (event.type === 'stream_ended') this.#streams.delete(event.stream);
    else if (event.type === 'records' || event.type === 'estimate') this.#count(event);
    else return;
    if (now - this.#shownAt < INTERVAL && event.type !== 'stream_ended') return;
    this.#shownAt = now;
    this.#show(this.lines().join('\n'));
  }

  lines(): readonly string[] {
    const left = this.#limit()?.left;
    const calls = left === undefined ? '' : `, ${left} calls left in the window`;
    return [...this.#streams].flatMap(([name, { since, rows, total }]) => {
      if (since === undefined) return [];
      const seconds = Math.max(0.001, (this.#clock.now() - since) / 1000);
      const rate = rows / seconds;
      const share = total === undefined ? `${rows} rows` : `${rows} of ${total} rows`;
      const rest =
        total === undefined || rows === 0 || rows >= total ? '' : `, ${duration((total - rows) / rate)} left`;
      return `${name}: ${share}, ${Math.round(rate)} rows/s${calls}${rest}`;
    });
  }

  #begin(name: string, now: number): void {
    const stream = this.#streams.get(name);
    if (stream !== undefined) stream.since ??= now;
  }

  #count(event: Extract<SyncEvent, { type: 'estimate' | 'records' }>): void {
    const stream = this.#streams.get(event.stream);
    if (stream === undefined) return;
    if (event.type === 'estimate') stream.total = event.rows;
    else stream.rows += event.records.length;
  }
}

/** Progress on stderr if that is a terminal; otherwise nothing, since platforms take stderr for trouble. */
export async function watch(
  stderr: NodeJS.WriteStream,
  clock: Clock,
  limit: () => RateLimit | undefined,
): Promise<{ readonly follow: (event: SyncEvent) => void; readonly end: () => void }> {
  if (!stderr.isTTY) return { follow: () => undefined, end: () => undefined };
  const { createLogUpdate } = await import('log-update');
  const show = createLogUpdate(stderr);
  const progress = new Progress(show, clock, limit);
  return {
    follow: (event) => {
      progress.follow(event);
    },
    end: () => {
      show.clear();
      show.done();
    },
  };
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}

/** Milliseconds. */
const INTERVAL = 250;
