import { isObject } from '../core/json.ts';

/**
 * A value as JSON on one line that every consumer can read: no lone surrogates, no U+0000 (databases refuse both), and nothing
 * that some programs take for the end of a line (U+2028, U+2029, U+0085).
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  const clean = MAY_BE_ILL_FORMED.test(text) ? JSON.stringify(wellFormed(value)) : text;
  if (!LINE_ENDS.test(clean)) return clean;
  return clean
    .replaceAll('\u0085', String.raw`\u0085`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}

/** The same value with well-formed texts, in keys too. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  const clean: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const counts = new Map<string, number>();
  for (const [key, each] of Object.entries(value)) {
    // Keys that differ only in what is taken out of them must not hide each other.
    const base = cleanText(key);
    let count = counts.get(base) ?? 1;
    let name = base;
    while (name in clean || (name !== key && Object.hasOwn(value, name))) name = `${base}_${String(++count)}`;
    if (count > 1) counts.set(base, count);
    clean[name] = wellFormed(each);
  }
  return clean;
}

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}

/** `JSON.stringify` writes lone surrogates and U+0000 as escapes. Texts that hold such an escape themselves cost time, nothing else. */
const MAY_BE_ILL_FORMED = /\\u(?:0000|d[89a-f])/;
const LINE_ENDS = /[\u0085\u2028\u2029]/;
