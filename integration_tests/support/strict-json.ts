import { duplicateKeys, leaves, withoutTexts } from './json-text.ts';

/**
 * Everything in which a line of JSON would be refused, or broken in two, by some program that reads it: Python's `json` and `splitlines`,
 * pydantic, Jackson, the `jsonb` of PostgreSQL.
 */
export function* faultsOfJson(line: string, value: unknown): Generator<string> {
  const separator = SEPARATORS.exec(line);
  if (separator !== null) yield `a raw ${nameOf(separator[0])} at ${separator.index}`;
  if (line.length < SHORT && duplicateKeys(line).length > 0) yield `keys twice: ${duplicateKeys(line).join(', ')}`;
  if (LONG.test(line) && LONG.test(withoutTexts(line))) yield 'a number with more digits than programs read';
  if (SUSPICIOUS.test(line))
    for (const leaf of leaves(value)) {
      if (typeof leaf === 'number' ? !Number.isFinite(leaf) : !leaf.isWellFormed() || leaf.includes('\u0000'))
        yield `a text or number that consumers refuse: ${JSON.stringify(leaf)}`;
    }
}

export function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Where Python's `splitlines()` would break a line although it does not end, and the carriage return. */
const SEPARATORS = /[\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/;
/** Escapes of surrogates and U+0000, and numbers with large exponents. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])|\de\+?\d{3}/i;
const LONG = /\d{309}/;
/** Characters up to which a line is searched for keys that come twice. */
const SHORT = 200_000;
