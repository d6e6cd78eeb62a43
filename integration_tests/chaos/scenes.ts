import { createSimulator, DEFAULT_NOW, listen, type SimulatorOptions } from '../../simulator/index.ts';
import { runProcess } from './process.ts';
import { planOf } from './random/plan.ts';
import { inRealTime } from './random/real-time.ts';
import { run } from './run.ts';
import type { Scene } from './scene.ts';
import { VirtualTime } from './virtual-time.ts';

/** All in this process, and in virtual time: the same seed always plays the same. */
export function virtually(seed: number): Promise<Scene> {
  let made: Pick<Scene, 'run' | 'simulator' | 'time'> | undefined;
  const plan = planOf(seed, (workspace) => {
    const time = new VirtualTime((workspace.now ?? DEFAULT_NOW) * 1000);
    const simulator = createSimulator({ ...workspace, frozen: false, ticks: () => time.now() / 1000 });
    made = { simulator, time, run: (planned, stage) => run(planned, stage, time) };
    return simulator.world;
  });
  return Promise.resolve({ plan, ...required(made), end: () => Promise.resolve() });
}

/** Each run a process of its own, over HTTP and in real time. Who overtakes whom is not for a seed to say. */
export async function inProcesses(seed: number): Promise<Scene> {
  let made: (Pick<Scene, 'run' | 'time'> & { readonly simulator: ReturnType<typeof createSimulator> }) | undefined;
  let workspace: SimulatorOptions = {};
  const plan = planOf(seed, (planned) => {
    // The pauses between runs may take a month, and a program whose clock is days late takes its rows for those of the future.
    const now = Math.min(planned.now ?? DEFAULT_NOW, Math.floor(Date.now() / 1000) - 60 * DAY);
    workspace = { ...planned, now, rateLimit: UNLIMITED, latency: LATENCY };
    const time = new RealTime(now * 1000);
    const simulator = createSimulator({ ...workspace, frozen: false, ticks: () => time.now() / 1000 });
    made = { simulator, time, run: (run, stage) => runProcess(run, { ...stage, patience: PATIENCE }, time) };
    return simulator.world;
  });
  const { simulator, ...rest } = required(made);
  await listen(simulator);
  return { plan: { ...inRealTime(plan), workspace }, simulator, ...rest, end: () => simulator.close() };
}

function required<T>(made: T | undefined): T {
  if (made === undefined) throw new Error('A plan makes the workspace that it is for.');
  return made;
}

class RealTime {
  readonly #began = performance.now();
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now + performance.now() - this.#began;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** Seconds. */
const DAY = 86_400;
const UNLIMITED = { limit: 10_000, windowSeconds: 10 };
/** Milliseconds. */
const LATENCY = 3;
/** Milliseconds that a process may take. */
const PATIENCE = 60_000;
