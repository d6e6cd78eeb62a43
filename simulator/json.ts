/** Anything JSON can say. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** A record of the workspace, as the API shows it. */
export interface Row extends JsonObject {
  id: string;
}

/** A record that knows when it was made and last changed, in unix seconds. */
export interface TimedRow extends Row {
  created_at: number;
  updated_at: number;
}

/** Some fields of a record; `undefined` takes a field away. */
export type Patch = Record<string, Json | undefined>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number that JavaScript cannot hold, such as one of 19 digits, as it is written. */
export function exactly(digits: string): Json {
  return (JSON as unknown as { rawJSON(text: string): Json }).rawJSON(digits);
}

/** The value at a dotted path; undefined where a step is missing. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let here: Json | undefined = value;
  for (const step of path.split('.')) {
    if (!isObject(here)) return undefined;
    here = here[step];
  }
  return here;
}

/** Writes the patch into the record; a field patched with `undefined` is removed. */
export function applyPatch(row: JsonObject, patch: Patch): void {
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) Reflect.deleteProperty(row, field);
    else if (field === '__proto__') Object.defineProperty(row, field, { ...ORDINARY, value });
    else row[field] = value;
  }
}

/** As a field is that was assigned. */
const ORDINARY = { writable: true, enumerable: true, configurable: true };

/** A value in words: text as it is, anything else as JSON. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

/** The record without some of its fields. */
export function without(row: JsonObject, ...fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)));
}
