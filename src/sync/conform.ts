import { isObject, textOf } from '../core/json.ts';
import type { JsonSchema, JsonType } from '../core/schema.ts';
import { timeOf } from '../core/time.ts';
import type { Change } from './events.ts';

export interface ConformOptions {
  /** How instants are written: unix seconds, or RFC 3339 text. */
  readonly timestamps: 'unix' | 'rfc3339';
}

/** Makes one value, which is not null, what its schema says. Notes what it has to give up. */
export type Conform = (value: unknown, path: string, changes: Change[]) => unknown;

/**
 * A function that makes records hold to their schema, in place: ids become text, times one kind of number, whatever Intercom mixes.
 * A value that cannot be made to fit becomes null, which is noted. A required field that is missing becomes null, or empty text where
 * null is not allowed; fields that the schema does not name stay as they are.
 */
export function conformer(schema: JsonSchema, options: ConformOptions): (record: object) => readonly Change[] {
  const conform = compile(schema, options);
  const { required = [], properties = {} } = schema;
  return (record) => {
    const changes: Change[] = [];
    conform(record, '', changes);
    for (const name of required) (record as Record<string, unknown>)[name] ??= nothingOf(properties[name]);
    return changes;
  };
}

function nothingOf(schema: JsonSchema | undefined): unknown {
  return schema?.type === 'string' ? '' : null;
}

/** Makes a single value what its schema says. */
export function compile(schema: JsonSchema, options: ConformOptions): Conform {
  const type = [schema.type].flat().find((name) => name !== 'null') ?? 'string';
  if (schema.unit === 'unix_seconds') return options.timestamps === 'unix' ? asSeconds : asInstant;
  if (type === 'object') return asObject(schema, options);
  if (type === 'array') return asArray(schema, options);
  const convert = SCALARS[type];
  return (value, path, changes) => {
    const converted = convert(value);
    return converted === undefined ? giveUp(path, changes) : converted;
  };
}

function asObject({ properties = {} }: JsonSchema, options: ConformOptions): Conform {
  const fields = Object.entries(properties).map(([name, schema]) => [name, compile(schema, options)] as const);
  return (value, path, changes) => {
    if (!isObject(value)) return giveUp(path, changes);
    const record = value as Record<string, unknown>;
    for (const [name, conform] of fields) {
      const before = record[name];
      if (before === undefined || before === null) continue;
      const after = conform(before, path === '' ? name : `${path}.${name}`, changes);
      if (after !== before) record[name] = after;
    }
    return value;
  };
}

function asArray({ items }: JsonSchema, options: ConformOptions): Conform {
  const conform = items === undefined ? undefined : compile(items, options);
  return (value, path, changes) => {
    if (!Array.isArray(value)) return giveUp(path, changes);
    const array = value as unknown[];
    if (conform !== undefined)
      for (const [index, item] of array.entries())
        if (item !== null && item !== undefined) array[index] = conform(item, `${path}.${index}`, changes);
    return array;
  };
}

function asSeconds(value: unknown, path: string, changes: Change[]): unknown {
  return timeOf(value) ?? giveUp(path, changes);
}

function asInstant(value: unknown, path: string, changes: Change[]): unknown {
  const time = timeOf(value);
  const date = new Date((time ?? NaN) * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 1)
    return giveUp(path, changes);
  return date.toISOString().replace('.000Z', 'Z');
}

function giveUp(field: string, changes: Change[]): null {
  changes.push({ field, reason: 'type' });
  return null;
}

/** What a value becomes as each type; undefined where it does not fit. */
const SCALARS: Readonly<Record<Exclude<JsonType, 'object' | 'array' | 'null'>, (value: unknown) => unknown>> = {
  string: (value) => {
    if (typeof value === 'string') return value;
    return textOf(value) || JSON.stringify(value);
  },
  integer: (value) => {
    if (Number.isInteger(value) || isBigInteger(value)) return value;
    return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
  },
  number: (value) => {
    if (Number.isFinite(value) || isBigInteger(value)) return value;
    return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : undefined;
  },
  boolean: (value) => {
    if (typeof value === 'boolean') return value;
    return BOOLEANS.get(textOf(value).toLowerCase());
  },
};

/** An integer that is kept as text because a number would lose its last digits. */
function isBigInteger(value: unknown): boolean {
  return JSON.isRawJSON(value);
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Whether a value has a type that a column declares; for columns whose values come from people. */
export function fits(value: unknown, schema: JsonSchema): boolean {
  const types = typesOf(value);
  return [schema.type].flat().some((type) => types.includes(type));
}

function typesOf(value: unknown): readonly JsonType[] {
  if (Array.isArray(value)) return ['array'];
  if (Number.isInteger(value) || isBigInteger(value)) return ['integer', 'number'];
  return [value === null ? 'null' : (typeof value as JsonType)];
}
