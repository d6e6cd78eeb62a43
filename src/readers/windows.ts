import { at, numberOf, type JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import { ApiError } from '../intercom/api.ts';
import { exact } from './figure.ts';
import { Promises } from './promise.ts';
import type { Glance, Source, WalkContext } from './reader.ts';
import { idOf, recordsAt } from './records.ts';
import { source } from './source.ts';
import { whoAmI } from './who-am-i.ts';

export interface WindowsOptions {
  readonly purpose: string;
  readonly cursor: string;
  /** Days that one window covers. */
  readonly step: (config: Config) => number;
  readonly pageSize: number;
}

/**
 * Reads a log that must be asked for by time, window by window, oldest first. A window that Intercom fails to answer is
 * halved, and those after it grow again.
 *
 * @example windows('/admins/activity_logs/search', 'activity_logs', { purpose: 'Reading activity logs', cursor: 'created_at', step: () => 30, pageSize: 250 })
 */
export function windows<T extends object>(path: string, records: string, options: WindowsOptions): Source<T> {
  return source<T>({
    endpoint: `POST ${path}`,
    cursor: options.cursor,
    ascending: true,
    async *read(context) {
      let from = await beginning(context);
      const promises = new Promises();
      const longest = options.step(context.config) * DAY;
      let step = longest;
      for (let isLast = false; !isLast;) {
        const to = from + step;
        const askedAt = context.api.now();
        isLast = to > askedAt;
        try {
          const window = { from, to: isLast ? Infinity : to, askedAt };
          const rows = await readWindow(path, records, options, context, window);
          yield { records: rows, through: promises.after(window.to - 1, askedAt) };
          from = to;
          step = Math.min(longest, step * 2);
        } catch (error) {
          if (!isTooMuch(error) || step <= HOUR) throw error;
          step = Math.max(HOUR, Math.floor(step / 2));
          isLast = false;
          context.log('info', `${options.purpose}: Intercom fails to answer; asking for half the time at once.`);
        }
      }
    },
    glance: (context) => glanceAt(path, records, options, context),
  });
}

async function beginning(context: WalkContext): Promise<number> {
  const oldest = Math.min(...context.wants.map(({ since }) => since ?? -Infinity));
  return oldest === -Infinity ? birthOf(context) : oldest;
}

/** The newest window tells all if it is the only one; else what the others hold remains unknown. */
async function glanceAt(path: string, key: string, options: WindowsOptions, context: WalkContext): Promise<Glance> {
  const from = await beginning(context);
  const askedAt = context.api.now();
  const step = options.step(context.config) * DAY;
  const count = Math.floor((askedAt - from) / step) + 1;
  const { purpose, pageSize } = options;
  const start = from + (count - 1) * step;
  const body = { created_at_after: start - 1, created_at_before: askedAt + DAY, page: 1, per_page: pageSize };
  const answer = await context.api.send({ method: 'POST', path, purpose, body, attempts: 1 }, context.signal);
  const records = recordsAt(answer, key, purpose);
  const pages = Math.max(1, numberOf(at(answer, 'pages.total_pages') ?? 1));
  if (count === 1 && pages === 1) return { records, isWhole: true, total: exact(records.length), calls: exact(1) };
  return { records, isWhole: false, calls: { value: count - 1 + pages, is: 'least' } };
}

interface Window {
  readonly from: number;
  /** Without this second itself. */
  readonly to: number;
  readonly askedAt: number;
}

/** Whether Intercom's bounds include their second is not certain, so one more is asked for on both sides, and cut off here. */
async function readWindow(
  path: string,
  key: string,
  options: WindowsOptions,
  context: WalkContext,
  { from, to, askedAt }: Window,
): Promise<readonly JsonObject[]> {
  const { purpose, cursor, pageSize } = options;
  const rows = new Map<unknown, JsonObject>();
  for (let page = 1, pages = 1; page <= pages; page++) {
    const body = {
      created_at_after: from - 1,
      created_at_before: Math.max(from + 1, Math.min(to, askedAt + DAY)),
      page,
      per_page: pageSize,
    };
    const answer = await context.api.send({ method: 'POST', path, purpose, body, attempts: 3 }, context.signal);
    const found = recordsAt(answer, key, purpose);
    for (const row of found) rows.set(idOf(row) ?? row, row);
    pages = found.length === 0 ? 0 : numberOf(at(answer, 'pages.total_pages') ?? page);
  }
  const valueOf = (row: JsonObject): number => timeOf(row[cursor]) ?? from;
  // A time far outside of what was asked for is wrong: its row is in no other window.
  const isOfNeighbour = (time: number): boolean =>
    (time < from && time >= from - DAY) || (time >= to && time < to + DAY);
  return [...rows.values()].filter((row) => !isOfNeighbour(valueOf(row))).sort((a, b) => valueOf(a) - valueOf(b));
}

/** When the workspace began: nothing in it is older. */
async function birthOf({ once }: WalkContext): Promise<number> {
  const me = await whoAmI(once, 'Asking when the workspace began');
  return timeOf(at(me, 'app.created_at')) ?? INTERCOM_BEGAN;
}

function isTooMuch(error: unknown): boolean {
  return (
    error instanceof ApiError && error.failure === 'transient' && (error.status === undefined || error.status >= 500)
  );
}

const HOUR = 3600;
const DAY = 86_400;
/** Unix seconds; no workspace is older. */
const INTERCOM_BEGAN = Date.UTC(2011, 0) / 1000;
