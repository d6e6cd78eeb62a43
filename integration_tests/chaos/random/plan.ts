import type { JsonObject, SimulatorOptions, TroubleRule, World } from '../../../simulator/index.ts';
import { Chance } from '../../engine/support/chance.ts';
import { randomConfig } from './config.ts';
import { randomTrouble } from './trouble.ts';
import { randomStreams, randomWorkspace } from './workspace.ts';

export type Dialect = 'airbyte' | 'singer';
export type SyncMode = 'full_refresh' | 'incremental';

/** Everything that is decided beforehand about a world and the runs that read it. */
export interface Plan {
  readonly seed: number;
  readonly dialect: Dialect;
  readonly workspace: SimulatorOptions;
  /** Without the token. */
  readonly config: JsonObject;
  /** The streams that are read in the end, and how. */
  readonly modes: Readonly<Record<string, SyncMode>>;
  /** Seconds by which the connector's clock is ahead. */
  readonly ahead: number;
  /** Milliseconds that a request, and its answer, may be under way. */
  readonly slowest: number;
  /** Milliseconds that the reader of the output takes for what comes at once. */
  readonly pace: number;
  readonly runs: readonly RunPlan[];
}

export interface RunPlan {
  readonly streams: readonly string[];
  readonly trouble: readonly TroubleRule[];
  /** Changes of the workspace while it is read, and how likely each request brings one, of 1; */
  readonly changesDuring: number;
  readonly changeRate: number;
  /** and those between this run and the next. */
  readonly changesAfter: number;
  readonly interruption: Interruption | undefined;
  /** What is left of an interrupted run. */
  readonly kept: Kept;
  /** Seconds until the next run. */
  readonly pause: number;
}

/** Message or request, counted from 1, at which a run is interrupted. SIGKILL and a closed pipe may cut the line after that message. */
export interface Interruption {
  readonly by: 'SIGKILL' | 'SIGTERM' | 'closed pipe';
  readonly at: 'message' | 'request';
  readonly number: number;
  /** How much of the next line gets out, of 1. */
  readonly scrap: number;
}

/** All rows that came, and the last state; or what came before a state that was saved, the last or an earlier one. */
export type Kept = 'everything' | 'up to the last state' | 'up to an earlier state';

/** What a seed stands for. @param open - Makes the workspace, of which a configuration may name things */
export function planOf(seed: number, open: (workspace: SimulatorOptions) => World): Plan {
  const chance = new Chance(seed);
  const streams = randomStreams(chance);
  const workspace = randomWorkspace(seed, chance, streams);
  const config = randomConfig(chance, open(workspace), streams.names);
  const modes = Object.fromEntries(
    streams.names.map((name) => [name, chance.next() < 0.8 ? 'incremental' : 'full_refresh'] as const),
  );
  const skewed = chance.pick<'ours' | 'theirs' | 'none'>(['none', 'none', 'none', 'ours', 'theirs']);
  return {
    seed,
    dialect: chance.pick(['airbyte', 'singer']),
    workspace,
    config,
    modes,
    ahead: skewed === 'ours' ? chance.pick([-3600, -90, 45, 700, 3600]) : 0,
    slowest: chance.pick([2, 50, 300, 3000]),
    pace: chance.pick([0, 0, 0, 5, 200, 20_000]),
    runs: Array.from({ length: 2 + chance.below(6) }, () => randomRun(chance, streams.names, skewed === 'theirs')),
  };
}

function randomRun(chance: Chance, names: readonly string[], isSkewed: boolean): RunPlan {
  const isCalm = chance.next() < 0.25;
  const streams = chance.next() < 0.7 ? names : names.filter(() => chance.next() < 0.6);
  return {
    streams: streams.length === 0 ? names.slice(0, 1) : streams,
    trouble: isCalm ? [] : randomTrouble(chance, isSkewed),
    changesDuring: chance.pick([0, 3, 10, 40]),
    changeRate: chance.pick([0.05, 0.3, 0.9]),
    changesAfter: chance.below(12),
    interruption: chance.next() < 0.6 ? randomInterruption(chance) : undefined,
    kept: chance.pick(['everything', 'everything', 'up to the last state', 'up to an earlier state']),
    pause: chance.pick([1, 30, 61, 300, 599, 601, 3600, 20_000, 43_200, 86_400, 3 * 86_400]),
  };
}

function randomInterruption(chance: Chance): Interruption {
  const by = chance.pick(['SIGKILL', 'SIGKILL', 'SIGTERM', 'closed pipe'] as const);
  const at = by === 'closed pipe' || chance.next() < 0.7 ? 'message' : 'request';
  const most = at === 'message' ? 3000 : 300;
  return { by, at, number: Math.floor(most ** chance.next()), scrap: chance.pick([0, 0, 0.5, 0.99]) };
}
