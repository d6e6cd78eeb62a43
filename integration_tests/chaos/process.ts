import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Violation } from './judge.ts';
import type { Interruption, RunPlan } from './random/plan.ts';
import type { Ran, Stage, Time } from './scene.ts';
import { Trigger } from './trigger.ts';
import { wordsFor } from './words.ts';

/** Runs the program as it was built, in a process of its own, which is killed by the system's own signals. */
export async function runProcess(
  { streams, interruption }: Pick<RunPlan, 'interruption' | 'streams'>,
  stage: Stage,
  time: Time,
): Promise<Ran> {
  const { plan, simulator, patience } = stage;
  const [startedAt, ownStart, began] = [time.now(), Date.now(), performance.now()];
  const child = start(stage, streams);
  let struckAt: number | undefined;
  const trigger = new Trigger(interruption, (by) => {
    struckAt = performance.now();
    if (by !== 'closed pipe') child.kill(by);
  });
  simulator.onRequest = () => {
    trigger.count('request');
    stage.onRequest();
  };
  const lines = new Lines((line) => {
    stage.onLine(line);
    return trigger.count('message') !== 'closed pipe';
  });
  const alarm = setTimeout(() => child.kill('SIGKILL'), patience);
  const [stderr, [exitCode, signal]] = await Promise.all([
    text(child.stderr!),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    lines.readFrom(child.stdout!),
  ]).finally(() => {
    child.kill('SIGKILL'); // of no effect unless its output could not be read
    clearTimeout(alarm);
    simulator.onRequest = undefined;
  });
  const endedAfter = performance.now() - (struckAt ?? Infinity);
  const by = trigger.hasStruck ? interruption?.by : undefined;
  // A tap on SIGTERM ends as if all were well, and so does whoever gets a signal when all is done.
  const isCutShort = by === 'closed pipe' || (by === 'SIGTERM' && plan.dialect === 'singer') || exitCode !== 0;
  return {
    passed: performance.now() - began > patience ? 'late' : 'over',
    isWhole: exitCode === null ? undefined : !isCutShort,
    isInterrupted: by !== undefined && isCutShort,
    lines: lines.all,
    rest: lines.rest,
    stderr,
    requests: trigger.of('request'),
    exitCode,
    fault: faultOf(by, exitCode ?? signal, endedAfter),
    startedAt,
    endedAt: time.now(),
    ownStart,
    ownEnd: Date.now(),
  };
}

/** @param end - The exit code, or the signal that ended it */
function faultOf(by: Interruption['by'] | undefined, end: unknown, milliseconds: number): string | undefined {
  if (end !== 0 && end !== 1 && end !== by)
    return `It ended with ${String(end)}, and was struck by ${by ?? 'nothing'}.`;
  return milliseconds > REACTION ? `It took ${Math.round(milliseconds)} ms to end, struck by ${by}.` : undefined;
}

function start(stage: Stage, streams: readonly string[]): ChildProcess {
  const { plan, simulator } = stage;
  const program = plan.dialect === 'airbyte' ? 'source' : 'tap';
  const file = fileURLToPath(new URL(`../../dist/${program}.js`, import.meta.url));
  return spawn(process.execPath, [file, ...wordsFor(streams, stage)], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', SOURCE_INTERCOM_API_URL: simulator.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What a pipe brings, line by line. */
class Lines {
  readonly all: string[] = [];
  rest = '';
  readonly #onLine: (line: string) => boolean;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  /** @param onLine - false: nothing more is read */
  constructor(onLine: (line: string) => boolean) {
    this.#onLine = onLine;
  }

  /** @throws Violation */
  async readFrom(stream: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of stream) if (!this.#take(this.#decode(chunk))) return;
  }

  #decode(chunk: Buffer): string {
    try {
      return this.#decoder.decode(chunk, { stream: true });
    } catch {
      throw new Violation('every line is valid', [`after ${this.all.at(-1)}, something that is not UTF-8`]);
    }
  }

  #take(more: string): boolean {
    const lines = (this.rest + more).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      this.all.push(line);
      if (this.#onLine(line)) continue;
      this.rest = '';
      return false;
    }
    return true;
  }
}

/** Milliseconds: the program promises eight seconds. */
const REACTION = 12_000;
