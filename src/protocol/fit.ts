import { isObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import { toJson } from './json-line.ts';

/** A row that was too large, and the texts that had to be cut. */
export interface Fitted {
  readonly record: unknown;
  /** Dotted paths. */
  readonly truncated: readonly string[];
}

/**
 * Cuts the longest texts of a row until it has at most `limit` bytes as JSON. The row itself stays as it is.
 *
 * @param json - The row as JSON
 */
export function fit(json: string, limit: number): Fitted {
  const record = parseJson(json);
  const texts = [...textsOf(record, [])].sort((a, b) => b.size - a.size);
  const truncated: string[] = [];
  let excess = Buffer.byteLength(json) - limit;
  for (const { size, path, holder, key } of texts) {
    if (excess <= 0) break;
    const kept = startOf(holder[key] ?? '', size - excess);
    holder[key] = kept;
    excess -= size - bytesOf(kept);
    truncated.push(path.join('.'));
  }
  return { record, truncated };
}

interface Text {
  /** Bytes as JSON. */
  readonly size: number;
  readonly path: readonly string[];
  readonly holder: Record<string, string>;
  readonly key: string;
}

function* textsOf(value: unknown, path: readonly string[]): Generator<Text> {
  if (!isObject(value) && !Array.isArray(value)) return;
  for (const [key, each] of Object.entries(value as object)) {
    const here = [...path, key];
    if (typeof each === 'string')
      yield { size: bytesOf(each), path: here, holder: value as Record<string, string>, key };
    else yield* textsOf(each, here);
  }
}

/** The longest start of a text that has at most so many bytes as JSON. Escapes make some letters longer than others. */
function startOf(text: string, bytes: number): string {
  let fits = 0;
  let tooLong = text.length + 1;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (bytesOf(text.slice(0, middle)) <= bytes) fits = middle;
    else tooLong = middle;
  }
  return text.slice(0, fits).toWellFormed();
}

function bytesOf(text: string): number {
  return Buffer.byteLength(toJson(text));
}
