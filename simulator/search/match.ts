import { at, isObject, type Json, type JsonObject, textOf } from '../json.ts';
import type { Calendar } from '../timezone.ts';
import type { Field } from './fields.ts';
import type { Filter } from './query.ts';

/** Whether a value passes a filter; with a calendar, dates are compared as whole local days. */
export type Test = (value: Json | undefined) => boolean;

export function testOf(filter: Filter, calendar: Calendar | undefined): Test {
  const { field, operator, value } = filter;
  if (Array.isArray(value)) {
    const tests = value.map((one) => equals(field, one, calendar));
    const any: Test = (actual) => tests.some((test) => test(actual));
    return operator === 'IN' ? any : (actual) => !any(actual);
  }
  if (operator === '=') return equals(field, value, calendar);
  if (operator === '!=') {
    const equal = equals(field, value, calendar);
    return (actual) => !equal(actual);
  }
  if (field.type === 'date' || field.type === 'integer') return compared(filter, calendar);
  return text(filter);
}

/** The value that a field stands for in a record; several where the field names a list of ids. */
export function valuesOf(row: JsonObject, field: Field): (Json | undefined)[] {
  if (field.idsIn !== undefined) {
    const list = at(row, field.idsIn);
    const ids = Array.isArray(list) ? list.map((item) => (isObject(item) ? item['id'] : undefined)) : [];
    return ids.length > 0 ? ids : [undefined];
  }
  if (field.name.startsWith('custom_attributes.')) {
    const attributes = row['custom_attributes'];
    return [isObject(attributes) ? attributes[field.name.slice('custom_attributes.'.length)] : undefined];
  }
  const value = at(row, field.path ?? field.name);
  return field.words && typeof value === 'string' ? wordsOf(value) : [value];
}

function equals(field: Field, value: Json, calendar: Calendar | undefined): Test {
  if (value === null) return isMissing;
  if (field.type === 'date' && calendar) {
    const { start, end } = calendar.dayOf(Number(value));
    return (actual) => typeof actual === 'number' && actual >= start && actual < end;
  }
  if (field.type === 'date' || (field.type === 'integer' && !field.id)) return (actual) => actual === Number(value);
  if (field.id || field.name === 'id') return (actual) => !isMissing(actual) && textOf(actual) === textOf(value);
  if (typeof value !== 'string') return (actual) => actual === value;
  const wanted = value.toLowerCase();
  return (actual) => typeof actual === 'string' && actual.toLowerCase() === wanted;
}

function compared({ field, operator, value }: Filter, calendar: Calendar | undefined): Test {
  const bound = Number(value);
  const day = field.type === 'date' && calendar ? calendar.dayOf(bound) : undefined;
  const passes = (actual: number): boolean => {
    if (operator === '>') return day ? actual >= day.end : actual > bound;
    if (operator === '<') return day ? actual < day.start : actual < bound;
    return operator === '>=' ? actual >= bound : actual <= bound;
  };
  return (actual) => typeof actual === 'number' && passes(actual);
}

function text({ operator, value }: Filter): Test {
  const wanted = textOf(value).toLowerCase();
  const has = (actual: Json | undefined, test: (lower: string) => boolean): boolean =>
    typeof actual === 'string' && test(actual.toLowerCase());
  if (operator === '~') return (actual) => has(actual, (lower) => lower.includes(wanted));
  if (operator === '!~') return (actual) => !has(actual, (lower) => lower.includes(wanted));
  if (operator === '^') return (actual) => has(actual, (lower) => lower.startsWith(wanted));
  return (actual) => has(actual, (lower) => lower.endsWith(wanted));
}

function isMissing(actual: Json | undefined): boolean {
  return actual === undefined || actual === null;
}

function wordsOf(html: string): string[] {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .split(/[^\p{L}\p{N}'-]+/u)
    .filter((word) => word !== '');
}
