import { badRequest } from '../http/errors.ts';
import { isObject, type Json, textOf } from '../json.ts';
import type { Field, FieldType } from './fields.ts';

/** A search as it was asked for, found to be well formed. */
export interface Search {
  readonly query: Query;
  readonly sort: { readonly field: Field; readonly ascending: boolean };
  readonly perPage: number;
  readonly startingAfter: string | undefined;
}

export type Query = Filter | Group;

export interface Group {
  readonly kind: 'group';
  readonly operator: 'AND' | 'OR';
  readonly parts: readonly Query[];
}

export interface Filter {
  readonly kind: 'filter';
  readonly field: Field;
  readonly operator: Operator;
  readonly value: Json;
}

export type Operator = '=' | '!=' | 'IN' | 'NIN' | '>' | '<' | '>=' | '<=' | '~' | '!~' | '^' | '$';

/** What one search endpoint accepts. */
export interface Dialect {
  /** The field of that name; undefined when the endpoint does not know it. */
  readonly field: (name: string) => Field | undefined;
  readonly operators: (field: Field) => readonly Operator[];
  readonly defaultPerPage: number;
}

/** Reads the body of a search request, or throws the error that Intercom answers. */
export function parseSearch(body: Json | undefined, dialect: Dialect): Search {
  if (!isObject(body)) throw malformed();
  for (const key of Object.keys(body)) {
    if (!['query', 'pagination', 'sort'].includes(key)) throw badRequest('bad_request', `bad '${key}' parameter`);
  }
  const pagination = isObject(body['pagination']) ? body['pagination'] : {};
  const startingAfter = pagination['starting_after'];
  return {
    query: parseQuery(body['query'], dialect, 1),
    sort: parseSort(body['sort'], dialect),
    perPage: perPageOf(pagination['per_page'], dialect.defaultPerPage, MOST_PER_PAGE),
    startingAfter: startingAfter === undefined || startingAfter === null ? undefined : textOf(startingAfter),
  };
}

/** A page size, or the error that Intercom answers to one that is none. */
export function perPageOf(value: Json | undefined, byDefault: number, most: number): number {
  if (value === undefined || value === null || value === '') return byDefault;
  const perPage = Number(value);
  if (!Number.isInteger(perPage) || perPage < 1) throw badRequest('parameter_invalid', 'Per Page is invalid');
  if (perPage > most) throw badRequest('parameter_invalid', 'Per Page is too big');
  return perPage;
}

function parseQuery(value: Json | undefined, dialect: Dialect, depth: number): Query {
  if (!isObject(value)) throw malformed();
  return 'field' in value ? parseFilter(value, dialect) : parseGroup(value, dialect, depth);
}

function parseGroup(value: Record<string, Json>, dialect: Dialect, depth: number): Group {
  const { operator, value: parts } = value;
  if (operator === undefined || parts === undefined) throw malformed();
  if (operator !== 'AND' && operator !== 'OR')
    throw badRequest('invalid_operator', 'Composite operators must be of type AND or OR ');
  if (!Array.isArray(parts) || parts.length === 0) throw malformed();
  if (depth > DEEPEST) throw badRequest('invalid_values', 'Value depth exceeds 10 items');
  if (parts.length > MOST_FILTERS) {
    throw badRequest(
      'invalid_value',
      'Number of elements in composite query is greater than 15, please try again with a smaller list',
    );
  }
  return { kind: 'group', operator, parts: parts.map((part) => parseQuery(part, dialect, depth + 1)) };
}

function parseFilter(filter: Record<string, Json>, dialect: Dialect): Filter {
  const { field: name, operator, value } = filter;
  if (operator === undefined || value === undefined) throw malformed();
  const field = typeof name === 'string' ? dialect.field(name) : undefined;
  if (!field) throw badRequest('invalid_field', `${textOf(name)} is not a valid field`);
  const known = dialect.operators(field).find((other) => other === operator);
  if (!known) throw badRequest('invalid_operator', `${field.name} does not support operator: ${textOf(operator)}`);
  const isList = known === 'IN' || known === 'NIN';
  if (isList !== Array.isArray(value))
    throw badRequest('invalid_value', `${JSON.stringify(value)} is not a valid ${isList ? 'list' : field.type}`);
  for (const one of Array.isArray(value) ? value : [value]) checkValue(one, field);
  return { kind: 'filter', field, operator: known, value };
}

function checkValue(value: Json, field: Field): void {
  if (value === null) return;
  const type = field.id && typeof value !== 'boolean' ? typeof value : TYPES[field.type];
  const numeric = typeof value === 'string' && /^-?\d+$/.test(value);
  const fits = typeof value === type || (type === 'number' && numeric);
  if (!fits || typeof value === 'object')
    throw badRequest('invalid_value', `${JSON.stringify(value)} is not a valid ${field.type}`);
}

function parseSort(value: Json | undefined, dialect: Dialect): Search['sort'] {
  if (value !== undefined && value !== null && !isObject(value)) throw malformed();
  const name = value?.['field'] ?? 'updated_at';
  const order = value?.['order'] ?? 'descending';
  const field = typeof name === 'string' ? dialect.field(name) : undefined;
  if (!field || field.unsortable) throw badRequest('invalid_field', `${textOf(name)} is not a valid field`);
  if (order !== 'ascending' && order !== 'descending') {
    throw badRequest(
      'invalid_sort_order',
      `Invalid sort order '${textOf(order)}'. Must be one of: ascending, descending`,
    );
  }
  return { field, ascending: order === 'ascending' };
}

function malformed(): Error {
  return badRequest(
    'invalid_query',
    "Invalid query. Ensure 'field', 'operator', 'value' are present for field queries. Ensure 'operator' and 'value' for composite queries.",
  );
}

const TYPES: Record<FieldType, string> = {
  string: 'string',
  tag: 'string',
  boolean: 'boolean',
  integer: 'number',
  date: 'number',
};
const DEEPEST = 2;
const MOST_FILTERS = 15;
const MOST_PER_PAGE = 150;
