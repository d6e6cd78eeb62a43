import { streams } from '../../../../src/index.ts';
import type { Reading, Row } from '../../support/read.ts';
import type { Fault } from './faults.ts';

/** What is wrong with a read that a fault befell, compared with the same read without. */
export function* faultsOfFirst(
  reading: Reading,
  sound: Reading,
  fault: Fault,
  { mayBreak }: { readonly mayBreak: boolean },
): Generator<string> {
  const excuse = fault.leavesOut;
  const isExcused = excuse !== undefined && reading.warnings.some((warning) => excuse.test(warning));
  for (const stream of Object.keys(sound.rows)) {
    const rows = reading.rows[stream] ?? [];
    const keys = rows.map((row) => keyOf(stream, row));
    const repeated = keys.filter((key, index) => keys.indexOf(key) !== index);
    if (repeated.length > 0) yield `${stream} sends twice: ${repeated.join(', ')}`;
    const there = new Set(sound.rows[stream]?.map(isExcused ? (row) => keyOf(stream, row) : textOf));
    const strange = rows.filter((row) => !there.has(isExcused ? keyOf(stream, row) : textOf(row)));
    if (strange.length > 0) yield `${stream} sends what is not there: ${strange.map(textOf).join()}`;
    if (rows.length > 0 && reading.warnings.some((warning) => warning.startsWith(`${stream}: this workspace does not`)))
      yield `${stream} sends rows, and says that there are none`;
    const failure = reading.incomplete[stream];
    if (failure !== undefined) {
      if (!mayBreak) yield `${stream} fails though the fault passes: ${failure.message}`;
      if (!fault.says.test(failure.message)) yield `${stream} does not say why it fails: ${failure.message}`;
      if (!/^[A-Z]\w+ .*: /.test(failure.message)) yield `${stream} does not say what was done: ${failure.message}`;
    } else if (!isExcused) {
      const missing = missingOf(stream, rows, sound);
      if (missing.length > 0) yield `${stream} is complete without ${missing.join(', ')}`;
    }
  }
}

/** What is wrong with the read after it, when all is well again. */
export function* faultsOfNext(next: Reading, first: Reading, sound: Reading): Generator<string> {
  for (const stream of Object.keys(sound.rows)) {
    const failure = next.incomplete[stream];
    if (failure !== undefined) yield `${stream} fails when all is well again: ${failure.message}`;
    const rows = next.rows[stream] ?? [];
    if (first.incomplete[stream] === undefined) continue;
    const missing = missingOf(stream, [...(first.rows[stream] ?? []), ...rows], sound);
    if (missing.length > 0) yield `${stream} lacks after the next read: ${missing.join(', ')}`;
    const early = rows.filter((row) => isBefore(stream, row, first.states[stream]));
    if (early.length > 0) yield `${stream} goes back behind its state: ${early.map(textOf).join()}`;
  }
}

function missingOf(stream: string, rows: readonly Row[], sound: Reading): readonly string[] {
  const have = new Set(rows.map(textOf));
  return (sound.rows[stream] ?? []).filter((row) => !have.has(textOf(row))).map((row) => keyOf(stream, row));
}

/** Whether a row is of a time that the stream's state says is out. Parts go by their conversation's time. */
function isBefore(stream: string, row: Row, state: Row | undefined): boolean {
  const { cursor } = streams.find(({ name }) => name === stream) ?? {};
  if (cursor === undefined || stream.endsWith('_parts')) return false;
  const saved = state?.[cursor];
  return typeof saved === 'number' && Number(row[cursor]) < saved;
}

function keyOf(stream: string, row: Row): string {
  const { primaryKey = [] } = streams.find(({ name }) => name === stream) ?? {};
  return primaryKey.map((field) => String(row[field])).join('/');
}

/** A row to compare by: links to files are signed anew in every answer. */
function textOf(row: Row): string {
  const known = texts.get(row) ?? JSON.stringify(row).replace(/\?[^"\s]*\b(?:expires|signature)=[^"\s]*/g, '');
  texts.set(row, known);
  return known;
}

const texts = new WeakMap<Row, string>();
