import { textOf, type JsonObject } from '../core/json.ts';
import type { Filter } from './reader.ts';

/** The part of a walk that one chain of pages covers: from a second on, under conditions. */
export interface Range {
  readonly field: string;
  /** Unix seconds, inclusive. Absent: from the beginning. */
  readonly from: number | undefined;
  /** Alternatives, each a list of conditions that must all hold. */
  readonly alternatives: readonly (readonly Filter[])[];
}

/**
 * The `query` of a search for `range`.
 *
 * "At or after" is written as `> a OR = a`. Contact search compares whole days of the workspace's zone, where that means "from the
 * start of a's day"; other searches compare seconds, where it means what it says. Either way nothing at or after `a` is missed.
 * @see https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/searchcontacts
 */
export function searchQuery({ field, from, alternatives }: Range): JsonObject {
  const { common, choices } = factor(alternatives);
  const conditions: JsonObject[] = common.map(condition);
  if (choices.length > 0) conditions.push(group('OR', choices.map(condition)));
  if (from === undefined) conditions.push({ field, operator: '>', value: 0 });
  else
    conditions.push(
      group('OR', [condition({ field, operator: '>', value: from }), condition({ field, operator: '=', value: from })]),
    );
  return conditions.length === 1 && conditions[0] !== undefined ? conditions[0] : group('AND', conditions);
}

/**
 * Whether a record meets all conditions, decided here as Intercom's search would.
 * Contains (`~`) and membership (`tag_id`) cannot be decided on a record; the search alone answers for them.
 */
export function matches(record: object, filters: readonly Filter[]): boolean {
  return filters.every(({ field, operator, value }) => {
    if (MEMBERSHIPS.has(field)) return true;
    const actual = (record as JsonObject)[field];
    switch (operator) {
      case '=':
        return sameId(actual, value);
      case '!=':
        return !sameId(actual, value);
      case 'IN':
        return Array.isArray(value) && value.some((wanted) => sameId(actual, wanted));
      case '>':
      case '~':
        return true;
    }
  });
}

/** Ids come as numbers or text, and "nobody" as 0, "0" or null. */
function sameId(actual: unknown, wanted: unknown): boolean {
  return (textOf(actual) || '0') === textOf(wanted);
}

/**
 * What all alternatives demand, and what they differ in. A search may nest two groups, so alternatives that differ in more than
 * one condition each are widened to what they have in common: too much is read, never too little.
 */
function factor(alternatives: readonly (readonly Filter[])[]): {
  common: readonly Filter[];
  choices: readonly Filter[];
} {
  const [first = [], ...others] = alternatives;
  const common = first.filter((filter) => others.every((other) => other.some((each) => same(each, filter))));
  const rests = alternatives.map((filters) => filters.filter((filter) => !common.some((each) => same(each, filter))));
  if (rests.some((rest) => rest.length !== 1)) return { common, choices: [] };
  const choices = rests.flat().filter((filter, index, all) => all.findIndex((each) => same(each, filter)) === index);
  return choices.length > MAX_FILTERS ? { common, choices: [] } : { common, choices };
}

export function same(a: Filter, b: Filter): boolean {
  return a.field === b.field && a.operator === b.operator && JSON.stringify(a.value) === JSON.stringify(b.value);
}

function condition({ field, operator, value }: Filter): JsonObject {
  return { field, operator, value };
}

function group(operator: 'AND' | 'OR', value: readonly JsonObject[]): JsonObject {
  return { operator, value };
}

/** What a record does not say of itself. */
const MEMBERSHIPS = new Set(['segment_id', 'tag_id']);
/** Intercom's limit of conditions in a group. */
const MAX_FILTERS = 15;
