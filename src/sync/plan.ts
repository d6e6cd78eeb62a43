import type { Log } from '../core/log.ts';
import type { Clock } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import type { Api, RateLimit, Request } from '../intercom/api.ts';
import { createDirectory } from '../readers/directory.ts';
import { exact, NOTHING, sum } from '../readers/figure.ts';
import { remembering } from '../readers/once.ts';
import type { Figure, Glance, ReadContext, Want } from '../readers/reader.ts';
import { whoAmI } from '../readers/who-am-i.ts';
import { enrol, groups, type Group, type Selected } from './enrol.ts';
import type { Failure } from './events.ts';
import { failureOf } from './failure.ts';
import type { Member } from './member.ts';
import { prospect } from './prospect.ts';
import { shapesOf } from './shapes.ts';

/** What reading a stream would come to. */
export interface Prospect {
  readonly stream: string;
  /** Absent: that cannot be told. */
  readonly rows?: Figure;
  /** Requests, without those that it shares with a stream named before it. */
  readonly calls: Figure;
  /** The stream whose pages it shares. */
  readonly sharesWith?: string;
  /** Why it could not be read now. */
  readonly failure?: Failure;
}

export interface Plan {
  readonly streams: readonly Prospect[];
  /** Requests of all streams together. */
  readonly calls: Figure;
  readonly limit: RateLimit | undefined;
}

export interface PlanOptions {
  readonly selected: readonly Selected[];
  readonly config: Config;
  readonly api: Api;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Finds out what a sync of the same options would come to, without reading: one or two requests for most streams. */
export async function plan({ selected, config, api, clock, log, signal }: PlanOptions): Promise<Plan> {
  const shared = remembering((request) => api.send(request, signal));
  const known = new Set<string>();
  /** Counts what a sync, too, would ask once only. */
  const counting = () => {
    const counter = { calls: 0 };
    const once = (request: Request) => {
      const key = JSON.stringify([request.path, request.query ?? {}]);
      if (!known.has(key)) counter.calls++;
      known.add(key);
      return shared(request);
    };
    return { counter, once };
  };
  const first = counting();
  await whoAmI(first.once);
  const streams = selected.map(({ stream }) => stream);
  const shapes = await shapesOf(streams, config, first.once, log);
  const found = await Promise.all(
    groups(selected, { config }).map(async (group) => {
      const { counter, once } = counting();
      const base = { api, config, clock, log, signal, once, directory: createDirectory(once), skip: () => undefined };
      const context: ReadContext = { ...base, startedAt: api.now() };
      return planPass(group, (each) => enrol(each, shapes, context), context, counter);
    }),
  );
  const byName = new Map(found.flat().map((each) => [each.stream, each]));
  const prospects = streams.flatMap(({ name }) => byName.get(name) ?? []);
  const before: Figure = exact(first.counter.calls);
  return { streams: prospects, calls: sum([before, ...prospects.map(({ calls }) => calls)]), limit: api.limit?.() };
}

async function planPass(
  { selected, order }: Group,
  join: (each: Selected) => Promise<Member>,
  context: ReadContext,
  counter: { readonly calls: number },
): Promise<readonly Prospect[]> {
  const members: Member[] = [];
  const prospects: Prospect[] = [];
  const fail = (stream: string, error: unknown): void => {
    context.signal.throwIfAborted();
    prospects.push({ stream, calls: NOTHING, failure: failureOf(error) });
  };
  for (const each of selected) {
    try {
      members.push(await join(each));
    } catch (error) {
      fail(each.stream.name, error);
    }
  }
  const look = looking(members, order, context);
  const asked = new Map<string, Set<string>>();
  let first: string | undefined;
  for (const member of members) {
    try {
      const together = await look(members);
      const view = together.isWhole ? together : await look([member]);
      const { rows, calls } = await prospect(member, view, asked, context);
      const pages = first === undefined ? sum([together.calls, exact(counter.calls)]) : NOTHING;
      prospects.push({
        stream: member.name,
        ...(rows === undefined ? {} : { rows }),
        calls: sum([pages, calls]),
        ...(first === undefined ? {} : { sharesWith: first }),
      });
      first ??= member.name;
    } catch (error) {
      fail(member.name, error);
    }
  }
  return prospects;
}

/** Looks at what some members want of their pass; the same only once. */
function looking(members: readonly Member[], order: Group['order'], context: ReadContext) {
  const query = Object.assign({}, ...members.map(({ source }) => source.query)) as Record<string, string>;
  const seen = new Map<string, Promise<Glance>>();
  return (some: readonly Member[]): Promise<Glance> => {
    const all = some.map(wantOf);
    const wants = [...new Map(all.map((want) => [JSON.stringify(want), want])).values()];
    const key = JSON.stringify(wants);
    const known = seen.get(key);
    if (known !== undefined) return known;
    // Those who share a look at the same records may together look longer.
    const alike = members.filter((member) => isSame(wants, wantOf(member)));
    const looks = alike.some(({ source }) => source.rows !== undefined) ? Math.min(MOST_LOOKS, 2 * alike.length) : 0;
    const glance =
      some[0]?.source.walk.glance?.({ ...context, wants, query, looks, ...order }) ?? Promise.resolve(UNKNOWN);
    seen.set(key, glance);
    return glance;
  };
}

function wantOf({ walkSince, filters }: Pick<Member, 'filters' | 'walkSince'>): Want {
  return { since: walkSince, filters };
}

function isSame(wants: readonly Want[], want: Want): boolean {
  return JSON.stringify(wants) === JSON.stringify([want]);
}

/** Requests for records that show what others are like: two for each stream, but no more than this. */
const MOST_LOOKS = 16;

const UNKNOWN: Glance = { records: [], isWhole: false, calls: { value: 1, is: 'least' } };
