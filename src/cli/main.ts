import { setFlagsFromString } from 'node:v8';
import { failureOf } from '../sync/failure.ts';
import { parseArguments, type ProgramName } from './arguments.ts';
import { UsageError } from './command.ts';
import { Output } from './output.ts';
import { createSession, type Session } from './session.ts';
import { CODES, endOn, Interrupted, stopOnSignals } from './signals.ts';

/** Runs the program to its end, whatever happens, and leaves the exit code behind. */
export async function main(words: readonly string[], name: ProgramName): Promise<void> {
  process.removeAllListeners('warning');
  // Pages of rows live for moments. Left to itself, V8 makes ever more room for them; a small nursery is as fast, and a third smaller.
  setFlagsFromString('--semi-space-growth-factor=1');
  const command = await parseArguments(words, name);
  if ('text' in command) {
    const notice = new Output(command.isError ? process.stderr : process.stdout, () => undefined);
    await notice.write(`${command.text}\n`);
    await notice.flush();
    process.exitCode = command.isError ? USAGE : notice.isClosed ? FAILED : 0;
    return;
  }
  const stop = new AbortController();
  const output = new Output(process.stdout, (error) => {
    stop.abort(error);
  });
  const signalled = stopOnSignals(stop, command);
  const session = createSession(output, stop.signal, { ...command, environment: process.env });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => void crash(error, session));
  try {
    process.exitCode = (await command.run(session)) ? 0 : FAILED;
  } catch (error) {
    process.exitCode = codeOf(error);
    if (!stop.signal.aborted && !(error instanceof Interrupted)) await session.voice.fail(failureOf(error));
  }
  await output.flush();
  if (output.isClosed) process.exitCode = FAILED;
  endOn(signalled(), command);
}

function codeOf(error: unknown): number {
  if (error instanceof Interrupted) return CODES.SIGINT;
  return error instanceof UsageError ? USAGE : FAILED;
}

/** Something that nobody waits for has failed: a mistake in this program. Whatever else fails now, it ends. */
async function crash(error: unknown, session: Session): Promise<void> {
  setTimeout(() => process.exit(FAILED), LAST_WORDS);
  try {
    const said = session.voice.fail(failureOf(error));
    session.output.seal();
    await said;
    await session.output.flush();
  } finally {
    process.exit(FAILED);
  }
}

/** Milliseconds for a reader that has stalled. */
const LAST_WORDS = 3000;
const FAILED = 1;
const USAGE = 2;
