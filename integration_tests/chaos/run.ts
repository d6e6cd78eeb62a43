import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { JsonObject, Simulator } from '../../simulator/index.ts';
import { parseArguments } from '../../src/cli/arguments.ts';
import { Output } from '../../src/cli/output.ts';
import { createSession } from '../../src/cli/session.ts';
import { failureOf } from '../../src/sync/failure.ts';
import type { Chance } from '../engine/support/chance.ts';
import { catalogOf } from './dialects.ts';
import { networkTo } from './network.ts';
import { Pipe } from './pipe.ts';
import type { Interruption, Plan, RunPlan } from './random/plan.ts';
import type { Passed, VirtualTime } from './virtual-time.ts';

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
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Stage {
  readonly plan: Pick<Plan, 'ahead' | 'config' | 'dialect' | 'modes' | 'pace' | 'slowest'>;
  readonly simulator: Simulator;
  readonly time: VirtualTime;
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

/** Runs the whole program but for its process: from the command line to the bytes on stdout, in virtual time. */
export async function run(
  { streams, interruption }: Pick<RunPlan, 'interruption' | 'streams'>,
  stage: Stage,
): Promise<Ran> {
  const { plan, simulator, time, chance, patience } = stage;
  const life = time.life(plan.ahead * 1000);
  const stop = new AbortController();
  const startedAt = time.now();
  const lines: string[] = [];
  let requests = 0;
  let isInterrupted = false;
  let killedAt: number | undefined;
  const isCut = (): boolean => killedAt !== undefined;
  const strike = ({ by }: Interruption): void => {
    isInterrupted = true;
    if (by === 'SIGTERM') stop.abort(new Error('Stopped by SIGTERM'));
    if (by === 'SIGKILL') {
      killedAt = time.now();
      pipe.cut();
      life.end();
    }
  };
  const due = (at: Interruption['at'], count: number): Interruption | undefined =>
    !isInterrupted && interruption?.at === at && interruption.number === count ? interruption : undefined;
  const pipe: Pipe = new Pipe({
    clock: life.clock,
    pace: () => (plan.pace === 0 ? 0 : chance.below(plan.pace)),
    end: interruption?.by === 'closed pipe' ? 'told' : 'silent',
    scrap: interruption?.scrap ?? 0,
    onLine: (line) => {
      lines.push(line);
      stage.onLine(line);
      const now = due('message', lines.length);
      if (now === undefined) return true;
      strike(now);
      return now.by === 'SIGTERM';
    },
  });
  simulator.onRequest = () => {
    requests++;
    const now = due('request', requests);
    if (now !== undefined) strike(now);
    stage.onRequest();
  };
  const errors = new Text();
  const output = new Output(pipe, (error) => {
    stop.abort(error);
  });
  const command = await parseArguments(wordsFor(streams, stage), 'source-intercom');
  if ('text' in command) throw new Error(command.text);
  const session = createSession(output, stop.signal, {
    ...command,
    environment: { SOURCE_INTERCOM_API_URL: 'http://127.0.0.1:1' },
    clock: life.clock,
    stderr: errors as unknown as NodeJS.WriteStream,
    network: {
      transport: networkTo(simulator, life.clock, chance, plan.slowest),
      random: () => chance.next(),
    },
  });
  let isWhole: boolean | undefined;
  const work = async (): Promise<void> => {
    try {
      isWhole = (await command.run(session)) && !output.isClosed;
    } catch (error) {
      isWhole = false;
      if (!stop.signal.aborted) await session.voice.fail(failureOf(error));
    }
    await output.flush();
  };
  let isOver = false;
  void work().finally(() => {
    isOver = true;
  });
  const passed = await time.pass(() => isOver || isCut(), startedAt + patience);
  simulator.onRequest = undefined;
  life.end();
  return {
    passed,
    isWhole: isCut() ? undefined : isWhole,
    isInterrupted,
    lines,
    rest: pipe.rest,
    stderr: errors.text,
    requests,
    startedAt,
    endedAt: time.now(),
  };
}

/** Writes the files. @returns the words of the command line */
function wordsFor(streams: readonly string[], { plan, simulator, folder, state }: Stage): readonly string[] {
  const write = (name: string, value: unknown): string => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const config: JsonObject = { access_token: simulator.token, ...plan.config };
  const modes = streams.map((name) => [name, plan.modes[name] ?? 'full_refresh'] as const);
  return [
    ...(plan.dialect === 'airbyte' ? ['read'] : []),
    '--config',
    write('config', config),
    '--catalog',
    write('catalog', catalogOf(plan.dialect, modes)),
    ...(state === undefined ? [] : ['--state', write('state', state)]),
  ];
}

class Text extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
