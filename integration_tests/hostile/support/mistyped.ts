import type { Simulator } from '../../../simulator/index.ts';
import { isObject, type Json, type JsonObject } from '../../../simulator/json.ts';

/** A field of a record, as the way to it. */
export type Path = readonly string[];

/** A value that was put into a record in the place of one of another type. */
export interface Mistyped {
  /** Of the request, without ids. */
  readonly route: string;
  readonly path: string;
}

/**
 * Makes the simulator put `value` into one field of each record that it answers with, whatever type the field is of: another field of
 * each record, and with each `round` others.
 *
 * @param may - Whether a field may be chosen
 * @returns what was done so far
 */
export function mistype(
  { trouble }: Simulator,
  value: Json,
  { round, may }: { readonly round: number; readonly may: (path: string) => boolean },
): readonly Mistyped[] {
  const done: Mistyped[] = [];
  let records = 0;
  const change = (body: Json, { path: asked }: { readonly path: string }): Json => {
    const route = asked.replaceAll(/\/(?:[0-9a-f]{15,}|\d+)/g, '/{id}');
    for (const record of recordsIn(body)) {
      const paths = pathsIn(record).filter((path) => may(path.join('.')) && typeAt(record, path) !== typeOf(value));
      const path = paths[(records++ * STRIDE + round) % Math.max(1, paths.length)];
      if (path === undefined) continue;
      put(record, path, value);
      done.push({ route, path: path.join('.') });
    }
    return body;
  };
  trouble.add({ match: { route: /^(?!GET \/me$)/ }, effect: { kind: 'shape', change } });
  return done;
}

/** The records of a list, or the one that an answer is. */
export function recordsIn(body: Json): readonly JsonObject[] {
  if (!isObject(body)) return [];
  const lists = Object.values(body).filter((list): list is Json[] => Array.isArray(list) && list.some(isObject));
  const isRecord = 'id' in body && !('data' in body);
  return isRecord ? [body] : lists.flatMap((list) => list.filter(isObject));
}

/** Every field of a record, those of its objects and of the first of its lists included. */
function pathsIn(value: Json, path: Path = []): readonly Path[] {
  if (path.length > DEEPEST || typeof value !== 'object' || value === null) return [];
  const members = Array.isArray(value) ? Object.entries(value).slice(0, 1) : Object.entries(value);
  return members.flatMap(([key, each]) => [[...path, key], ...pathsIn(each, [...path, key])]);
}

function put(record: JsonObject, path: Path, value: Json): void {
  const holder = path.slice(0, -1).reduce<Json>((inner, key) => (inner as JsonObject)[key] ?? null, record);
  (holder as JsonObject)[path.at(-1) ?? ''] = value;
}

function typeAt(record: JsonObject, path: Path): string {
  return typeOf(path.reduce<Json>((inner, key) => (inner as JsonObject)[key] ?? null, record));
}

function typeOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** Coprime to most numbers of fields, so that neighbours get fields that are far apart. */
const STRIDE = 7;
const DEEPEST = 4;
