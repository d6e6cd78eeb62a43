import { deflateSync, inflateSync } from 'node:zlib';
import { at, numberOf, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { ApiError } from '../intercom/api.ts';
import { exact } from './figure.ts';
import type { Glance, Page, Source, WalkContext } from './reader.ts';
import { idOf, recordsAt } from './records.ts';
import { Seen } from './seen.ts';
import { Signal } from './signal.ts';
import { source } from './source.ts';

export interface ScrollOptions {
  readonly purpose: string;
  readonly cursor: string;
  /** Another way to the same records, to look at some and to count them: a scroll that is begun bars others for a minute. */
  readonly listedAt: string;
}

/**
 * Reads a scroll: a walk that Intercom allows once per workspace at a time and ends after a minute of silence. It is therefore read
 * at its own pace, into memory (compressed), however slowly its records are taken.
 */
export function scroll<T extends object>(path: string, records: string, options: ScrollOptions): Source<T> {
  return source<T>({
    endpoint: `GET ${path}`,
    cursor: options.cursor,
    ascending: false,
    async *read(context) {
      const left = new AbortController();
      const own = { ...context, signal: AbortSignal.any([context.signal, left.signal]) };
      const store = new Store();
      void store.fill(drain(path, records, options.purpose, own));
      try {
        yield* store.pages();
      } finally {
        left.abort(new Error('The reader has left.'));
      }
    },
    glance: (context) => glanceAt(options, records, context),
  });
}

async function glanceAt({ listedAt, purpose }: ScrollOptions, key: string, context: WalkContext): Promise<Glance> {
  const page = async (number: number) => {
    const body = { page: number, per_page: MOST_LISTED };
    return context.api.send({ method: 'POST', path: listedAt, body, purpose }, context.signal);
  };
  const answer = await page(1);
  const first = recordsAt(answer, key, purpose);
  const total = numberOf(answer['total_count']);
  const isWhole = first.length >= total || (Number.isNaN(total) && first.length < MOST_LISTED);
  const count = isWhole ? first.length : total;
  if (Number.isNaN(count)) return { records: first, isWhole, calls: { value: 2, is: 'least' } };
  const others = await Promise.all(pagesBetween(count, context.looks ?? 1).map(page));
  const records = [first, ...others.map((other) => recordsAt(other, key, purpose))].flat();
  // The last page is empty.
  const calls = Math.ceil(count / SCROLL_PAGE) + 1;
  return { records, isWhole, total: exact(count), calls: exact(calls) };
}

/** Numbers of full pages after the first, evenly spread over those that the list shows. */
function pagesBetween(count: number, looks: number): readonly number[] {
  const full = Math.floor(Math.min(count, MOST_SHOWN) / MOST_LISTED);
  const more = Math.min(looks, full) - 1;
  return Array.from({ length: Math.max(0, more) }, (_, index) => 1 + Math.round(((index + 1) * (full - 1)) / more));
}

/** Pages between a source that must not wait and a consumer that takes its time; compressed. */
class Store {
  readonly #pages: Buffer[] = [];
  readonly #change = new Signal();
  #end: { readonly error?: unknown } | undefined;

  async fill(source: AsyncIterable<Page<JsonObject>>): Promise<void> {
    try {
      for await (const page of source) {
        this.#pages.push(deflateSync(JSON.stringify(page), { level: 1 }));
        this.#change.raise();
      }
      this.#end = {};
    } catch (error) {
      this.#end = { error };
    }
    this.#change.raise();
  }

  async *pages(): AsyncGenerator<Page<JsonObject>> {
    for (;;) {
      const page = this.#pages.shift();
      if (page !== undefined) yield parseJson(inflateSync(page).toString()) as Page<JsonObject>;
      else if (this.#end === undefined) await this.#change.wait();
      else if ('error' in this.#end) throw this.#end.error;
      else return;
    }
  }
}

/** All pages. A scroll that breaks starts again from the top; what was read before is left out. */
async function* drain(
  path: string,
  records: string,
  purpose: string,
  context: WalkContext,
): AsyncGenerator<Page<JsonObject>> {
  const seen = new Seen();
  for (let inVain = 1, walks = 1; ; inVain++, walks++) {
    let isOpen = false;
    const before = seen.named;
    try {
      for await (const page of pagesOf(path, records, purpose, context)) {
        isOpen = true;
        const fresh = seen.fresh(page);
        if (fresh.length > 0) yield { records: fresh };
      }
      return;
    } catch (error) {
      if (seen.named > before) inVain = 1;
      if (inVain >= MAX_IN_VAIN || walks >= MAX_WALKS || !isBroken(error, isOpen)) throw error;
      context.log(
        'info',
        `${purpose}: the scroll broke off after ${seen.size} records; starting it again from the top.`,
      );
    }
  }
}

async function* pagesOf(
  path: string,
  records: string,
  purpose: string,
  context: WalkContext,
): AsyncGenerator<readonly JsonObject[]> {
  let answer = await open(path, purpose, context);
  const begun = new Set<string>();
  for (;;) {
    const page = recordsAt(answer, records, purpose);
    const token = at(answer, 'scroll_param');
    if (page[0] === undefined) return;
    const first = idOf(page[0]) ?? JSON.stringify(page[0]);
    if (begun.has(first)) throw goesRound(purpose);
    begun.add(first);
    yield page;
    if (typeof token !== 'string') return;
    // Not tried again: each request moves the scroll on, so that after an answer that was lost the same request brings the page after.
    answer = await context.api.send(
      { method: 'GET', path, query: { scroll_param: token }, purpose, attempts: 1 },
      context.signal,
    );
  }
}

function goesRound(purpose: string): ApiError {
  const what = 'Intercom answers with a page of the scroll that was already read, which would never end';
  return new ApiError('unexpected', 'transient', `${purpose}: ${what}. Nothing was skipped; run the sync again.`);
}

/** The first page; waits for a scroll that somebody else holds. */
async function open(path: string, purpose: string, context: WalkContext): Promise<JsonObject> {
  for (let waited = 0; ; waited++) {
    try {
      return await context.api.send({ method: 'GET', path, purpose }, context.signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.failure !== 'scroll_busy') throw error;
      if (waited >= MAX_WAITS) {
        throw new ApiError(
          'scroll_busy',
          'transient',
          `${purpose}: another program holds the workspace's only scroll over companies, and did not let go within ${MAX_WAITS} minutes. ` +
            'Stop the other integration that reads companies, or run this sync at another time.',
          { status: error.status, code: error.code, cause: error },
        );
      }
      context.log('info', `${purpose}: another program is scrolling through companies; waiting a minute.`);
      await context.clock.sleep(SCROLL_LIFE, context.signal);
    }
  }
}

/** A scroll that expired (404) or that Intercom asks to restart (5xx). One that does not even open is not there. */
function isBroken(error: unknown, isOpen: boolean): boolean {
  if (!(error instanceof ApiError)) return false;
  return isOpen ? ['gone', 'transient', 'unexpected'].includes(error.failure) : error.failure === 'transient';
}

/** How often in a row a scroll may break before it brings anything new, */
const MAX_IN_VAIN = 5;
/** and how often in all. */
const MAX_WALKS = 20;
/** Records that Intercom lists at once, */
const MOST_LISTED = 60;
/** and that it scrolls at once. */
const SCROLL_PAGE = 100;
const MAX_WAITS = 5;
/** Milliseconds after which Intercom forgets a scroll that nobody asks. */
const SCROLL_LIFE = 61_000;
/** Records that Intercom lists by pages; the scroll has all. */
const MOST_SHOWN = 10_000;
