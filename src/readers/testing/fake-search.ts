import { at, textOf, type JsonObject } from '../../core/json.ts';
import type { Request } from '../../intercom/api.ts';

export interface Row {
  readonly id: string;
  readonly updated_at: number;
  readonly [field: string]: unknown;
}

export interface FakeSearchOptions {
  /** Seconds of a day, where dates are compared by days. */
  readonly day?: number;
  readonly pageSize?: number;
  /** What the index does not show yet. */
  readonly isHidden?: (row: Row) => boolean;
}

/** A search endpoint over rows that a test may change: keyset tokens, `>`, `=`, `<`, `IN`, AND and OR. */
export class FakeSearch {
  readonly rows = new Map<string, Row>();
  readonly #options: FakeSearchOptions;

  constructor(rows: readonly Row[], options: FakeSearchOptions = {}) {
    for (const row of rows) this.rows.set(row.id, row);
    this.#options = options;
  }

  readonly answer = ({ body = {} }: Request): JsonObject => {
    const { pageSize = 150, isHidden = () => false } = this.#options;
    const field = textOf(at(body, 'sort.field')) || 'updated_at';
    const sign = at(body, 'sort.order') === 'descending' ? -1 : 1;
    const found = [...this.rows.values()]
      .filter((row) => !isHidden(row) && this.#meets(row, body['query'] as JsonObject))
      .sort((a, b) => sign * compare(a, b, field));
    const token = at(body, 'pagination.starting_after');
    const size = Number(at(body, 'pagination.per_page') ?? pageSize);
    const [value, id] = typeof token === 'string' ? (JSON.parse(token) as [number, string]) : [];
    const rest =
      value === undefined || id === undefined
        ? found
        : found.filter((row) => sign * compare(row, { id, updated_at: value, [field]: value }, field) > 0);
    const page = rest.slice(0, size);
    const last = page.at(-1);
    const next =
      rest.length > size && last !== undefined ? { starting_after: JSON.stringify([last[field], last.id]) } : null;
    return { data: page, total_count: found.length, pages: { next } };
  };

  #meets(row: Row, query: JsonObject): boolean {
    const { operator, value, field } = query;
    if (operator === 'AND') return (value as readonly JsonObject[]).every((each) => this.#meets(row, each));
    if (operator === 'OR') return (value as readonly JsonObject[]).some((each) => this.#meets(row, each));
    const actual = row[String(field)];
    if (operator === 'IN') return (value as readonly unknown[]).includes(actual);
    const { day } = this.#options;
    if (day === undefined || !String(field).endsWith('_at'))
      return operator === '=' ? actual === value : Number(actual) > Number(value);
    const [a, b] = [Math.floor(Number(actual) / day), Math.floor(Number(value) / day)];
    return operator === '=' ? a === b : a > b;
  }
}

function compare(a: Row, b: Row, field: string): number {
  return Number(a[field]) - Number(b[field]) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
