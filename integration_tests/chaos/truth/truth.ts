import type { Json, JsonObject, World } from '../../../simulator/index.ts';
import { at, isObject, textOf } from '../../../simulator/json.ts';

/** A row that the workspace has for a stream, as far as it matters. */
export interface Truth {
  /** Of the row, joined by slashes. */
  readonly key: string;
  /** Unix seconds by which the row is due: its own, or those of the record that it is made from. Absent: it has none. */
  readonly due: number | undefined;
  /** Some of its columns, as they must be. */
  readonly columns: JsonObject;
}

export type Truths = (world: World, config: JsonObject) => Iterable<Truth>;

export function row(
  record: JsonObject,
  key: readonly unknown[],
  due: number | undefined,
  columns: readonly string[] = [],
): Truth {
  return {
    key: key.map(String).join('/'),
    due,
    columns: Object.fromEntries(columns.map((name) => [name, record[name] ?? null])),
  };
}

/** What a configuration lists under a name. */
export function listed(config: JsonObject, name: string): readonly string[] | undefined {
  const value = config[name];
  return Array.isArray(value) && value.length > 0 ? value.map(textOf) : undefined;
}

/** Unix seconds, however they are written. */
export function secondsOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

export function objectsAt(value: Json | undefined, path: string): readonly JsonObject[] {
  const list = at(value, path);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** Unix seconds before which nothing is wanted. */
export function startOf({ start_date: date }: JsonObject): number {
  return typeof date === 'string' ? Math.floor(Date.parse(date) / 1000) : -Infinity;
}
