import { at, isObject, textOf, type JsonObject } from '../core/json.ts';
import { ApiError } from '../intercom/api.ts';

/** The array of records at `key` of an answer. @throws ApiError when there is none: the API has changed, and guessing would lose rows */
export function recordsAt(answer: JsonObject, key: string, purpose: string): readonly JsonObject[] {
  const records = at(answer, key);
  if (Array.isArray(records) && records.every(isObject)) return records;
  throw unexpected(`${purpose}: Intercom's answer has no list of records at "${key}".`);
}

/** An answer that is itself a record. @throws ApiError when it does not say which: something else was answered */
export function recordIn(answer: JsonObject, purpose: string): JsonObject {
  if (idOf(answer) !== undefined) return answer;
  throw unexpected(`${purpose}: Intercom's answer is no record, since it has no id.`);
}

/**
 * The objects of a list inside a record; none where the record has no such list.
 *
 * @throws ApiError when something else stands there: guessing would lose rows
 */
export function objectsOf<T extends object>(list: readonly T[] | null | undefined): readonly T[] {
  if (isNothing(list)) return [];
  if (areObjects(list)) return list;
  throw unexpected('Intercom sent a record with something else in the place of a list of objects.');
}

/** The same for a list that stands in an object of a record, as most of Intercom's do: `{"tags": {"type": "tag.list", "tags": []}}`. */
export function objectsIn<H extends object, K extends keyof H & string>(
  holder: H | null | undefined,
  key: K,
): readonly MemberOf<H[K]>[] {
  if (isNothing(holder)) return [];
  if (isObject(holder)) return objectsOf(holder[key] as readonly MemberOf<H[K]>[] | null | undefined);
  throw unexpected(`Intercom sent a record with something else in the place of an object with a list of ${key}.`);
}

type MemberOf<L> = NonNullable<L> extends readonly (infer T extends object)[] ? T : never;

/** The same for a list of ids. */
export function idsOf(list: readonly unknown[] | null | undefined): readonly string[] {
  if (isNothing(list)) return [];
  const ids = Array.isArray(list) ? list.map(textOf) : [''];
  if (!ids.includes('')) return ids;
  throw unexpected('Intercom sent a record with something else in the place of a list of ids.');
}

/** What tells a record from others of its kind; undefined where it has no id, so that it is taken for no other. */
export function idOf({ id }: JsonObject): string | undefined {
  return textOf(id) || undefined;
}

function areObjects(list: unknown): boolean {
  return Array.isArray(list) && list.every(isObject);
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function unexpected(what: string): ApiError {
  const advice = 'Nothing was skipped; please report this to the makers of source-intercom.';
  return new ApiError('unexpected', 'system', `${what} ${advice}`);
}
