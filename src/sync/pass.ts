import type { JsonObject } from '../core/json.ts';
import { orderedMap } from '../core/ordered-map.ts';
import { timeOf } from '../core/time.ts';
import { MARGIN } from '../readers/promise.ts';
import { hasChildren, type Page, type ReadContext, type Walk } from '../readers/reader.ts';
import { prepareBatch, type Prepared } from './batch.ts';
import { breakOff, emit, finish } from './emit.ts';
import type { SyncEvent } from './events.ts';
import type { Member } from './member.ts';
import type { Tally } from './tally.ts';

export interface Pass {
  readonly walk: Walk<object>;
  readonly members: readonly Member[];
  readonly orderBy?: 'created_at';
  readonly tally: Tally;
}

/**
 * Walks once through the records that several streams are made from. Each page goes to every member, which takes what it is due by
 * its own state and filters; whatever is fetched for a record is fetched once. A member that fails leaves, the others go on.
 */
export async function* readPass(
  { walk, members, orderBy, tally }: Pass,
  context: ReadContext,
): AsyncGenerator<SyncEvent, void, undefined> {
  for (const { name, shape } of members) yield { type: 'stream_started', stream: name, schema: shape.schema };
  const query = Object.assign({}, ...members.map(({ source }) => source.query)) as Record<string, string>;
  const wants = members.map((member) => ({ since: member.walkSince, filters: member.filters }));
  let through: number | undefined;
  let isPartial = false;
  try {
    const pages = tally.count(walk.read({ ...context, wants, query, ...(orderBy === undefined ? {} : { orderBy }) }));
    const prepare = (page: Page<object>): Promise<Prepared> => prepareBatch(page, members, context);
    const isAsking = members.some(({ source }) => hasChildren(source));
    const ready = orderedMap(isAsking ? inBatches(pages, walk) : pages, isAsking ? BATCHES_AHEAD : 1, prepare);
    for await (const batch of ready) {
      yield* tally.announce(members, context);
      for (const part of batch.parts) yield* emit(part, batch.through, context);
      through = batch.through ?? through;
      isPartial ||= batch.isPartial;
      if (members.every(({ ended }) => ended)) return;
    }
  } catch (error) {
    yield* breakOff(members, error, through, context);
    return;
  }
  if (isPartial) yield { type: 'log', level: 'warn', message: partial(members) };
  for (const member of members)
    if (!member.ended) yield* finish(member, isPartial ? undefined : endOf(member, through, context));
}

function partial(members: readonly Member[]): string {
  const names = members.map(({ name }) => name).join(', ');
  return `${names}: fewer records came than Intercom counts, so that the next read begins where this one did.`;
}

/** Everything that an unordered read, or rows by their own dates, can promise at its end: what was there when it began. */
function endOf(member: Member, through: number | undefined, context: ReadContext): number {
  const isOrdered = through !== undefined && member.source.dueBy === 'walked';
  return isOrdered ? through : context.startedAt - MARGIN;
}

/**
 * Small enough that rows and checkpoints come steadily, although each record costs a call. What is promised behind each is the last time in
 * it that the page's promise covers: one beyond that may be wrong, and then what stands behind it is older.
 */
async function* inBatches(pages: AsyncIterable<Page<object>>, walk: Walk<object>): AsyncGenerator<Page<object>> {
  for await (const { records, through, isPartial } of pages) {
    let start = 0;
    for (; start < records.length - BATCH; start += BATCH) {
      const batch = records.slice(start, start + BATCH) as readonly JsonObject[];
      const values = batch.map((record) => timeOf(record[walk.cursor ?? '']));
      const last = values.findLast((value) => value !== undefined && value <= (through ?? -Infinity));
      yield last === undefined ? { records: batch } : { records: batch, through: last };
    }
    yield {
      records: records.slice(start),
      ...(through === undefined ? {} : { through }),
      ...(isPartial === undefined ? {} : { isPartial }),
    };
  }
}

/** Records whose children are fetched together, */
const BATCH = 20;
/** and batches (or pages) that are prepared beyond the one being written. */
const BATCHES_AHEAD = 5;
