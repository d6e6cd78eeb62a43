import { parseExactNames } from './exact-names.ts';

/**
 * Parses JSON so that integers beyond 2^53 keep all their digits when the result is stringified again. Such an integer comes as
 * what `JSON.rawJSON` makes (`textOf` reads it), or as text if it is so long that programs refuse to read it; everything else is what
 * `JSON.parse` should give. In a text that is nested thousands of levels deep such integers are rounded, since Node cannot show how a
 * value is written there.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return parseExactNames(text, parseDigits);
}

function parseDigits(text: string): unknown {
  if (!mayHoldBigInteger(text)) return JSON.parse(text) as unknown;
  try {
    return JSON.parse(text, keepDigits);
  } catch (error) {
    if (error instanceof RangeError) return JSON.parse(text) as unknown;
    throw error;
  }
}

/**
 * Whether there are sixteen digits in a row. One of any sixteen neighbours is looked at, and its surroundings only if it is a
 * digit. Texts that hold long numbers cost time, nothing else.
 */
function mayHoldBigInteger(text: string): boolean {
  for (let index = LEAST_DIGITS - 1; index < text.length; index += LEAST_DIGITS) {
    if (!isDigit(text, index)) continue;
    let first = index;
    let last = index;
    while (isDigit(text, first - 1)) first--;
    while (isDigit(text, last + 1)) last++;
    if (last - first + 1 >= LEAST_DIGITS) return true;
  }
  return false;
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index); // NaN beyond the ends
  return code >= ZERO && code <= NINE;
}

function keepDigits(_key: string, value: unknown, { source }: ReviverContext): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  if (source === undefined || !INTEGER.test(source)) return value;
  return source.length > MOST_DIGITS ? source : JSON.rawJSON(source);
}

/** All integers of fewer digits are safe. */
const LEAST_DIGITS = 16;
/** Python stops at 4300, Jackson at 1000; beyond these no double is finite. */
const MOST_DIGITS = 300;
const ZERO = 48;
const NINE = 57;
const INTEGER = /^-?\d+$/;

interface RawJson {
  readonly rawJSON: string;
}

interface ReviverContext {
  /** How a primitive value is written. */
  readonly source?: string;
}

declare global {
  // The language has these since Node 21; TypeScript's library does not know them yet.
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: ReviverContext) => unknown): unknown;
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
  }
}
