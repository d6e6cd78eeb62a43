import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, Simulator } from '../../simulator/index.ts';
import { Chance } from '../engine/support/chance.ts';
import { Judge, Violation } from './judge.ts';
import { Changes } from './random/changes.ts';
import type { Interruption, Kept, Plan, RunPlan } from './random/plan.ts';
import type { Ran, Scene, Time } from './scene.ts';
import { faultsIn, publishedSchemas, type Printed } from './validity.ts';

/** What became of a seed. */
export interface Result {
  readonly plan: Plan;
  /** What was done, in words, in order. */
  readonly story: readonly string[];
  readonly violation: Violation | undefined;
  readonly runs: number;
  readonly lines: number;
  readonly requests: number;
}

/** Plays a world from its beginning to the state in which all must have come. */
export async function play(scene: Scene): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'source-intercom-chaos-'));
  try {
    return await new Play(scene, await publishedSchemas(scene.plan.config), folder).result();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await scene.end();
  }
}

class Play {
  readonly #scene: Scene;
  readonly #plan: Plan;
  readonly #simulator: Simulator;
  readonly #time: Time;
  readonly #changes: Changes;
  readonly #judge: Judge;
  readonly #folder: string;
  readonly #chance: Chance;
  readonly #story: string[] = [];
  #runs = 0;
  #lines = 0;
  #requests = 0;

  constructor(scene: Scene, schemas: ReadonlyMap<string, JsonObject>, folder: string) {
    const { plan, simulator, time } = scene;
    this.#scene = scene;
    this.#plan = plan;
    this.#simulator = simulator;
    this.#time = time;
    this.#folder = folder;
    this.#chance = new Chance(plan.seed ^ 0x5eed);
    const now = (): number => time.now();
    const named = new Set(Object.values(plan.config).flat().map(String));
    this.#changes = new Changes(simulator, new Chance(plan.seed ^ 0xc0de), now, named);
    this.#judge = new Judge({ plan, schemas, world: simulator.world, changes: this.#changes, now });
  }

  async result(): Promise<Result> {
    try {
      for (const each of this.#plan.runs) await this.#disturbed(each);
      await this.#rest();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      return this.#told(error);
    }
    return this.#told(undefined);
  }

  #told(violation: Violation | undefined): Result {
    return {
      plan: this.#plan,
      story: this.#story,
      violation,
      runs: this.#runs,
      lines: this.#lines,
      requests: this.#requests,
    };
  }

  async #disturbed(planned: RunPlan): Promise<void> {
    const { trouble } = this.#simulator;
    for (const rule of planned.trouble) trouble.add(structuredClone(rule));
    let budget = planned.changesDuring;
    const ran = await this.#run(planned, () => {
      if (budget === 0 || this.#chance.next() >= planned.changeRate) return;
      budget--;
      this.#changes.strike();
    });
    trouble.clear();
    this.#end(ran, planned, ran.isInterrupted ? this.#keptOf(ran, planned.kept) : ran.lines.length);
    const heard = this.#changes.log.length;
    for (let left = planned.changesAfter; left > 0; left--) {
      this.#changes.strike();
      this.#time.advance(this.#chance.below(60_000));
    }
    this.#story.push(...this.#changes.log.slice(heard).map((change) => `  then ${change}`));
    this.#time.advance(planned.pause * 1000);
  }

  /** Nobody disturbs any more, so that one run must bring what is left, and another one nothing. */
  async #rest(): Promise<void> {
    this.#time.advance(A_WHILE);
    // An order that changes from page to page is a disturbance, too: a list is given up when some walks in vain have not shown all of it.
    this.#simulator.quirks.shuffleTies = false;
    const quiet = { streams: Object.keys(this.#plan.modes), interruption: undefined };
    for (let times = 0; times < 2; times++) {
      const ran = await this.#run(quiet, () => undefined);
      this.#end(ran, quiet, ran.lines.length);
      if (ran.isWhole !== true) throw new Violation('a run that nobody disturbs reads everything', lastWords(ran));
      this.#judge.conclude();
      this.#throwFound();
    }
  }

  async #run(planned: Pick<RunPlan, 'interruption' | 'streams'>, onRequest: () => void): Promise<Ran> {
    this.#runs++;
    this.#judge.begin(planned);
    const heard = this.#changes.log.length;
    const ran = await this.#scene.run(planned, {
      plan: this.#plan,
      simulator: this.#simulator,
      chance: this.#chance,
      folder: this.#folder,
      state: this.#judge.saved.file(),
      onLine: (line) => {
        this.#judge.take(line);
      },
      onRequest,
      patience: PATIENCE,
    });
    const { lines, requests, startedAt, endedAt } = ran;
    this.#lines += lines.length;
    this.#requests += requests;
    this.#story.push(
      `run ${this.#runs} of ${planned.streams.join(', ')}: ${lines.length} lines, ${requests} requests, ` +
        `${((endedAt - startedAt) / 1000).toFixed(1)} s from ${new Date(startedAt).toISOString()}; ${endOf(ran)}`,
      ...this.#changes.log.slice(heard).map((change) => `  meanwhile ${change}`),
    );
    return ran;
  }

  #end(ran: Ran, { streams, interruption }: Pick<RunPlan, 'interruption' | 'streams'>, kept: number): void {
    if (ran.isInterrupted) this.#story.push(`  kept ${kept} of ${ran.lines.length} lines`);
    if (ran.passed === 'stuck')
      throw new Violation('every run ends', ['It waits for what does not come.', ...lastWords(ran)]);
    if (ran.passed === 'late') throw new Violation('every run ends in time', lastWords(ran));
    if (ran.fault !== undefined)
      throw new Violation('every run ends as it was told to', [ran.fault, ...lastWords(ran)]);
    this.#judge.end(kept, ran.isWhole === true);
    const faults = faultsIn(printedBy(ran, interruption), this.#plan, streams);
    if (faults.length > 0) throw new Violation('every line is valid, and in its place', faults.slice(0, 5));
    this.#throwFound();
  }

  #throwFound(): void {
    if (this.#judge.violation !== undefined) throw this.#judge.violation;
  }

  #keptOf({ lines }: Ran, kept: Kept): number {
    if (kept === 'everything') return lines.length;
    const states = lines.flatMap((line, index) => (line.startsWith('{"type":"STATE"') ? [index + 1] : []));
    if (states.length === 0) return 0;
    return kept === 'up to the last state' ? (states.at(-1) ?? 0) : this.#chance.pick(states);
  }
}

function printedBy(ran: Ran, interruption: Interruption | undefined): Printed {
  const by = ran.isInterrupted ? interruption?.by : undefined;
  return {
    stdout: ran.lines.map((line) => `${line}\n`).join('') + ran.rest,
    stderr: ran.stderr,
    exitCode: ran.exitCode,
    isCut: by === 'SIGKILL' || by === 'closed pipe',
    isLeftAlone: by === undefined,
    startedAt: ran.ownStart - A_MOMENT,
    endedAt: ran.ownEnd,
  };
}

function lastWords({ lines, stderr }: Ran): readonly string[] {
  return [...lines.slice(-5), ...stderr.split('\n').slice(-5)];
}

function endOf({ passed, isWhole, isInterrupted }: Ran): string {
  const end = isWhole === undefined ? 'killed' : isWhole ? 'whole' : 'not whole';
  return `${passed === 'over' ? end : passed}${isInterrupted ? ', interrupted' : ''}`;
}

/** Milliseconds: clocks tell whole ones. */
const A_MOMENT = 1;
/** Milliseconds: two days. */
const PATIENCE = 2 * 86_400_000;
/** Milliseconds, longer than any index lags, any scroll lives and any state looks back. */
const A_WHILE = 3 * 3_600_000;
