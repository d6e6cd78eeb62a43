import type { JsonObject } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import { seconds, type Clock } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import { ApiError, type Api } from '../intercom/api.ts';
import { createDirectory } from '../readers/directory.ts';
import { remembering } from '../readers/once.ts';
import type { ReadContext } from '../readers/reader.ts';
import { filtersOf } from '../readers/source.ts';
import type { Stream } from '../readers/stream.ts';
import type { SyncEvent } from './events.ts';
import { failureOf } from './failure.ts';
import { Member } from './member.ts';
import { readPass, type Pass } from './pass.ts';
import type { Shape } from './shape.ts';
import { shapesOf } from './shapes.ts';
import { Skips } from './skips.ts';
import { readCursor } from './state.ts';
import { Tally } from './tally.ts';

/** A stream that is to be read. */
export interface Selected {
  readonly stream: Stream;
  readonly isIncremental: boolean;
  /** What was saved for it; empty for nothing. */
  readonly state: JsonObject;
}

export interface SyncOptions {
  readonly selected: readonly Selected[];
  readonly config: Config;
  readonly api: Api;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** A stream to be read before the others: the one that an interrupted read was at. */
  readonly startWith?: string | undefined;
  /** What has been used so far, for the summary. */
  readonly usage: () => Usage;
}

/** HTTP requests, and milliseconds of waiting for the rate limit. */
export interface Usage {
  readonly calls: number;
  readonly waited: number;
}

/** Reads streams. One that fails does not stop the others; a token that Intercom refuses stops everything. */
export async function* sync(options: SyncOptions): AsyncGenerator<SyncEvent, void, undefined> {
  const { selected, api, signal } = options;
  const open = new Set(selected.map(({ stream }) => stream.name as string));
  try {
    const once = remembering((request) => api.send(request, signal));
    if (selected.length > 0) await greet(once);
    for await (const event of readAll(options, once)) {
      if (event.type === 'stream_ended') open.delete(event.stream);
      yield event;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = failureOf(error);
    for (const stream of open) yield { type: 'stream_ended', stream, failure: { ...failure, isShared: true } };
    yield { type: 'failed', failure };
  }
}

/** Finds out at once whether the token is good. One that may not read `/me` is. */
async function greet(once: ReadContext['once']): Promise<void> {
  try {
    await once({ method: 'GET', path: '/me', purpose: 'Checking the access token' });
  } catch (error) {
    if (!(error instanceof ApiError) || error.failure !== 'no_permission') throw error;
  }
}

async function* readAll(options: SyncOptions, once: ReadContext['once']): AsyncGenerator<SyncEvent, void, undefined> {
  const { selected, config, api, clock, log, signal, usage } = options;
  const skips = new Skips();
  const base = { api, config, clock, log, signal, once, directory: createDirectory(once), skip: skips.add };
  const shapes = await shapesOf(
    selected.map(({ stream }) => stream),
    config,
    once,
    log,
  );
  for (const group of groups(options)) {
    const context: ReadContext = { ...base, startedAt: api.now() };
    const before = { ...usage(), at: clock.now() };
    const tally = new Tally();
    const members: Member[] = [];
    for (const each of group.selected) {
      try {
        members.push(await enrol(each, shapes, context));
      } catch (error) {
        if (signal.aborted) throw error;
        yield { type: 'stream_started', stream: each.stream.name, schema: shapeIn(shapes, each.stream).schema };
        yield { type: 'stream_running', stream: each.stream.name };
        yield { type: 'stream_ended', stream: each.stream.name, failure: failureOf(error) };
      }
    }
    const [first] = members;
    if (first === undefined) continue;
    yield* readPass({ walk: first.source.walk, members, tally, ...group.order }, context);
    signal.throwIfAborted();
    const after = usage();
    const used = {
      calls: after.calls - before.calls,
      waited: after.waited - before.waited,
      took: clock.now() - before.at,
    };
    yield* summary(members, used, tally);
  }
  for (const line of skips.lines()) yield { type: 'log', level: 'warn', message: line };
}

interface Group {
  readonly selected: readonly Selected[];
  readonly order: Pick<Pass, 'orderBy'>;
}

/** Streams that share a walk share a pass. Passes that cost a call for each record come last. */
function groups({ selected, config, startWith }: SyncOptions): readonly Group[] {
  const isFirst = ({ stream }: Selected): boolean => stream.name === startWith;
  const rank = (group: Group): number => (group.selected.some(isFirst) ? -1 : cost(group, config));
  const byPass = new Map<unknown, Selected[]>();
  const keys = new Map<unknown, { readonly byCreation: object }>();
  for (const each of [...selected].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)))) {
    const { walk } = each.stream.source(config);
    const own = keys.get(walk) ?? { byCreation: {} };
    keys.set(walk, own);
    const key = isByCreation(each, config) ? own.byCreation : walk;
    byPass.set(key, [...(byPass.get(key) ?? []), each]);
  }
  return [...byPass.values()]
    .map((group) => ({
      selected: group,
      order: isByCreation(group[0], config) ? ({ orderBy: 'created_at' } as const) : {},
    }))
    .sort((a, b) => rank(a) - rank(b));
}

function isByCreation(each: Selected | undefined, config: Config): boolean {
  return (
    each !== undefined &&
    !each.isIncremental &&
    config.order_by === 'created_at' &&
    each.stream.source(config).walk.ascending
  );
}

function cost({ selected }: Group, config: Config): number {
  return Math.max(...selected.map(({ stream }) => COSTS[stream.source(config).childCalls ?? 'none']));
}

/** Calls of a stream's own, beside the pages that it is made from. */
const COSTS = { none: 0, some: 1, each: 2 } as const;

async function enrol(
  { stream, isIncremental, state }: Selected,
  shapes: ReadonlyMap<Stream, Shape>,
  context: ReadContext,
): Promise<Member> {
  const { config, log } = context;
  const source = stream.source(config);
  const stored = stream.cursor === undefined ? 'none' : readCursor(state, stream.cursor);
  if (isIncremental && stored === 'unknown')
    log('warn', `${stream.name}: its state is not understood, so it is read from the start date on.`);
  return new Member({
    stream,
    source,
    filters: await filtersOf(source, context),
    shape: shapeIn(shapes, stream),
    isIncremental: isIncremental && stream.cursor !== undefined,
    saved: typeof stored === 'object' ? stored.cursor : undefined,
    state,
    lookback: config.lookback_window * DAY,
    startDate: config.start_date === undefined ? undefined : seconds(Date.parse(config.start_date)),
  });
}

function shapeIn(shapes: ReadonlyMap<Stream, Shape>, stream: Stream): Shape {
  const shape = shapes.get(stream);
  if (shape === undefined) throw new Error(`${stream.name} has no shape`);
  return shape;
}

/** One line for each stream. What a pass used, it used for all its streams together. */
function* summary(
  members: readonly Member[],
  { calls, waited, took }: Usage & { readonly took: number },
  tally: Tally,
): Generator<SyncEvent> {
  const names = members.map(({ name }) => name).join(', ');
  const waiting = waited === 0 ? '' : ` (${inSeconds(waited)} of it waiting for the rate limit)`;
  const cost = `${String(calls)} calls in ${inSeconds(took)}${waiting}`;
  const together = members.length > 1 ? ` together with ${String(members.length - 1)} other streams` : '';
  for (const { name, total } of members) {
    yield {
      type: 'log',
      level: 'info',
      message: `${name}: ${String(total)} rows; ${cost}${together}${tally.isReached}`,
    };
  }
  yield* tally.verdict(names);
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const DAY = 86_400;
