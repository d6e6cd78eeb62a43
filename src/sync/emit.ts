import { ApiError } from '../intercom/api.ts';
import type { ReadContext } from '../readers/reader.ts';
import type { Part } from './batch.ts';
import type { SyncEvent } from './events.ts';
import { failureOf } from './failure.ts';
import type { Member } from './member.ts';

/** Sends a member's part of a batch, and a checkpoint where one is due. */
export function* emit(
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
    if (isAbsent(error) && member.total === 0) yield* finishWithout(member, error);
    else yield* leave(member, error, undefined, context);
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

/** The member has everything. */
export function* finish(member: Member, through: number | undefined): Generator<SyncEvent> {
  if (!member.isRunning) yield { type: 'stream_running', stream: member.name };
  member.ended = true;
  yield* checkpoint(member, through, true);
  yield { type: 'stream_ended', stream: member.name };
}

/** The walk itself failed, or the run is being stopped. What was sent is saved. */
export function* breakOff(
  members: readonly Member[],
  error: unknown,
  through: number | undefined,
  context: ReadContext,
): Generator<SyncEvent> {
  for (const member of members.filter(({ ended }) => !ended)) {
    // What has begun to answer is there: what it lacks later is not nothing.
    if (isAbsent(error) && !member.isRunning) yield* finishWithout(member, error);
    else yield* leave(member, error, through, context);
  }
  if (context.signal.aborted || (error instanceof ApiError && error.failure === 'bad_token')) throw error;
}

/** Whether the workspace lacks what was asked for as a whole, if nothing of it has come. */
function isAbsent(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.failure === 'unavailable' || error.failure === 'gone');
}

function* finishWithout(member: Member, { message }: ApiError): Generator<SyncEvent> {
  yield {
    type: 'log',
    level: 'warn',
    message: `${member.name}: this workspace does not have it, so there are no rows. ${message}`,
  };
  yield* finish(member, undefined);
}

function* leave(
  member: Member,
  error: unknown,
  through: number | undefined,
  context: ReadContext,
): Generator<SyncEvent> {
  if (!member.isRunning) yield { type: 'stream_running', stream: member.name };
  member.ended = true;
  yield* checkpoint(member, member.source.dueBy === 'walked' ? through : undefined, true);
  if (!context.signal.aborted) yield { type: 'stream_ended', stream: member.name, failure: failureOf(error) };
}

/** Milliseconds after which a stream that sends nothing shows that it lives. */
const QUIET = 60_000;
