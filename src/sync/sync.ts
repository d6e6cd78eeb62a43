import type { Log } from '../core/log.ts';
import type { Clock } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import type { Api } from '../intercom/api.ts';
import { createDirectory } from '../readers/directory.ts';
import { remembering } from '../readers/once.ts';
import type { ReadContext } from '../readers/reader.ts';
import { whoAmI } from '../readers/who-am-i.ts';
import { enrol, groups, shapeIn, type Selected } from './enrol.ts';
import type { SyncEvent } from './events.ts';
import { failureOf } from './failure.ts';
import type { Member } from './member.ts';
import { readPass } from './pass.ts';
import { shapesOf } from './shapes.ts';
import { Skips } from './skips.ts';
import { Tally } from './tally.ts';

export type { Selected } from './enrol.ts';

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
  const skips = new Skips();
  try {
    const once = remembering((request) => api.send(request, signal));
    if (selected.length > 0) await whoAmI(once);
    for await (const event of readAll(options, once, skips)) {
      if (event.type === 'stream_ended') open.delete(event.stream);
      yield event;
    }
  } catch (error) {
    yield* leftOut(skips);
    if (signal.aborted) throw error;
    const failure = failureOf(error);
    for (const stream of open) yield { type: 'stream_ended', stream, failure: { ...failure, isShared: true } };
    yield { type: 'failed', failure };
    return;
  }
  yield* leftOut(skips);
}

async function* readAll(
  options: SyncOptions,
  once: ReadContext['once'],
  skips: Skips,
): AsyncGenerator<SyncEvent, void, undefined> {
  const { selected, config, api, clock, log, signal, usage } = options;
  const base = { api, config, clock, log, signal, once, directory: createDirectory(once), skip: skips.add };
  const shapes = await shapesOf(
    selected.map(({ stream }) => stream),
    config,
    once,
    log,
  );
  for (const group of groups(options.selected, options)) {
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
}

function* leftOut(skips: Skips): Generator<SyncEvent> {
  for (const message of skips.lines()) yield { type: 'log', level: 'warn', message };
}

/** One line for each stream. What a pass used, it used for all its streams together. */
function* summary(
  members: readonly Member[],
  { calls, waited, took }: Usage & { readonly took: number },
  tally: Tally,
): Generator<SyncEvent> {
  const names = members.map(({ name }) => name).join(', ');
  const waiting = waited === 0 ? '' : ` (${inSeconds(waited)} of it waiting for the rate limit)`;
  const cost = `${counted(calls, 'call')} in ${inSeconds(took)}${waiting}`;
  const together = members.length > 1 ? ` together with ${counted(members.length - 1, 'other stream')}` : '';
  for (const { name, total } of members) {
    yield {
      type: 'log',
      level: 'info',
      message: `${name}: ${counted(total, 'row')}; ${cost}${together}${tally.isReached}`,
    };
  }
  yield* tally.verdict(names);
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
