import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Contacts in ascending order of `updated_at`; a contact is known by its position. */
export interface Contacts {
  readonly count: number;
  /** Unix seconds. */
  timeAt(position: number): number;
  /** The JSON text of the contacts from one position to before another, with commas between; in any number of pieces. */
  text(from: number, to: number): readonly Buffer[];
}

/**
 * Serves `POST /contacts/search` at next to no cost of its own, so that a benchmark measures who asks and not who answers. A page token is a
 * position. Says its address in its first line, and ends with its stdin.
 */
export function serve(contacts: Contacts): void {
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const reset = Math.ceil(Date.now() / 10_000) * 10;
      response.setHeaders(new Map([['Content-Type', 'application/json'], ...limits(reset)]));
      if (request.method === 'GET') response.end('{"type":"admin"}');
      else {
        const parts = page(contacts, JSON.parse(body) as Search);
        response.setHeader(
          'Content-Length',
          parts.reduce((sum, { length }) => sum + length, 0),
        );
        for (const part of parts) response.write(part);
        response.end();
      }
    });
  });
  server.listen(0, '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  process.stdin.once('end', () => process.exit(0)).resume();
}

/** So many requests that nobody has to wait. */
function limits(reset: number): readonly (readonly [string, string])[] {
  return [
    ['X-RateLimit-Limit', '1000000'],
    ['X-RateLimit-Remaining', '900000'],
    ['X-RateLimit-Reset', String(reset)],
  ];
}

interface Search {
  readonly query: unknown;
  readonly pagination: { readonly per_page: number; readonly starting_after?: string };
}

function page(contacts: Contacts, { query, pagination }: Search): readonly Buffer[] {
  const { per_page: size, starting_after: token } = pagination;
  const begin = positionOf(contacts, fromOf(query));
  const from = token === undefined ? begin : Number(token);
  const to = Math.min(contacts.count, from + size);
  const next = to < contacts.count ? `"next":{"starting_after":"${to}"},` : '';
  return [
    Buffer.from('{"type":"list","data":['),
    ...contacts.text(from, to),
    Buffer.from(`],"total_count":${contacts.count - begin},"pages":{"type":"pages",${next}"per_page":${size}}}`),
  ];
}

/** The least `updated_at` that a query asks for. */
function fromOf(query: unknown): number {
  if (Array.isArray(query)) return Math.max(0, ...query.map(fromOf));
  if (typeof query !== 'object' || query === null || !('value' in query)) return 0;
  const { value } = query;
  if (typeof value === 'object') return fromOf(value);
  return 'field' in query && query.field === 'updated_at' ? Number(value) : 0;
}

function positionOf(contacts: Contacts, time: number): number {
  let low = 0;
  let high = contacts.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (contacts.timeAt(middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
