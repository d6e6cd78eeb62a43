import { startSimulator, type Simulator, type SimulatorOptions } from './index.ts';
import { at, textOf, type Json, type JsonObject } from './json.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: JsonObject;
  /** The code of an error. */
  readonly code: string | undefined;
}

/** Runs a test with a simulator of its own. */
export async function withSimulator<T>(
  options: SimulatorOptions,
  use: (simulator: Simulator) => T | Promise<T>,
): Promise<T> {
  const simulator = await startSimulator(options);
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

/** Sends a request such as `GET /contacts?per_page=2`. */
export async function ask(
  simulator: Simulator,
  request: string,
  body?: Json,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const [method = '', path = ''] = request.split(/ (.*)/);
  const response = await fetch(simulator.url + path, {
    method,
    headers: {
      authorization: `Bearer ${simulator.token}`,
      'intercom-version': '2.16',
      'content-type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = parse(text);
  return { status: response.status, headers: response.headers, text, body: parsed, code: codeIn(parsed) };
}

/** Searches with one filter, in ascending order of `updated_at`. */
export async function search(
  simulator: Simulator,
  collection: string,
  query: Json,
  more: JsonObject = {},
): Promise<Reply> {
  return ask(simulator, `POST /${collection}/search`, {
    query,
    sort: { field: 'updated_at', order: 'ascending' },
    ...more,
  });
}

/** The rows of an answer, whatever their key. */
export function rowsOf({ body }: Reply): JsonObject[] {
  return (Object.values(body).find((value) => Array.isArray(value)) ?? []) as JsonObject[];
}

export function idsOf(reply: Reply): string[] {
  return rowsOf(reply).map((row) => textOf(row['id']));
}

/** Follows the cursors of a search to its end. */
export async function searchAll(
  simulator: Simulator,
  collection: string,
  query: Json,
  perPage: number,
): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  let next: Json | undefined;
  do {
    const reply = await search(simulator, collection, query, {
      pagination: { per_page: perPage, ...(next === undefined ? {} : { starting_after: next }) },
    });
    rows.push(...rowsOf(reply));
    next = at(reply.body, 'pages.next.starting_after');
  } while (next !== undefined);
  return rows;
}

function parse(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}

function codeIn(body: JsonObject): string | undefined {
  const errors = (body as JsonObject | null)?.['errors'];
  return Array.isArray(errors) ? textOf(at(errors[0], 'code')) : undefined;
}
