import type { Page, Source, WalkContext } from '../../readers/reader.ts';
import { source } from '../../readers/source.ts';
import type { Stream } from '../../readers/stream.ts';
import { Member, type MemberOptions } from '../member.ts';

export interface FakeMember extends Partial<Omit<MemberOptions, 'source' | 'stream'>> {
  readonly primaryKey?: readonly string[];
  /** `null` for a stream that has none. */
  readonly cursor?: string | null;
  /** What its source has beyond the walk. */
  readonly source?: Partial<Source<object>>;
}

/** A source whose walk yields what a test gives it; `read` sees what it is asked. */
export function walking(
  read: (context: WalkContext) => AsyncIterable<Page<object>>,
  { cursor = 'updated_at', ascending = true }: { readonly cursor?: string; readonly ascending?: boolean } = {},
): Source<object> {
  const pages = read as (context: WalkContext) => AsyncIterable<Page<Readonly<Record<string, unknown>>>>;
  return source({ endpoint: 'GET /things', cursor, ascending, read: pages });
}

/** Streams of one walk, by their names. */
export function membersOf(members: Readonly<Record<string, FakeMember>>, walked = walking(nothing)): readonly Member[] {
  return Object.entries(members).map(([name, member]) => memberOf(member, name, walked));
}

/** A stream that is incremental by `updated_at`, has no state, wants everything, and has a row for each record. */
export function memberOf(
  { source: more, primaryKey = ['id'], cursor = 'updated_at', ...options }: FakeMember = {},
  name = 'things',
  walked = walking(nothing),
): Member {
  const own = { ...walked, ...more };
  const facts = { name, title: name, permission: '', primaryKey, source: () => own };
  return new Member({
    stream: { ...facts, ...(cursor === null ? {} : { cursor }) } as Stream,
    source: own,
    filters: [],
    shape: { schema: { type: 'object', title: name }, apply: (records) => ({ records }) },
    isIncremental: true,
    saved: undefined,
    state: {},
    lookback: 0,
    startDate: undefined,
    ...options,
  });
}

// eslint-disable-next-line @typescript-eslint/require-await -- a walk is asynchronous, also one that yields nothing
async function* nothing(): AsyncGenerator<Page<object>> {
  yield* [];
}
