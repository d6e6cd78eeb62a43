import { ConnectorError, messageOf } from '../core/errors.ts';
import { createRedactor } from '../core/redact.ts';
import { failureOf } from '../sync/failure.ts';
import { parseArguments, type Command } from './arguments.ts';
import { check } from './check.ts';
import { parseConfig, secretsOf } from './config.ts';
import { discover } from './discover.ts';
import { readJson } from './files.ts';
import { Output } from './output.ts';
import { read } from './read.ts';
import { createSession, type Session } from './session.ts';
import { endBySignal, stopOnSignals } from './signals.ts';
import { readSpec } from './spec.ts';
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
  let redact = (text: string): string => text;
  const options = { isDebug: command.debug, environment: process.env };
  const session = createSession(output, stop.signal, (text) => redact(text), options);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => void crash(error, session));
  try {
    const raw = command.name === 'spec' ? undefined : await readJson(command.config, 'configuration');
    redact = createRedactor(secretsOf(raw));
    process.exitCode = (await run(command, raw, session)) ? 0 : FAILED;
  } catch (error) {
    process.exitCode = FAILED;
    if (!stop.signal.aborted) await report(error, session);
  }
  await output.flush();
  if (output.isClosed) process.exitCode = FAILED;
  endBySignal(signalled());
}

async function run(command: Command, raw: unknown, session: Session): Promise<boolean> {
  const { output, encoder } = session;
  switch (command.name) {
    case 'spec':
      await output.write(encoder.message({ type: 'SPEC', spec: readSpec() }));
      return true;
    case 'check':
      await output.write(
        encoder.message({ type: 'CONNECTION_STATUS', connectionStatus: await statusOf(raw, session) }),
      );
      return true;
    case 'discover':
      await output.write(encoder.message({ type: 'CATALOG', catalog: await discover(parseConfig(raw), session) }));
      return true;
    case 'read':
      return read(parseConfig(raw), command, session);
  }
}

/** What the user can mend makes a check fail; anything else is an error. */
async function statusOf(raw: unknown, session: Session) {
  try {
    const message = await check(parseConfig(raw), session);
    return { status: 'SUCCEEDED', ...(message === undefined ? {} : { message: session.redact(message) }) } as const;
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'config')
      return { status: 'FAILED', message: session.redact(error.message) } as const;
    throw error;
  }
}

async function report(error: unknown, { output, encoder }: Session): Promise<void> {
  const failure = failureOf(error);
  const isOurs = failure.kind === 'system' && !(error instanceof ConnectorError);
  const fatal = isOurs ? encoder.log('fatal', messageOf(error), error instanceof Error ? error.stack : undefined) : '';
  await output.write(fatal + encoder.error(failure));
}

/** Something that nobody waits for has failed: a mistake in this program. Whatever else fails now, it ends. */
async function crash(error: unknown, session: Session): Promise<void> {
  setTimeout(() => process.exit(FAILED), LAST_WORDS);
  try {
    const said = report(error, session);
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
