import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Command {
  /** The program and its arguments. */
  readonly words: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** The exit code that is right. Default 0. */
  readonly exitCode?: number;
  /** Seconds after which it is killed, with all it started. Default: 300. */
  readonly patience?: number;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. @throws Error with the end of its output, if it ends otherwise than it should */
export async function run({ words, cwd, env, stdin = '', exitCode = 0, patience = 300 }: Command): Promise<Outcome> {
  const [program, ...more] = words;
  const child = spawn(program, more, { cwd, env, detached: true });
  const closed = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const stopAll = (): void => {
    killGroup(child.pid);
  };
  process.once('exit', stopAll);
  const alarm = setTimeout(stopAll, patience * 1000);
  child.stdin.on('error', () => undefined).end(stdin); // it need not read all that it is given
  const [[code, signal], stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  clearTimeout(alarm);
  process.off('exit', stopAll);
  if (code !== exitCode)
    throw new Error(
      `${words.join(' ')}: ended with ${code ?? signal ?? 'nothing'} instead of ${exitCode}\n${endOf(stdout)}\n${endOf(stderr)}`,
    );
  return { stdout, stderr };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

function endOf(output: string): string {
  return output.slice(-4000);
}
