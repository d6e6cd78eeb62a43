import { ConnectorError, messageOf } from '../core/errors.ts';
import { textOf, type JsonObject } from '../core/json.ts';
import { orderedMap } from '../core/ordered-map.ts';
import { timeOf } from '../core/time.ts';
import { ApiError, type Request } from '../intercom/api.ts';
import { MARGIN } from '../readers/promise.ts';
import { hasChildren, type Page, type ReadContext, type RowContext, type Walk } from '../readers/reader.ts';
import type { Failure, SyncEvent } from './events.ts';
import type { Member } from './member.ts';
import type { Sent } from './memory.ts';

export interface Pass {
  readonly walk: Walk<object>;
  readonly members: readonly Member[];
  readonly orderBy?: 'created_at';
}

/** What one member makes of a batch. */
interface Part {
  readonly member: Member;
  readonly rows: readonly object[];
  readonly sent: readonly Sent[];
  readonly error?: unknown;
}

interface Prepared {
  readonly parts: readonly Part[];
  readonly through: number | undefined;
}

/**
 * Walks once through the records that several streams are made from. Each page goes to every member, which takes what it is due by
 * its own state and filters; whatever is fetched for a record is fetched once. A member that fails leaves, the others go on.
 */
export async function* readPass(
  { walk, members, orderBy }: Pass,
  context: ReadContext,
): AsyncGenerator<SyncEvent, void, undefined> {
  for (const member of members) yield { type: 'stream_started', stream: member.name };
  const query = Object.assign({}, ...members.map(({ source }) => source.query)) as Record<string, string>;
  const wants = members.map((member) => ({ since: member.walkSince, filters: member.filters }));
  let through: number | undefined;
  try {
    const pages = walk.read({ ...context, wants, query, ...(orderBy === undefined ? {} : { orderBy }) });
    const prepare = (page: Page<object>): Promise<Prepared> => prepareBatch(page, members, context);
    for await (const batch of orderedMap(
      members.some(({ source }) => hasChildren(source)) ? inBatches(pages, walk) : pages,
      BATCHES_AHEAD,
      prepare,
    )) {
      for (const part of batch.parts) yield* emit(part, batch.through, context);
      through = batch.through ?? through;
      if (members.every(({ ended }) => ended)) return;
    }
  } catch (error) {
    yield* breakOff(members, error, through, context);
    return;
  }
  for (const member of members) if (!member.ended) yield* finish(member, endOf(member, through, context));
}

/** Everything that an unordered read, or rows by their own dates, can promise at its end: what was there when it began. */
function endOf(member: Member, through: number | undefined, context: ReadContext): number {
  const isOrdered = through !== undefined && member.source.dueBy === 'walked';
  return isOrdered ? through : context.startedAt - MARGIN;
}

/** Small enough that rows and checkpoints come steadily, although each record costs a call. */
async function* inBatches(pages: AsyncIterable<Page<object>>, walk: Walk<object>): AsyncGenerator<Page<object>> {
  for await (const { records, through } of pages) {
    for (let start = 0; start < records.length - BATCH; start += BATCH) {
      const batch = records.slice(start, start + BATCH);
      const last = timeOf((batch.at(-1) as JsonObject)[walk.cursor ?? '']);
      yield through === undefined || last === undefined
        ? { records: batch }
        : { records: batch, through: Math.min(last, through) };
    }
    const rest = records.slice(Math.max(0, Math.ceil(records.length / BATCH) - 1) * BATCH);
    yield through === undefined ? { records: rest } : { records: rest, through };
  }
}

async function prepareBatch(
  { records, through }: Page<object>,
  members: readonly Member[],
  context: ReadContext,
): Promise<Prepared> {
  const once = remembering((request) => context.api.send(request, context.signal));
  const floor = through ?? context.startedAt - MARGIN;
  const parts = members
    .filter(({ ended }) => !ended)
    .map((member) => prepare(member, records as readonly JsonObject[], floor, { ...context, once }));
  return { parts: await Promise.all(parts), through };
}

/** Sends each request once, as long as the returned function is kept. */
export function remembering(
  send: (request: Request) => Promise<JsonObject>,
): (request: Request) => Promise<JsonObject> {
  const answers = new Map<string, Promise<JsonObject>>();
  return (request) => {
    const key = JSON.stringify([request.path, request.query, request.pageSize?.max]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = send(request);
    answers.set(key, answer);
    return answer;
  };
}

async function prepare(
  member: Member,
  records: readonly JsonObject[],
  floor: number,
  context: Omit<RowContext, 'since'>,
): Promise<Part> {
  const { source, stream } = member;
  try {
    const due = records.filter((record) => member.wants(record));
    const made = await Promise.all(due.map((record) => rowsOf(member, record, context)));
    if (source.dueBy === 'walked') {
      const sent = due.map((record) => member.note(record, member.walkedKeyOf(record), source.walk.cursor, floor));
      return { member, rows: made.flat(), sent: sent.filter((each) => each !== undefined) };
    }
    const rows = (made.flat() as readonly JsonObject[]).filter((row) =>
      member.isDue(row, member.keyOf(row), stream.cursor),
    );
    const sent = rows.map((row) => member.note(row, member.keyOf(row), stream.cursor, context.startedAt - MARGIN));
    return { member, rows, sent: sent.filter((each) => each !== undefined) };
  } catch (error) {
    return { member, rows: [], sent: [], error };
  }
}

async function rowsOf(
  member: Member,
  record: JsonObject,
  context: Omit<RowContext, 'since'>,
): Promise<readonly object[]> {
  const { rows, dueBy, skipFailed } = member.source;
  if (rows === undefined) return [record];
  try {
    return await rows(record as never, { ...context, since: dueBy === 'row' ? member.since : undefined });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const name = textOf(record['id']);
    if (error.failure === 'gone') context.skip(`${member.name}: deleted since it was listed`, name);
    else if (
      skipFailed?.(context.config) === true &&
      error.failure !== 'bad_token' &&
      error.failure !== 'no_permission'
    ) {
      context.log('warn', `${member.name}: left out ${name}, as skip_failed_conversations allows. ${error.message}`);
      context.skip(`${member.name}: left out because it failed`, name);
    } else throw naming(error, member, name);
    return [];
  }
}

/** The same failure, saying for which record, and what lets the read go on without it. */
function naming(error: ApiError, { source }: Member, name: string): ApiError {
  if (source.skipFailed === undefined || error.kind === 'config') return error;
  const message = `${error.message} It was conversation ${name}; set skip_failed_conversations to true to leave out conversations that fail.`;
  return new ApiError(error.failure, error.kind, message, {
    status: error.status,
    code: error.code,
    cause: error.cause,
  });
}

function* emit(
  { member, rows, sent, error }: Part,
  through: number | undefined,
  context: ReadContext,
): Generator<SyncEvent> {
  if (member.ended) return;
  if (!member.isRunning) {
    member.isRunning = true;
    member.checkpointedAt = context.clock.now();
    yield { type: 'stream_running', stream: member.name };
  }
  if (error !== undefined) {
    if (error instanceof ApiError && error.failure === 'bad_token') throw error;
    yield* leave(member, error, undefined, context);
    return;
  }
  if (rows.length > 0) {
    member.pending += rows.length;
    member.total += rows.length;
    yield { type: 'records', stream: member.name, ...member.shape.apply(rows) };
    member.remember(sent);
  }
  const promise = member.source.dueBy === 'walked' ? through : undefined;
  const isQuiet = context.clock.now() - member.checkpointedAt >= QUIET;
  if ((member.pending > 0 && promise !== undefined && member.isAdvancedBy(promise)) || isQuiet) {
    yield* checkpoint(member, promise, isQuiet);
    member.checkpointedAt = context.clock.now();
  }
}

function* checkpoint(member: Member, through: number | undefined, must: boolean): Generator<SyncEvent> {
  const state = member.checkpoint(through, must);
  if (state === undefined) return;
  yield { type: 'checkpoint', stream: member.name, state, count: member.pending };
  member.pending = 0;
}

function* finish(member: Member, through: number | undefined): Generator<SyncEvent> {
  if (!member.isRunning) yield { type: 'stream_running', stream: member.name };
  member.ended = true;
  yield* checkpoint(member, through, true);
  yield { type: 'stream_ended', stream: member.name };
}

/** The walk itself failed, or the run is being stopped. What was sent is saved. */
function* breakOff(
  members: readonly Member[],
  error: unknown,
  through: number | undefined,
  context: ReadContext,
): Generator<SyncEvent> {
  for (const member of members) if (!member.ended) yield* leave(member, error, through, context);
  if (context.signal.aborted || (error instanceof ApiError && error.failure === 'bad_token')) throw error;
}

function* leave(
  member: Member,
  error: unknown,
  through: number | undefined,
  context: ReadContext,
): Generator<SyncEvent> {
  const isAbsent =
    error instanceof ApiError && (error.failure === 'unavailable' || (error.failure === 'gone' && member.total === 0));
  if (isAbsent) {
    yield {
      type: 'log',
      level: 'warn',
      message: `${member.name}: this workspace does not have it, so there are no rows. ${error.message}`,
    };
    yield* finish(member, undefined);
    return;
  }
  if (!member.isRunning) yield { type: 'stream_running', stream: member.name };
  member.ended = true;
  yield* checkpoint(member, member.source.dueBy === 'walked' ? through : undefined, true);
  if (!context.signal.aborted) yield { type: 'stream_ended', stream: member.name, failure: failureOf(error) };
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ConnectorError) return { kind: error.kind, message: error.message, cause: error };
  return {
    kind: 'system',
    message: `Something in source-intercom broke: ${messageOf(error)}. Please report it.`,
    cause: error,
  };
}

/** Records whose children are fetched together, */
const BATCH = 20;
/** and batches (or pages) that are prepared beyond the one being written. */
const BATCHES_AHEAD = 5;
/** Milliseconds after which a stream that sends nothing shows that it lives. */
const QUIET = 60_000;
