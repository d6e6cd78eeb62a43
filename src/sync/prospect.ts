import { setImmediate } from 'node:timers/promises';
import { textOf, type JsonObject } from '../core/json.ts';
import type { Request } from '../intercom/api.ts';
import { exact, NOTHING, times } from '../readers/figure.ts';
import type { Figure, Glance, ReadContext, RowContext } from '../readers/reader.ts';
import type { Member } from './member.ts';

/** What a stream makes of a walk, and what it asks for besides; as far as some records of the walk tell. */
export async function prospect(
  member: Member,
  glance: Glance,
  asked: Map<string, Set<string>>,
  context: ReadContext,
): Promise<{ readonly rows?: Figure; readonly calls: Figure }> {
  const due = glance.records.filter((record) => member.wants(record));
  const records = dueOf(glance, due.length);
  const { source } = member;
  if (source.rows === undefined) return { ...(records === undefined ? {} : { rows: records }), calls: NOTHING };
  const made = await Promise.all(due.map((record) => trial(member, record, asked, context)));
  const isOne = source.isOneRow === true;
  const rows = isOne ? records : rowsOf(made, records);
  return { ...(rows === undefined ? {} : { rows }), calls: callsOf(member, made, records) };
}

/** How many records of the walk the stream wants. */
function dueOf({ records, isWhole, total }: Glance, due: number): Figure | undefined {
  if (isWhole) return exact(due);
  if (total === undefined || records.length === due) return total;
  return times(total, due / records.length, 'about');
}

/** What making the rows of one record showed. */
interface Trial {
  /** Absent: that depends on answers to `requests`, and the record does not count them either. */
  readonly rows: number | undefined;
  /** Whether the rows were made, and not only counted. */
  readonly isMade: boolean;
  /** Those that no other stream of the pass makes. */
  readonly requests: readonly Request[];
}

/** Makes the rows of a record without asking for anything. */
async function trial(
  { source, since }: Member,
  record: JsonObject,
  asked: Map<string, Set<string>>,
  context: ReadContext,
): Promise<Trial> {
  const id = textOf(record['id']);
  const keys = asked.get(id) ?? new Set<string>();
  asked.set(id, keys);
  const requests: Request[] = [];
  const refuse = (request: Request): Promise<never> => {
    const key = JSON.stringify([request.path, request.query ?? {}]);
    if (!keys.has(key)) requests.push(request);
    keys.add(key);
    return Promise.reject(new NotAsked());
  };
  const blind: RowContext = {
    ...context,
    api: { ...context.api, send: refuse },
    once: refuse,
    since: source.dueBy === 'row' ? since : undefined,
    skip: () => undefined,
    log: () => undefined,
    onCut: (total) => {
      rows = total;
    },
  };
  let rows: number | undefined;
  let isMade = false;
  try {
    rows = (await source.rows?.(record as never, blind))?.length;
    isMade = true;
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error;
    // Of several things that a record needs, the others are asked for a moment later.
    await setImmediate();
  }
  return { rows, isMade, requests };
}

class NotAsked extends Error {}

/** Undefined if no record tells: that most have none does not say how many the others have. */
function rowsOf(made: readonly Trial[], records: Figure | undefined): Figure | undefined {
  if (records?.value === 0) return records;
  const known = made.map(({ rows }) => rows).filter((rows) => rows !== undefined);
  const isAll = made.every(({ isMade }) => isMade);
  const longest = Math.max(0, ...known);
  if (records === undefined || known.length === 0 || (longest === 0 && !isAll)) return undefined;
  // Where only some records ask, it is for lists that were cut: longer than any that was not.
  const rows = known.reduce((sum, each) => sum + each, 0) + (made.length - known.length) * (longest + 1);
  return times(records, rows / made.length, isAll && made.length === records.value ? 'exact' : 'about');
}

function callsOf({ source }: Member, made: readonly Trial[], records: Figure | undefined): Figure {
  if (source.childEndpoint === undefined || records?.value === 0) return NOTHING;
  if (records === undefined || made.length === 0) return { value: records?.value ?? 0, is: 'least' };
  const requests = made.flatMap((each) => each.requests);
  const isSteady =
    made.length === records.value || made.every((each) => each.requests.length === made[0]?.requests.length);
  const isPaged = requests.some(({ query }) => query?.['per_page'] !== undefined);
  return times(records, requests.length / made.length, isSteady ? (isPaged ? 'least' : 'exact') : 'about');
}
