import type { Simulator } from '../../simulator/index.ts';
import type { Chance } from '../engine/support/chance.ts';
import type { Plan, RunPlan } from './random/plan.ts';
import type { Passed } from './virtual-time.ts';

/** Where a world is played: what is planned for it, its workspace, its time, and a way to run the program. */
export interface Scene {
  readonly plan: Plan;
  readonly simulator: Simulator;
  readonly time: Time;
  readonly run: (planned: Pick<RunPlan, 'interruption' | 'streams'>, stage: Stage) => Promise<Ran>;
  readonly end: () => Promise<void>;
}

export interface Time {
  /** Unix milliseconds. */
  now(): number;
  advance(milliseconds: number): void;
}

/** How a run went. */
export interface Ran {
  readonly passed: Passed;
  /** Whether all was read whole; undefined where it did not come to an end by itself. */
  readonly isWhole: boolean | undefined;
  /** The interruption came before the end. */
  readonly isInterrupted: boolean;
  readonly lines: readonly string[];
  /** What came of a line without its end. */
  readonly rest: string;
  readonly stderr: string;
  readonly requests: number;
  /** Null: a signal ended it. */
  readonly exitCode: number | null;
  /** What is wrong with how it ended. */
  readonly fault?: string | undefined;
  /** Unix milliseconds by the clock of the workspace, */
  readonly startedAt: number;
  readonly endedAt: number;
  /** and by the program's own. */
  readonly ownStart: number;
  readonly ownEnd: number;
}

export interface Stage {
  readonly plan: Pick<Plan, 'ahead' | 'config' | 'dialect' | 'modes' | 'pace' | 'slowest'>;
  readonly simulator: Simulator;
  /** Decides over the network, and how long pauses are. */
  readonly chance: Chance;
  /** Where the files go that the command line names. */
  readonly folder: string;
  /** The contents of the state file; undefined: there is none. */
  readonly state: unknown;
  /** Called with each line, once it is out. */
  readonly onLine: (line: string) => void;
  /** Called once a request has been answered. */
  readonly onRequest: () => void;
  /** Milliseconds that it may take. */
  readonly patience: number;
}
