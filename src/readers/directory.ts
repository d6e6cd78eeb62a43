import { textOf, type JsonObject } from '../core/json.ts';
import { ApiError, type Request } from '../intercom/api.ts';
import { path } from './path.ts';
import { recordIn, recordsAt } from './records.ts';

export type Kind = 'admins' | 'companies' | 'segments' | 'tags';

/** What one configured value stands for. */
export interface Resolution {
  readonly value: string;
  /** Intercom's ids that it names: one, or none if unknown, or several if a name is ambiguous. */
  readonly ids: readonly string[];
  /** Names like it, for values that name nothing. */
  readonly nearest: readonly string[];
}

/** Turns what people write (ids, names, e-mails) into Intercom's ids. Each list is asked for once per run. */
export interface Directory {
  resolve(kind: Kind, values: readonly string[]): Promise<readonly Resolution[]>;
  /** Every id of a kind. */
  all(kind: Exclude<Kind, 'companies'>): Promise<readonly string[]>;
}

export function createDirectory(once: (request: Request) => Promise<JsonObject>): Directory {
  const read = async (kind: Exclude<Kind, 'companies'>): Promise<readonly JsonObject[]> => {
    const { path: list, query, key } = LISTS[kind];
    return recordsAt(
      await once({ method: 'GET', path: list, query, purpose: `Looking up ${kind}` }),
      key,
      `Looking up ${kind}`,
    );
  };
  return {
    all: async (kind) => (await read(kind)).map(({ id }) => textOf(id)),
    async resolve(kind, values) {
      if (values.length === 0) return [];
      if (kind === 'companies') return Promise.all(values.map((value) => findCompany(value, once)));
      const records = await read(kind);
      return values.map((value) => match(value, records, LISTS[kind].fields));
    },
  };
}

/** By id first: a name that looks like an id must not hide it. */
function match(value: string, records: readonly JsonObject[], fields: readonly string[]): Resolution {
  for (const field of ['id', ...fields]) {
    const found = records.filter((record) => textOf(record[field]) === value);
    if (found.length > 0) return { value, ids: found.map(({ id }) => textOf(id)), nearest: [] };
  }
  const names = records.flatMap((record) => fields.map((field) => textOf(record[field]))).filter((name) => name !== '');
  return { value, ids: [], nearest: nearest(value, names) };
}

async function findCompany(value: string, once: (request: Request) => Promise<JsonObject>): Promise<Resolution> {
  const purpose = `Looking up company "${value}"`;
  const attempts: readonly Request[] = [
    { method: 'GET', path: path`/companies/${value}`, purpose },
    { method: 'GET', path: '/companies', query: { company_id: value }, purpose },
    { method: 'GET', path: '/companies', query: { name: value }, purpose },
  ];
  for (const [index, request] of attempts.entries()) {
    // What is no id of Intercom's may be refused as one. A name that is refused is not unknown: that it was left out would lose rows.
    const answer = await once(request).catch(nothingIf(index === 0 ? ['gone', 'refused'] : ['gone']));
    const listed = answer !== undefined && 'data' in answer ? recordsAt(answer, 'data', purpose) : [answer];
    const found = listed.filter((each) => each !== undefined).map((each) => recordIn(each, purpose));
    if (found.length > 0) return { value, ids: found.map(({ id }) => textOf(id)), nearest: [] };
  }
  return { value, ids: [], nearest: nearest(value, await someCompanies(once)) };
}

/** Names and own ids of one page of companies: enough to find a slip of the pen in a small workspace, for one call. */
async function someCompanies(once: (request: Request) => Promise<JsonObject>): Promise<readonly string[]> {
  const purpose = 'Looking for companies of similar names';
  try {
    const answer = await once({ method: 'POST', path: '/companies/list', body: { page: 1, per_page: 60 }, purpose });
    return recordsAt(answer, 'data', purpose)
      .flatMap(({ name, company_id: own }) => [textOf(name), textOf(own)])
      .filter((name) => name !== '');
  } catch {
    return []; // a hint only: that the name is unknown is certain already
  }
}

function nothingIf(failures: readonly ApiError['failure'][]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ApiError && failures.includes(error.failure)) return undefined;
    throw error;
  };
}

/** The names that take the fewest changes to get to, at most three. */
export function nearest(value: string, names: readonly string[]): readonly string[] {
  return [...new Set(names)]
    .filter((name) => Math.max(name.length, value.length) <= LONGEST)
    .map((name) => ({ name, distance: distance(value.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.ceil(Math.max(value.length, name.length) / 2)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Characters of names that are worth comparing. */
const LONGEST = 200;

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [line, letter] of Array.from(a).entries()) {
    const next = [line + 1];
    for (const [column, other] of Array.from(b).entries()) {
      next.push(
        Math.min((next[column] ?? 0) + 1, (row[column + 1] ?? 0) + 1, (row[column] ?? 0) + (letter === other ? 0 : 1)),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const LISTS = {
  admins: { path: '/admins', query: {}, key: 'admins', fields: ['email', 'name'] },
  tags: { path: '/tags', query: {}, key: 'data', fields: ['name'] },
  segments: { path: '/segments', query: { include_count: true }, key: 'segments', fields: ['name'] },
} as const;
