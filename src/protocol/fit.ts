import { isObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';

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
    const kept = Math.max(0, size - excess - SLACK);
    holder[key] = (holder[key] ?? '').slice(0, Math.floor((kept / size) * (holder[key] ?? '').length)).toWellFormed();
    excess -= size - kept;
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
      yield { size: Buffer.byteLength(JSON.stringify(each)), path: here, holder: value as Record<string, string>, key };
    else yield* textsOf(each, here);
  }
}

/** Escapes make the bytes of a text's part differ from its share. */
const SLACK = 1024;
