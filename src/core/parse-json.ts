/**
 * Parses JSON so that integers beyond 2^53 keep all their digits when the result is stringified again. Such an integer comes as
 * what `JSON.rawJSON` makes (`textOf` reads it); everything else is what `JSON.parse` gives.
 */
export function parseJson(text: string): unknown {
  return MAY_HOLD_BIG_INTEGER.test(text) ? JSON.parse(text, keepDigits) : (JSON.parse(text) as unknown);
}

function keepDigits(_key: string, value: unknown, { source }: ReviverContext): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return source !== undefined && INTEGER.test(source) ? JSON.rawJSON(source) : value;
}

/** A number of sixteen digits or more where a value may stand. Texts that look alike cost time, nothing else. */
const MAY_HOLD_BIG_INTEGER = /[:[,]\s*-?\d{16}|^\s*-?\d{16}/;
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
