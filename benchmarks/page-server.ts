import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator } from '../simulator/index.ts';

/**
 * Serves `POST /contacts/search` from memory, at next to no cost of its own, so that a benchmark measures who asks and not who
 * answers. The contacts are the simulator's, ascending by `updated_at`; a page token is a position.
 */
const simulator = await startSimulator({ sizes: { contacts: Number(process.argv[2]) } });
const contacts = [...simulator.world.contacts.all()].sort((a, b) => a.updated_at - b.updated_at);
const times = contacts.map((contact) => contact.updated_at);
const rows = contacts.map((contact) => Buffer.from(`${JSON.stringify(contact)},`));
const starts = [0];
for (const { length } of rows) starts.push(starts.at(-1)! + length);
const bytes = Buffer.concat(rows);
rows.length = 0;
contacts.length = 0;
await simulator.close();

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

const server = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    const reset = Math.ceil(Date.now() / 10_000) * 10;
    response.setHeaders(new Map([['Content-Type', 'application/json'], ...limits(reset)]));
    if (request.method === 'GET') response.end('{"type":"admin"}');
    else {
      const parts = page(JSON.parse(body) as Search);
      response.setHeader(
        'Content-Length',
        parts.reduce((sum, { length }) => sum + length, 0),
      );
      for (const part of parts) response.write(part);
      response.end();
    }
  });
});

function page({ query, pagination: { per_page: size, starting_after: token } }: Search): readonly Buffer[] {
  const begin = positionOf(fromOf(query));
  const from = token === undefined ? begin : Number(token);
  const to = Math.min(times.length, from + size);
  const next = to < times.length ? `"next":{"starting_after":"${to}"},` : '';
  return [
    Buffer.from('{"type":"list","data":['),
    bytes.subarray(starts[from], Math.max(starts[from]!, starts[to]! - 1)),
    Buffer.from(`],"total_count":${times.length - begin},"pages":{"type":"pages",${next}"per_page":${size}}}`),
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

function positionOf(time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.stdin.once('end', () => process.exit(0)).resume();
