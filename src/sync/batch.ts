import { textOf, type JsonObject } from '../core/json.ts';
import { ApiError } from '../intercom/api.ts';
import { remembering } from '../readers/once.ts';
import { MARGIN } from '../readers/promise.ts';
import { hasChildren, type Page, type ReadContext, type RowContext } from '../readers/reader.ts';
import type { Member } from './member.ts';
import type { Sent } from './memory.ts';

/** What one member makes of a batch. */
export interface Part {
  readonly member: Member;
  readonly rows: readonly object[];
  /** What to remember once the rows are out. */
  readonly sent: readonly Sent[];
  readonly error?: unknown;
}

export interface Prepared {
  readonly parts: readonly Part[];
  /** Unix seconds up to which everything is out after this batch. */
  readonly through: number | undefined;
  readonly isPartial: boolean;
}

/** Finds out what each member makes of a batch, and fetches what it needs for that; whatever several need, once. */
export async function prepareBatch(
  { records, through, isPartial }: Page<object>,
  members: readonly Member[],
  context: ReadContext,
): Promise<Prepared> {
  const once = remembering((request) => context.api.send(request, context.signal));
  const floor = through ?? context.startedAt - MARGIN;
  const parts = members
    .filter(({ ended }) => !ended)
    .map((member) => prepare(member, records as readonly JsonObject[], floor, { ...context, once }));
  return { parts: await Promise.all(parts), through, isPartial: isPartial === true };
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
    const made = await rowsOfAll(member, due, context);
    const all = made.flatMap((rows) => rows ?? []) as readonly JsonObject[];
    if (source.dueBy === 'walked') {
      // What was left out did not go out: if the next read meets it again, it tries again.
      const done = due.filter((_, index) => made[index] !== undefined);
      const sent = done.map((record) => member.note(record, member.walkedKeyOf(record), source.walk.cursor, floor));
      return { member, rows: all, sent: sent.filter((each) => each !== undefined) };
    }
    const rows = all.filter((row) => member.isDue(row, member.keyOf(row), stream.cursor));
    const sent = rows.map((row) => member.note(row, member.keyOf(row), stream.cursor, context.startedAt - MARGIN));
    return { member, rows, sent: sent.filter((each) => each !== undefined) };
  } catch (error) {
    return { member, rows: [], sent: [], error };
  }
}

/** The rows of each record. The first own request of a stream goes alone: a missing permission shows at once, and costs one call. */
async function rowsOfAll(
  member: Member,
  due: readonly JsonObject[],
  context: Omit<RowContext, 'since'>,
): Promise<readonly (readonly object[] | undefined)[]> {
  const [first, ...others] = due;
  if (first === undefined || !hasChildren(member.source))
    return Promise.all(due.map((record) => rowsOf(member, record, context)));
  if (member.trial !== undefined) {
    await member.trial;
    return Promise.all(due.map((record) => rowsOf(member, record, context)));
  }
  const trial = rowsOf(member, first, context);
  member.trial = trial;
  return [await trial, ...(await Promise.all(others.map((record) => rowsOf(member, record, context))))];
}

/** Undefined if the record is left out. */
async function rowsOf(
  member: Member,
  record: JsonObject,
  context: Omit<RowContext, 'since'>,
): Promise<readonly object[] | undefined> {
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
    return undefined;
  }
}

/** The same failure, saying for which record, and what lets the read go on without it. */
function naming(error: ApiError, { source }: Member, name: string): ApiError {
  const canSkip = source.skipFailed !== undefined && error.kind !== 'config';
  if (!canSkip && error.failure !== 'unexpected') return error;
  const where = canSkip
    ? `It was conversation ${name}; set skip_failed_conversations to true to leave out conversations that fail.`
    : `It was the record ${name === '' ? 'without an id' : name}.`;
  return new ApiError(error.failure, error.kind, `${error.message} ${where}`, {
    status: error.status,
    code: error.code,
    cause: error.cause,
  });
}
