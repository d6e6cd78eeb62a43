import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import type { Facts } from './run.ts';

// Programs take their time on a busy machine.
jest.setTimeout(60_000);

export interface ChildOptions {
  /** The API's address; absent: Intercom's own, as far as the proxies in `env` let it. */
  readonly api?: string | undefined;
  /** Added to an environment that has nothing but PATH and a HOME that does not exist. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What stdin is: /dev/null (default), closed, or a pipe that nobody writes to. */
  readonly stdin?: 'null' | 'closed' | 'pipe' | undefined;
  /** Reads stdout, in whatever way. Default: as fast as it comes. */
  readonly reader?: (stdout: Readable, process: ChildProcess) => Promise<string>;
  /** A program that starts the connector, with its arguments. */
  readonly launcher?: readonly string[];
  /** What is run instead of the built program, with what comes before the words. */
  readonly executable?: readonly string[];
  /** Milliseconds after which a program that has not ended is killed, and the run rejected. Default: a minute. */
  readonly patience?: number;
}

/** A program of ours that is under way; `Message` is what it prints on a line. */
export interface Child<Message> {
  readonly process: ChildProcess;
  /** Resolves with the first message, past or future, that passes. Rejects when the process ends without one. */
  seen(passes: (message: Message) => boolean): Promise<Message>;
  /** Resolves when the process has ended and its output is read. */
  readonly ended: Promise<Facts>;
}

/** Starts a program as it was built, `dist/source.js` or `dist/tap.js`; its sources, where coverage is measured. */
export function startChild<Message>(
  program: 'source' | 'tap',
  words: readonly string[],
  options: ChildOptions = {},
): Child<Message> {
  const startedAt = Date.now();
  const child = launch(program, words, options);
  const stdout = child.stdout!;
  const stderr = textOf(child.stderr!);
  const watchers = new Watchers<Message>();
  if (options.reader === undefined) watchers.watch(stdout);
  const closed = once(child, 'exit') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  let isLate = false;
  const alarm = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, options.patience ?? 60_000);
  const finish = async (): Promise<Facts> => {
    const [output, errors, [exitCode, signal]] = await Promise.all([
      (options.reader ?? textOf)(stdout, child),
      stderr,
      closed,
    ]);
    clearTimeout(alarm);
    watchers.end();
    if (isLate) throw new Error(`${words.join(' ')}: did not end`);
    return { words, stdout: output, stderr: errors, exitCode, signal, startedAt, endedAt: Date.now() };
  };
  return { process: child, ended: finish(), seen: (passes) => watchers.seen(passes) };
}

function launch(name: string, words: readonly string[], options: ChildOptions): ChildProcess {
  const built = [process.execPath, fileURLToPath(new URL(`../../${program(name)}`, import.meta.url))];
  const { api, env = {}, cwd, stdin = 'null', launcher = [], executable = built } = options;
  const [command = '', ...more] = [
    ...(stdin === 'closed' ? ['sh', '-c', 'exec "$@" <&-', 'sh'] : []),
    ...launcher,
    ...executable,
    ...words,
  ];
  return spawn(command, more, {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      ...(COVERAGE === undefined ? { NODE_COMPILE_CACHE: CACHE } : { NODE_V8_COVERAGE: COVERAGE }),
      ...(api === undefined ? {} : { SOURCE_INTERCOM_API_URL: api }),
      ...env,
    },
    stdio: [stdin === 'pipe' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
}

const program = (name: string) => (COVERAGE === undefined ? `dist/${name}.js` : `src/${name}.ts`);

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'close');
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
}

interface Watcher<Message> {
  readonly passes: (message: Message) => boolean;
  readonly found: (message: Message) => void;
  readonly missed: (error: Error) => void;
}

/** Hands messages to those who wait for one. */
class Watchers<Message> {
  readonly #messages: Message[] = [];
  readonly #waiting = new Set<Watcher<Message>>();
  /** The pieces of a line whose end has not come. */
  #rest: string[] = [];

  watch(stream: Readable): void {
    const decoder = new TextDecoder();
    stream.on('data', (chunk: Buffer) => {
      const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
      this.#rest.push(first);
      for (const next of others) {
        this.#take(this.#rest.join(''));
        this.#rest = [next];
      }
    });
  }

  seen(passes: (message: Message) => boolean): Promise<Message> {
    const past = this.#messages.find(passes);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((found, missed) => this.#waiting.add({ passes, found, missed }));
  }

  end(): void {
    for (const { missed } of this.#waiting) missed(new Error('The process ended without the message waited for'));
  }

  #take(line: string): void {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      return; // `faultsOf` complains of it
    }
    this.#messages.push(message);
    for (const watcher of this.#waiting) {
      if (!watcher.passes(message)) continue;
      this.#waiting.delete(watcher);
      watcher.found(message);
    }
  }
}

/** Where Node writes which code has run, if that is asked for. */
const COVERAGE = process.env['NODE_V8_COVERAGE'];

/** Where Node keeps what it has compiled, for the next run. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/integration_tests', import.meta.url));
