import { at, isObject, type JsonObject } from '../core/json.ts';
import { ApiError } from '../intercom/api.ts';

/** The array of records at `key` of an answer. @throws ApiError when there is none: the API has changed, and guessing would lose rows */
export function recordsAt(answer: JsonObject, key: string, purpose: string): readonly JsonObject[] {
  const records = at(answer, key);
  if (Array.isArray(records) && records.every(isObject)) return records;
  throw new ApiError(
    'unexpected',
    'system',
    `${purpose}: Intercom's answer has no list of records at "${key}". Nothing was skipped; please report this to the makers of source-intercom.`,
  );
}
