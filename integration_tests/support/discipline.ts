import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { AirbyteMessage } from '../../src/generated/airbyte.ts';
import type { Run } from './run.ts';
import { faultsOfJson } from './strict-json.ts';

/** What the output of a run may look like. */
export interface Expected {
  /** Text for people instead of messages: help, usage. Default false. */
  readonly text?: boolean;
  /** Whoever read the output, or sent SIGKILL, may have cut the last line. Default false. */
  readonly cut?: boolean;
}

/** Everything in which a run breaks the rules that hold for every run (checks 27 to 37 of the protocol). Empty: nothing. */
export function faultsOf(run: Run, { text = false, cut = false }: Expected = {}): readonly string[] {
  return [...faultsOfStderr(run), ...(text ? faultsOfText(run) : [...faultsOfStdout(run, cut), ...faultsOfEnd(run)])];
}

function* faultsOfStderr({ stderr, exitCode }: Run): Generator<string> {
  if (exitCode === 0 && stderr !== '') yield `stderr of a successful run is not empty: ${stderr.slice(0, 300)}`;
  if (stderr.length >= 64 * 1024) yield `stderr has ${stderr.length} characters`;
}

function* faultsOfText({ stdout, exitCode }: Run): Generator<string> {
  if (exitCode !== 0 && stdout !== '') yield 'a wrong command line prints to stdout';
}

function* faultsOfStdout(run: Run, cut: boolean): Generator<string> {
  const { stdout } = run;
  if (stdout !== '' && !stdout.endsWith('\n') && !cut) yield 'the last line has no end';
  if (stdout.startsWith('\uFEFF')) yield 'there is a byte order mark';
  if (stdout.includes('\uFFFD') && !stdout.isWellFormed()) yield 'stdout is not UTF-8';
  for (const [index, line] of run.lines.entries())
    for (const fault of faultsOfLine(line, run)) yield `line ${index + 1}: ${fault}: ${line.slice(0, 300)}`;
}

function* faultsOfLine(line: string, { startedAt, endedAt }: Run): Generator<string> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    yield 'not JSON';
    return;
  }
  if (!isMessage(value)) {
    yield `not a message (${ajv.errorsText(isMessage.errors)})`;
    return;
  }
  const payloads = Object.keys(value).filter((key) => key !== 'type');
  if (payloads.length !== 1 || payloads[0] !== PAYLOADS[value.type]) yield `payloads ${payloads.join(', ')}`;
  const emittedAt = emissionOf(value);
  if (emittedAt !== undefined && (emittedAt < startedAt || emittedAt > endedAt))
    yield `emitted_at is not within the run, ${startedAt} to ${endedAt}`;
  yield* faultsOfJson(line, value);
}

/** What the messages say must agree with how the process ended. */
function* faultsOfEnd(run: Run): Generator<string> {
  const { exitCode, messages } = run;
  const lastError = messages.findLastIndex((message) => message.type === 'TRACE' && message.trace.type === 'ERROR');
  if (exitCode === 0 && lastError !== -1) yield 'it says that it failed, and that it succeeded';
  for (const message of messages.slice(lastError === -1 ? messages.length : lastError + 1))
    if (message.type !== 'TRACE' || message.trace.type !== 'STREAM_STATUS')
      yield `after the last error there is more: ${JSON.stringify(message).slice(0, 300)}`;
  for (const { message } of run.errors())
    if (/^\s+at .*:\d+/m.test(message)) yield `an error message holds a stack trace: ${message}`;
}

function emissionOf(message: AirbyteMessage): number | undefined {
  if (message.type === 'RECORD') return message.record.emitted_at;
  if (message.type === 'TRACE') return message.trace.emitted_at;
  return message.type === 'CONTROL' ? message.control.emitted_at : undefined;
}

const ajv = new Ajv({ strict: false });
formats.default(ajv);
const isMessage = ajv.compile<AirbyteMessage>(
  JSON.parse(readFileSync(new URL('../../src/protocol/airbyte.schema.json', import.meta.url), 'utf8')) as object,
);

const PAYLOADS: Readonly<Record<AirbyteMessage['type'], string>> = {
  RECORD: 'record',
  STATE: 'state',
  LOG: 'log',
  SPEC: 'spec',
  CONNECTION_STATUS: 'connectionStatus',
  CATALOG: 'catalog',
  TRACE: 'trace',
  CONTROL: 'control',
};
