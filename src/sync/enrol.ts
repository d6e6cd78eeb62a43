import type { JsonObject } from '../core/json.ts';
import { timeOf } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import type { ReadContext } from '../readers/reader.ts';
import { filtersOf } from '../readers/source.ts';
import type { Stream } from '../readers/stream.ts';
import { Member } from './member.ts';
import type { Pass } from './pass.ts';
import type { Shape } from './shape.ts';
import { readCursor } from './state.ts';

/** A stream that is to be read. */
export interface Selected {
  readonly stream: Stream;
  readonly isIncremental: boolean;
  /** What was saved for it; empty for nothing. */
  readonly state: JsonObject;
}

/** Streams that are read in one pass. */
export interface Group {
  readonly selected: readonly Selected[];
  readonly order: Pick<Pass, 'orderBy'>;
}

/** Streams that share a walk share a pass. Passes that cost a call for each record come last. */
export function groups(
  selected: readonly Selected[],
  { config, startWith }: { readonly config: Config; readonly startWith?: string | undefined },
): readonly Group[] {
  const isFirst = ({ stream }: Selected): boolean => stream.name === startWith;
  const rank = (group: Group): number => (group.selected.some(isFirst) ? -1 : cost(group, config));
  const byPass = new Map<unknown, Group & { readonly selected: Selected[] }>();
  const keys = new Map<unknown, { readonly byCreation: object }>();
  for (const each of [...selected].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)))) {
    const { walk } = each.stream.source(config);
    const own = keys.get(walk) ?? { byCreation: {} };
    keys.set(walk, own);
    const isByCreation = !each.isIncremental && config.order_by === 'created_at' && walk.ascending;
    const key = isByCreation ? own.byCreation : walk;
    const group = byPass.get(key) ?? { selected: [], order: isByCreation ? { orderBy: 'created_at' } : {} };
    group.selected.push(each);
    byPass.set(key, group);
  }
  return [...byPass.values()].sort((a, b) => rank(a) - rank(b));
}

function cost({ selected }: Group, config: Config): number {
  return Math.max(...selected.map(({ stream }) => COSTS[stream.source(config).childCalls ?? 'none']));
}

/** Calls of a stream's own, beside the pages that it is made from. */
const COSTS = { none: 0, some: 1, each: 2 } as const;

/** What a stream wants from its pass, once configured names have become ids. @throws ConnectorError for names that stand for nothing */
export async function enrol(
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
    isIncremental,
    saved: typeof stored === 'object' ? stored.cursor : undefined,
    state,
    lookback: config.lookback_window * DAY,
    startDate: timeOf(config.start_date?.toUpperCase()),
  });
}

export function shapeIn(shapes: ReadonlyMap<Stream, Shape>, stream: Stream): Shape {
  const shape = shapes.get(stream);
  if (shape === undefined) throw new Error(`${stream.name} has no shape`);
  return shape;
}

const DAY = 86_400;
