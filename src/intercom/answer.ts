import { bounded } from '../core/depth.ts';
import { messageOf } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { Headers } from './rate-facts.ts';

/** What came back, as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export type Redact = (text: string) => string;

export type BodyKind = 'object' | 'other_json' | 'empty' | 'html' | 'broken';

/** An answer that has been read. */
export interface Seen {
  readonly status: number;
  readonly body: BodyKind;
  /** The parsed object, where `body` is `object`. */
  readonly json: JsonObject | undefined;
  readonly code: string | undefined;
  /** Intercom's own words. */
  readonly message: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * Reads an answer, whichever envelope its errors have.
 *
 * @param redact - Hides the token in Intercom's words, before these are cut
 */
export function see({ status, headers, text }: Answer, redact: Redact): Seen {
  const words = (value: unknown): string | undefined => wordsIn(value, redact);
  const { body, json } = readBody(text);
  const errors: unknown = json?.['errors'];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const error: JsonObject = isObject(first) ? first : isObject(json?.['error']) ? json['error'] : (json ?? {});
  return {
    status,
    body,
    json,
    code: words(error['code']) ?? words(error['error']),
    message: words(error['message']) ?? words(error['error_description']),
    requestId: words(json?.['request_id']) ?? words(headers['x-request-id']),
  };
}

function readBody(text: string): { body: BodyKind; json?: JsonObject } {
  const start = text.trimStart().slice(0, 1);
  if (start === '') return { body: 'empty' };
  if (start === '<') return { body: 'html' };
  try {
    const json = parseJson(text);
    return isObject(json) ? { body: 'object', json: bounded(json, MOST_LEVELS) as JsonObject } : { body: 'other_json' };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw new Error(messageOf(error), { cause: error });
    return { body: 'broken' };
  }
}

/** Text for people: not endless, and on one line. */
function wordsIn(value: unknown, redact: Redact): string | undefined {
  const text = typeof value === 'string' ? redact(value).replace(/\s+/g, ' ').trim() : '';
  return text === '' ? undefined : text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 300;
/** Levels of nesting. Intercom has about ten; some programs that read JSON refuse more than a few hundred. */
const MOST_LEVELS = 100;
