import { isObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { toJson } from './json-line.ts';

/** A row that was too large, and what it had to give up. */
export interface Fitted {
  readonly record: unknown;
  /** Dotted paths of texts that were cut. */
  readonly truncated: readonly string[];
  /** Columns that are null now, where cutting texts was not enough. */
  readonly nulled: readonly string[];
}

/**
 * Makes a row have at most `limit` bytes as JSON: cuts its longest texts, or, where what is large is no text, leaves out its largest
 * columns first. Texts of ordinary length, such as ids, stay whole. The row itself stays as it is.
 *
 * @param json - The row as JSON
 */
export function fit(json: string, limit: number): Fitted {
  const record = parseJson(json);
  const nulled: string[] = [];
  let excess = Buffer.byteLength(json) - limit;
  let texts = longTextsOf(record);
  while (excess > texts.reduce((sum, { size }) => sum + size, 0) && isObject(record)) {
    const saved = leaveOutLargest(record, nulled);
    if (saved === 0) break;
    excess -= saved;
    texts = longTextsOf(record);
  }
  return { record, truncated: cut(texts, excess), nulled };
}

/** @returns where texts were cut */
function cut(texts: readonly Text[], excess: number): readonly string[] {
  const truncated: string[] = [];
  let rest = excess;
  for (const { size, path, holder, key } of texts) {
    if (rest <= 0) break;
    const kept = startOf(holder[key] ?? '', size - rest);
    holder[key] = kept;
    rest -= size - sizeOf(kept);
    truncated.push(path.map(shortened).join('.'));
  }
  return truncated;
}

/** Makes the largest column null; one whose very name is long goes. @returns how many bytes that saves; 0: there is nothing left to leave out */
function leaveOutLargest(record: object, nulled: string[]): number {
  const members = record as Record<string, unknown>;
  const sizes = Object.entries(members).map(([key, value]) => ({ key, size: bytesOf(key) + bytesOf(value) }));
  const [largest] = sizes.sort((a, b) => b.size - a.size);
  if (largest === undefined || largest.size < LONG) return 0;
  const { key, size } = largest;
  nulled.push(shortened(key));
  if (bytesOf(key) < LONG) members[key] = null;
  else Reflect.deleteProperty(members, key);
  return size - (key in members ? bytesOf(key) + NULL : 0);
}

interface Text {
  /** Bytes as JSON. */
  readonly size: number;
  readonly path: readonly string[];
  readonly holder: Record<string, string>;
  readonly key: string;
}

/** The longest first. */
function longTextsOf(record: unknown): readonly Text[] {
  return [...textsOf(record, [])].filter(({ size }) => size >= LONG).sort((a, b) => b.size - a.size);
}

function* textsOf(value: unknown, path: readonly string[]): Generator<Text> {
  if (!isObject(value) && !Array.isArray(value)) return;
  const holder = value as Record<string, unknown>;
  for (const name of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const key = String(name);
    const each = holder[key];
    if (typeof each === 'string') {
      yield { size: sizeOf(each), path: [...path, key], holder: holder as Record<string, string>, key };
    } else if (typeof each === 'object') yield* textsOf(each, [...path, key]);
  }
}

/** The longest start of a text that has at most so many bytes as JSON. */
function startOf(text: string, bytes: number): string {
  let used = QUOTES;
  for (let index = 0; index < text.length; index++) {
    used += sizeAt(text, index);
    if (used > bytes) return text.slice(0, isHigh(text.charCodeAt(index - 1)) ? index - 1 : index);
  }
  return text;
}

/** Bytes of a well-formed text as JSON. */
function sizeOf(text: string): number {
  let size = QUOTES;
  for (let index = 0; index < text.length; index++) size += sizeAt(text, index);
  return size;
}

/** Bytes of one unit of a text as JSON; two that make a letter have the same. */
function sizeAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code < 0x20) return SHORT_ESCAPES.has(code) ? 2 : 6;
  if (code < 0x80) return code === QUOTE || code === BACKSLASH ? 2 : 1;
  if (code < 0x800) return code === 0x85 ? 6 : 2;
  if (code >= 0xd800 && code < 0xe000) return 2;
  return code === 0x2028 || code === 0x2029 ? 6 : 3;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(toJson(value));
}

function shortened(name: string): string {
  return name.length > MOST_OF_A_NAME ? `${name.slice(0, MOST_OF_A_NAME).toWellFormed()}…` : name;
}

/** Bytes from which on a text is worth cutting, and a column worth leaving out. */
const LONG = 1000;
const MOST_OF_A_NAME = 200;
const QUOTES = 2;
const NULL = 4;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** \b \t \n \f \r */
const SHORT_ESCAPES = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);
