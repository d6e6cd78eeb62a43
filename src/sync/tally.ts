import type { Page, ReadContext } from '../readers/reader.ts';
import { same } from '../readers/search-query.ts';
import type { SyncEvent } from './events.ts';
import type { Member } from './member.ts';

/** What Intercom said that there is, against what came. */
export class Tally {
  /** Records that the walk should have; undefined where Intercom does not tell. */
  expected: number | undefined;
  seen = 0;
  #isAnnounced = false;

  async *count(pages: AsyncIterable<Page<object>>): AsyncGenerator<Page<object>> {
    for await (const page of pages) {
      this.expected ??= page.total;
      this.seen += page.records.length;
      yield page;
    }
  }

  /** Once the total is known: how much there will be, and what it will cost. */
  *announce(members: readonly Member[], { api }: Pick<ReadContext, 'api'>): Generator<SyncEvent> {
    if (this.#isAnnounced || this.expected === undefined) return;
    this.#isAnnounced = true;
    const records = this.expected;
    for (const member of members)
      if (isEveryRecord(member, members)) yield { type: 'estimate', stream: member.name, rows: records };
    for (const { name, source, stream } of members) {
      const isForEveryRecord = source.parents === 'all' || stream.cursor === undefined;
      if (source.childCalls !== 'each' || !isForEveryRecord || records === 0) continue;
      const limit = api.limit?.()?.perMinute;
      const time =
        limit === undefined
          ? ''
          : `, ${minutes(records / limit)} at the present limit of ${String(limit)} calls a minute`;
      yield {
        type: 'log',
        level: 'warn',
        message: `${name}: asks Intercom once for each contact: up to ${String(records)} calls${time}.`,
      };
    }
  }

  /** Whether everything came that Intercom announced; what was deleted or changed meanwhile may be missing. */
  *verdict(names: string): Generator<SyncEvent> {
    if (this.expected === undefined || this.seen >= this.expected) return;
    const missing = this.expected - this.seen;
    const message = `${names}: Intercom counted ${String(this.expected)} records at the start, ${String(this.seen)} came: ${String(missing)} were deleted meanwhile, or are counted but not listed.`;
    yield { type: 'log', level: 'warn', message };
  }

  get isReached(): string {
    if (this.expected === undefined) return '';
    return this.seen >= this.expected
      ? `; saw all ${String(this.expected)} that Intercom counted`
      : `; saw ${String(this.seen)} of ${String(this.expected)} that Intercom counted`;
  }
}

/** Whether the stream has a row for each record of the walk, because no other wants more of it. */
function isEveryRecord(member: Member, members: readonly Member[]): boolean {
  return member.source.rows === undefined && members.every((other) => wantsNoMore(other, member));
}

function wantsNoMore(other: Member, member: Member): boolean {
  const isUnderThem = member.filters.every((filter) => other.filters.some((each) => same(each, filter)));
  return isUnderThem && (other.walkSince ?? -Infinity) >= (member.walkSince ?? -Infinity);
}

function minutes(count: number): string {
  return count < 1 ? 'less than a minute' : `about ${String(Math.ceil(count))} minutes`;
}
