import { isDeepStrictEqual } from 'node:util';
import { faultsOfJson } from '../../support/strict-json.ts';
import type { TapRun } from './run.ts';

/** What a run of the tap may print. */
export interface Expected {
  /** Messages (default), one JSON document, or text for people. */
  readonly prints?: 'messages' | 'document' | 'text';
  /** Whoever read the output, or sent SIGKILL, may have cut it. Default false. */
  readonly cut?: boolean;
}

/** Everything in which a run breaks the rules that hold for every run of the tap. Empty: nothing. */
export function faultsOf(run: TapRun, { prints = 'messages', cut = false }: Expected = {}): readonly string[] {
  if (prints === 'text') return [];
  return [...faultsOfStderr(run, cut), ...(prints === 'messages' ? faultsOfMessages(run, cut) : [])];
}

/** The level comes first; who fails says why, and who succeeds does not say that it failed. */
function* faultsOfStderr({ stderr, exitCode }: TapRun, cut: boolean): Generator<string> {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('    '));
  for (const line of lines) if (!/^(DEBUG|INFO|WARNING|ERROR|CRITICAL) \S/.test(line)) yield `stderr: ${line}`;
  const hasFailed = lines.some((line) => /^(ERROR|CRITICAL) /.test(line));
  if (exitCode === 0 && hasFailed) yield `it says that it failed, and that it succeeded: ${stderr.slice(0, 300)}`;
  if (exitCode !== 0 && exitCode !== null && !cut && !lines.some((line) => line.startsWith('CRITICAL ')))
    yield 'it fails without a reason';
}

function* faultsOfMessages(run: TapRun, cut: boolean): Generator<string> {
  if (run.stdout !== '' && !run.stdout.endsWith('\n') && !cut) yield 'the last line has no end';
  if (run.messages.length < run.lines.length)
    yield `not a message: ${run.lines.find((line) => !isMessage(line))?.slice(0, 300) ?? ''}`;
  else
    for (const [index, line] of run.lines.entries())
      for (const fault of faultsOfJson(line, run.messages[index])) yield `${fault}: ${line.slice(0, 300)}`;
  const columns = new Map<string, readonly string[]>();
  let known: readonly string[] = [];
  for (const message of run.messages) {
    switch (message.type) {
      case 'SCHEMA':
        if (columns.has(message.stream)) yield `${message.stream}: a second SCHEMA`;
        columns.set(message.stream, Object.keys(message.schema.properties).sort());
        break;
      case 'RECORD':
        if (!columns.has(message.stream)) yield `${message.stream}: a RECORD before its SCHEMA`;
        if (!isDeepStrictEqual(Object.keys(message.record).sort(), columns.get(message.stream)))
          yield `${message.stream}: a RECORD with other columns than its SCHEMA: ${JSON.stringify(message.record).slice(0, 300)}`;
        break;
      case 'STATE': {
        const now = Object.keys(message.value.bookmarks);
        const lost = known.filter((stream) => !now.includes(stream));
        if (lost.length > 0) yield `a STATE forgets ${lost.join(', ')}`;
        known = now;
        break;
      }
      default:
        yield `a message of another type: ${JSON.stringify(message).slice(0, 300)}`;
    }
  }
  if (!cut && run.messages.length > 0 && run.messages.at(-1)?.type !== 'STATE') yield 'the last message is no STATE';
}

function isMessage(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value;
  } catch {
    return false;
  }
}
