import { failureOf } from '../sync/failure.ts';
import { parseArguments } from './arguments.ts';
import { Output } from './output.ts';
import { createSession, type Session } from './session.ts';
import { endBySignal, stopOnSignals } from './signals.ts';
import { readVersion } from './version.ts';

/** Runs the program to its end, whatever happens, and leaves the exit code behind. */
export async function main(words: readonly string[]): Promise<void> {
  process.removeAllListeners('warning');
  const command = await parseArguments(words, readVersion());
  if ('text' in command) {
    (command.isError ? process.stderr : process.stdout).write(`${command.text}\n`);
    process.exitCode = command.isError ? USAGE : 0;
    return;
  }
  const stop = new AbortController();
  const output = new Output(process.stdout, (error) => {
    stop.abort(error);
  });
  const signalled = stopOnSignals(stop);
  const session = createSession(output, stop.signal, { ...command, environment: process.env });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => void crash(error, session));
  try {
    process.exitCode = (await command.run(session)) ? 0 : FAILED;
  } catch (error) {
    process.exitCode = FAILED;
    if (!stop.signal.aborted) await session.voice.fail(failureOf(error));
  }
  await output.flush();
  if (output.isClosed) process.exitCode = FAILED;
  endBySignal(signalled());
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
