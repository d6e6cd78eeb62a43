import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** How the output of a child is read: as fast as it comes, or with stalls. */
export type Consume = (output: Readable, watch: Watch) => void;

/** The resident memory that a child has now, in bytes; undefined where the system does not tell. */
export type Watch = () => number | undefined;

/** What a run took. */
export interface Run {
  readonly exitCode: number;
  readonly seconds: number;
  /** Greatest resident memory in bytes, and seconds of processor time; undefined where the system does not tell (Linux does). */
  readonly peak: number | undefined;
  readonly cpu: number | undefined;
}

export const drain: Consume = (output) => void output.resume();

/** Runs a program of this Node to its end. What it says on stderr is shown. */
export async function run(
  words: readonly string[],
  { consume = drain, environment = {} }: { consume?: Consume; environment?: Record<string, string> } = {},
): Promise<Run> {
  const started = performance.now();
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peak: number | undefined;
  let cpu: number | undefined;
  // Both only grow, so that the last look before the end is enough.
  const watch = setInterval(() => {
    peak = memoryOf(child, 'VmHWM') ?? peak;
    cpu = cpuOf(child) ?? cpu;
  }, 20);
  consume(child.stdout, () => memoryOf(child, 'VmRSS'));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { exitCode: code ?? 1, seconds: (performance.now() - started) / 1000, peak, cpu };
  } finally {
    clearInterval(watch);
  }
}

/** Resident memory: what it is (RSS), or the most that it was (HWM, the high-water mark). */
function memoryOf({ pid }: ChildProcess, which: 'VmRSS' | 'VmHWM'): number | undefined {
  const kilobytes = new RegExp(`^${which}:\\s+(\\d+) kB$`, 'm').exec(procFile(pid, 'status'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** In user and kernel mode, of all threads. The fields are counted from behind the name, which may hold anything. */
function cpuOf({ pid }: ChildProcess): number | undefined {
  const [, ...fields] = procFile(pid, 'stat').split(') ');
  const [user, system] = fields.join(') ').split(' ').slice(11, 13);
  return user === undefined || system === undefined ? undefined : (Number(user) + Number(system)) / TICKS;
}

function procFile(pid: number | undefined, name: string): string {
  try {
    return readFileSync(`/proc/${pid ?? 0}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** A server in a process of its own. It ends with this one, since it listens to its stdin. */
export interface ServerProcess {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a server that says its address in its first line. */
export async function startServer(words: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('\n')) break;
  }
  const url = /http:\/\/[\w.:]+/.exec(said)?.[0];
  if (url === undefined) throw new Error(`The server did not say its address, but: ${said}`);
  return {
    url,
    close: async () => {
      child.stdin.end();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A file of this project. */
export function path(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

/** Of Linux, in a second. */
const TICKS = 100;
