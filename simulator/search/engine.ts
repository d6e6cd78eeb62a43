import { type Json, type TimedRow, textOf } from '../json.ts';
import type { Calendar } from '../timezone.ts';
import type { Links } from '../world/links.ts';
import { ABSENT, sortedByKey } from '../world/order.ts';
import type { Table } from '../world/table.ts';
import type { Field } from './fields.ts';
import { testOf, valuesOf } from './match.ts';
import type { Filter, Query, Search } from './query.ts';

/** The found slots in ascending order of the sort field, and the value each is sorted by. */
export interface Found {
  readonly slots: Uint32Array;
  readonly valueAt: (position: number) => Json;
}

/** What a search needs to know of the collection it goes through. */
export interface Searched<R extends TimedRow> {
  readonly table: Table<R>;
  /** Where dates are compared by local days. */
  readonly calendar?: Calendar;
  /** Fields that ask for membership: the links, and the number of an id. */
  readonly memberships?: Readonly<Record<string, { links: Links; indexOf: (id: string) => number | undefined }>>;
  /** Records that must not be found at all. */
  readonly isHidden?: (slot: number) => boolean;
  /** Names the state of the above, so that found results are reused only in the same state. */
  readonly variant: string;
}

/** Finds and orders records, and remembers what it found until the world changes. */
export class SearchEngine {
  private readonly revision: () => number;
  private readonly found = new Map<string, { revision: number; found: Found }>();

  constructor(revision: () => number) {
    this.revision = revision;
  }

  find<R extends TimedRow>(searched: Searched<R>, { query, sort }: Pick<Search, 'query' | 'sort'>): Found {
    searched.table.orderBy('updated_at');
    const key = `${searched.variant} ${sort.field.name} ${JSON.stringify(query)}`;
    const known = this.found.get(key);
    if (known?.revision === this.revision()) return known.found;
    const found = findIn(searched, query, sort.field);
    if (this.found.size > MOST_REMEMBERED) this.found.clear();
    this.found.set(key, { revision: this.revision(), found });
    return found;
  }
}

function findIn<R extends TimedRow>(searched: Searched<R>, query: Query, sortField: Field): Found {
  const { table } = searched;
  const passes = compile(query, searched);
  if (sortField.name === 'updated_at' || sortField.name === 'created_at') {
    const column = sortField.name;
    const slots = filtered(candidates(searched, query, column), passes);
    return { slots, valueAt: (position) => table.searchTime(slots[position]!, column) };
  }
  const slots = filtered(candidates(searched, query, 'updated_at'), passes);
  const values = new Map<number, Json>();
  for (const slot of slots) values.set(slot, valuesOf(table.searchRow(slot), sortField)[0] ?? null);
  const sorted = Uint32Array.from([...slots].sort((a, b) => compareValues(values.get(a)!, values.get(b)!) || a - b));
  return { slots: sorted, valueAt: (position) => values.get(sorted[position]!)! };
}

/** The order of sort values; records without one come last. */
export function compareValues(a: Json, b: Json): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return textOf(a) < textOf(b) ? -1 : 1;
}

/** Slots among which all matches are, in ascending order of the column. */
function candidates<R extends TimedRow>(
  searched: Searched<R>,
  query: Query,
  column: 'created_at' | 'updated_at',
): Uint32Array {
  const order = searched.table.orderBy(column);
  const members = membersOf(searched, query);
  if (members && members.length < order.length / 4)
    return sortedByKey(members, (slot) => searched.table.searchTime(slot, column));
  const { from, to } = boundsOf(query, column, searched.calendar);
  return order.slots.subarray(order.before(from, 0), order.before(to, 0));
}

/** The members of the smallest group that every match must belong to. */
function membersOf<R extends TimedRow>(searched: Searched<R>, query: Query): Uint32Array | undefined {
  if (query.kind === 'group') {
    if (query.operator === 'OR') return undefined;
    const lists = query.parts.map((part) => membersOf(searched, part)).filter((list) => list !== undefined);
    return lists.sort((a, b) => a.length - b.length)[0];
  }
  const membership = searched.memberships?.[query.field.name];
  if (!membership || query.operator !== '=' || query.value === null) return undefined;
  const index = membership.indexOf(textOf(query.value));
  return index === undefined ? new Uint32Array(0) : membership.links.members(index);
}

function filtered(slots: Uint32Array, passes: (slot: number) => boolean): Uint32Array {
  const found = new Uint32Array(slots.length);
  let count = 0;
  for (const slot of slots) if (passes(slot)) found[count++] = slot;
  return count < slots.length / 2 ? found.slice(0, count) : found.subarray(0, count);
}

/** The span of the column in which all matches lie: from (inclusive), to (exclusive). */
function boundsOf(query: Query, column: string, calendar: Calendar | undefined): { from: number; to: number } {
  if (query.kind === 'group') {
    const parts = query.parts.map((part) => boundsOf(part, column, calendar));
    const [outer, inner] = query.operator === 'AND' ? [Math.max, Math.min] : [Math.min, Math.max];
    return { from: outer(...parts.map((part) => part.from)), to: inner(...parts.map((part) => part.to)) };
  }
  const { field, operator, value } = query;
  if (field.name !== column || value === null || Array.isArray(value)) return EVERYTHING;
  const time = Number(value);
  const { start, end } = calendar?.dayOf(time) ?? { start: time, end: time + 1 };
  if (operator === '=') return clamped(start, end);
  if (operator === '>') return clamped(end, ABSENT);
  if (operator === '<') return clamped(0, start);
  if (operator === '>=') return clamped(time, ABSENT);
  return operator === '<=' ? clamped(0, time + 1) : EVERYTHING;
}

function clamped(from: number, to: number): { from: number; to: number } {
  return { from: Math.min(Math.max(from, 0), ABSENT), to: Math.min(Math.max(to, 0), ABSENT) };
}

function compile<R extends TimedRow>(query: Query, searched: Searched<R>): (slot: number) => boolean {
  const passes = compileQuery(query, searched);
  const { isHidden } = searched;
  return isHidden ? (slot) => !isHidden(slot) && passes(slot) : passes;
}

function compileQuery<R extends TimedRow>(query: Query, searched: Searched<R>): (slot: number) => boolean {
  if (query.kind === 'filter') return compileFilter(query, searched);
  const parts = query.parts.map((part) => compileQuery(part, searched));
  if (query.operator === 'AND') return (slot) => parts.every((passes) => passes(slot));
  return (slot) => parts.some((passes) => passes(slot));
}

function compileFilter<R extends TimedRow>(
  filter: Filter,
  { table, calendar, memberships }: Searched<R>,
): (slot: number) => boolean {
  const { field } = filter;
  const test = testOf(filter, calendar);
  if (field.name === 'updated_at' || field.name === 'created_at') {
    const column = field.name;
    return (slot) => test(table.searchTime(slot, column));
  }
  const membership = memberships?.[field.name];
  if (membership) return compileMembership(filter, membership);
  return (slot) => {
    if (!table.isLagging(slot)) {
      if (field.name === 'id') return test(table.idOf(slot));
      const peeked = field.path === undefined && field.idsIn === undefined ? table.peek(slot, field.name) : undefined;
      if (peeked !== undefined) return test(peeked);
    }
    const values = valuesOf(table.searchRow(slot), field);
    return filter.operator === '!=' || filter.operator === 'NIN' || filter.operator === '!~'
      ? values.every(test)
      : values.some(test);
  };
}

function compileMembership(
  { operator, value }: Filter,
  { links, indexOf }: { links: Links; indexOf: (id: string) => number | undefined },
): (slot: number) => boolean {
  if (value === null) return (slot) => (links.of(slot).length === 0) === (operator === '=');
  const wanted = new Set<number>();
  for (const id of Array.isArray(value) ? value : [value]) {
    const index = indexOf(textOf(id));
    if (index !== undefined) for (const member of links.members(index)) wanted.add(member);
  }
  const positive = operator === '=' || operator === 'IN';
  return (slot) => wanted.has(slot) === positive;
}

const EVERYTHING = { from: 0, to: ABSENT };
const MOST_REMEMBERED = 300;
