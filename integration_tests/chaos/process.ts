import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { RunPlan } from './random/plan.ts';
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
  const stdout = child.stdout!;
  const trigger = new Trigger(interruption, (by) => {
    if (by === 'closed pipe') stdout.destroy();
    else child.kill(by);
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
  const [stderr, [exitCode]] = await Promise.all([
    text(child.stderr!),
    once(child, 'close') as Promise<[code: number | null]>,
    lines.readFrom(stdout),
  ]);
  clearTimeout(alarm);
  simulator.onRequest = undefined;
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
    startedAt,
    endedAt: time.now(),
    ownStart,
    ownEnd: Date.now(),
  };
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

  async readFrom(stream: Readable): Promise<void> {
    stream.on('data', (chunk: Buffer) => {
      this.#take(this.#decoder.decode(chunk, { stream: true }));
    });
    await once(stream, 'close');
  }

  #take(more: string): void {
    const lines = (this.rest + more).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      this.all.push(line);
      if (this.#onLine(line)) continue;
      this.rest = '';
      return;
    }
  }
}
