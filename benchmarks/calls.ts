import { discover, readMessages, type Offered, type Outcome } from './connector.ts';
import { startSimulated, type Logged, type Simulated } from './simulated.ts';
import { count, table } from './table.ts';

/** API calls of each stream, read alone, and of all together. */
export async function calls(): Promise<string> {
  const simulator = await startSimulated([...SIZES, '--limit', '1000000', '--now', String(yesterday())]);
  try {
    const offered = await discover();
    const names = await namesToLookUp(simulator);
    const rows: string[][] = [];
    const alone: Cost[] = [];
    for (const stream of offered) {
      const cost = await costOf(simulator, [stream], names);
      alone.push(cost);
      rows.push(rowOf(stream.name, cost));
    }
    const together = await costOf(simulator, offered, names);
    const sum = alone.reduce((total, { first }) => total + first.length, 0);
    return [
      table(
        ['Stream', 'Rows', 'Calls', 'Calls per row', 'Repeated', 'Unchanged', 'Asked for'],
        [...rows, rowOf('all of them in one read', together, '')],
      ),
      explain(sum, together, alone),
    ].join('\n\n');
  } finally {
    await simulator.close();
  }
}

interface Cost {
  readonly rows: number;
  readonly first: readonly Logged[];
  /** What the next read asks when nothing has changed. */
  readonly second: readonly Logged[];
}

async function costOf(simulator: Simulated, streams: readonly Offered[], config: object): Promise<Cost> {
  const wanted = streams.map(({ name, supported_sync_modes: modes }) => ({
    name,
    mode: modes.includes('incremental') ? ('incremental' as const) : ('full_refresh' as const),
  }));
  const options = { url: simulator.url, streams: wanted, config: { ...config } };
  const first = await logged(simulator, () => readMessages(options));
  const second = await logged(simulator, () => readMessages({ ...options, state: first.outcome.states }));
  const rows = [...first.outcome.rows.values()].reduce((total, each) => total + each, 0);
  return { rows, first: first.requests, second: second.requests };
}

/** Runs a read. The call to `/me` that each read begins with is left out. */
async function logged(
  simulator: Simulated,
  read: () => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly requests: readonly Logged[] }> {
  await simulator.forgetRequests();
  const outcome = await read();
  if (outcome.exitCode !== 0) throw new Error('The connector failed.');
  return { outcome, requests: (await simulator.requests()).filter(({ route }) => route !== 'GET /me') };
}

function rowOf(name: string, { rows, first, second }: Cost, asked = routesOf(first)): string[] {
  const perRow = rows === 0 ? '' : (first.length / rows).toFixed(3);
  return [name, count(rows), count(first.length), perRow, String(repeatsOf(first)), count(second.length), asked];
}

/** Calls that had been made before, to the letter. A scroll names each of its pages alike, and is left out. */
function repeatsOf(requests: readonly Logged[]): number {
  const asked = requests
    .filter(({ path }) => !path.endsWith('/scroll'))
    .map(({ method, path, query, body }) => JSON.stringify([method, path, query, body]));
  return asked.length - new Set(asked).size;
}

function routesOf(requests: readonly Logged[]): string {
  const counts = new Map<string, number>();
  for (const { route } of requests) counts.set(route, (counts.get(route) ?? 0) + 1);
  return [...counts].map(([route, calls]) => `${count(calls)} ${route}`).join(', ');
}

/** Something for the two reports that only read what they are told. */
async function namesToLookUp(simulator: Simulated): Promise<object> {
  const truth = await (await fetch(`${simulator.url}/_simulator/truth/contacts`)).text();
  const contacts = truth
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const values = (role: string, field: string): readonly unknown[] =>
    contacts
      .filter((contact) => contact['role'] === role && typeof contact[field] === 'string')
      .map((one) => one[field]);
  return { lead_emails: values('lead', 'email').slice(0, 3), usernames: values('user', 'name').slice(0, 2) };
}

function explain(sum: number, together: Cost, alone: readonly Cost[]): string {
  const repeats = alone.reduce((total, { first }) => total + repeatsOf(first), repeatsOf(together.first));
  return (
    `The workspace has ${SIZES.filter((_, index) => index % 2 === 1).join(', ')} contacts, companies, conversations and tickets. ` +
    'Each stream is read alone and whole; *unchanged* is what the next incremental read of the same, unchanged workspace ' +
    `asks. The call to /me that each read begins with is not counted. Read one by one the streams take ${count(sum)} calls, ` +
    `in one read ${count(together.first.length)}. No call should be made twice in a read: there were ${repeats}.`
  );
}

/** So that no row is of the minutes in which Intercom's search may lag behind. */
function yesterday(): number {
  return Math.floor(Date.now() / 1000) - 86_400;
}

const SIZES = ['--contacts', '1000', '--companies', '300', '--conversations', '300', '--tickets', '100'];
