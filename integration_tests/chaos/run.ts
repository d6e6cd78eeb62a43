import { Writable } from 'node:stream';
import { parseArguments } from '../../src/cli/arguments.ts';
import { Output } from '../../src/cli/output.ts';
import { createSession } from '../../src/cli/session.ts';
import { failureOf } from '../../src/sync/failure.ts';
import { networkTo } from './network.ts';
import { Pipe } from './pipe.ts';
import type { RunPlan } from './random/plan.ts';
import type { Ran, Stage } from './scene.ts';
import { Trigger } from './trigger.ts';
import type { VirtualTime } from './virtual-time.ts';
import { wordsFor } from './words.ts';

/** Runs the whole program but for its process: from the command line to the bytes on stdout, in virtual time. */
export async function run(
  { streams, interruption }: Pick<RunPlan, 'interruption' | 'streams'>,
  stage: Stage,
  time: VirtualTime,
): Promise<Ran> {
  const { plan, simulator, chance, patience } = stage;
  const life = time.life(plan.ahead * 1000);
  const stop = new AbortController();
  const startedAt = time.now();
  const lines: string[] = [];
  let killedAt: number | undefined;
  const isCut = (): boolean => killedAt !== undefined;
  const trigger = new Trigger(interruption, (by) => {
    if (by === 'SIGTERM') stop.abort(new Error('Stopped by SIGTERM'));
    if (by !== 'SIGKILL') return;
    killedAt = time.now();
    pipe.cut();
    life.end();
  });
  const pipe: Pipe = new Pipe({
    clock: life.clock,
    pace: () => (plan.pace === 0 ? 0 : chance.below(plan.pace)),
    end: interruption?.by === 'closed pipe' ? 'told' : 'silent',
    scrap: interruption?.scrap ?? 0,
    onLine: (line) => {
      lines.push(line);
      stage.onLine(line);
      const by = trigger.count('message');
      return by === undefined || by === 'SIGTERM';
    },
  });
  simulator.onRequest = () => {
    trigger.count('request');
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
  const endedAt = time.now();
  return {
    passed,
    isWhole: isCut() ? undefined : isWhole,
    isInterrupted: trigger.hasStruck,
    lines,
    rest: pipe.rest,
    stderr: errors.text,
    requests: trigger.of('request'),
    exitCode: trigger.hasStruck ? null : isWhole === true ? 0 : 1,
    startedAt,
    endedAt,
    ownStart: startedAt + plan.ahead * 1000,
    ownEnd: endedAt + plan.ahead * 1000,
  };
}

class Text extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
