import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { printChanges, printVerdict } from './demo-changes.ts';
import { Connector, type OfferedStream } from './demo-connector.ts';
import { printMessages, readAll, save, WIDTH, type Read } from './demo-read.ts';
import { wrap } from './demo-table.ts';

/**
 * Shows the connector at work, without an Intercom account: everything is read, the workspace changes, and what changed is read.
 *
 * The workspace is simulated on this machine, answers after 30 ms, and permits as many calls as Intercom does (10,000 a minute).
 */
async function demo(): Promise<boolean> {
  const started = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'source-intercom-demo-'));
  const simulator = await startSimulator({
    now: Math.floor(started / 1000) - DAY,
    frozen: false,
    latency: 30,
    rateLimit: { limit: 1_666 },
    sizes: { contacts: 400, conversations: 200, companies: 130, tickets: 25 },
  });
  try {
    say(
      `A workspace of Intercom is simulated at ${simulator.url}. The connector is told so by SOURCE_INTERCOM_API_URL; all ` +
        `else is as with the real one. Files are in ${folder}`,
    );
    const connector = new Connector(folder, simulator.url);
    save(folder, 'config.json', configFor(simulator));
    const streams = await prepare(connector, folder);

    say('First read: everything.');
    const words = ['read', '--config', 'config.json', '--catalog', 'catalog.json'];
    const first = await readAll(connector, streams, { words, output: 'first-read.jsonl' });
    printMessages(first, 'first-read.jsonl');
    save(folder, 'state.json', first.states);
    const firstCalls = callsOf(simulator);

    say('A day goes by: contacts are renamed and added, customers reply, conversations are closed, one is deleted.');
    const changed = await changeTheWorld(simulator);

    say('Second read, with the state of the first: what changed. Streams without rows are left out here.');
    const again = [...words, '--state', 'state.json'];
    const second = await readAll(connector, streams, { words: again, output: 'second-read.jsonl', isBrief: true });
    if (second.errors.length > 0) printMessages(second, 'second-read.jsonl');
    printChanges(second, streams);
    const isComplete = printVerdict(second, changed, streams);

    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    say(
      `Shown in ${seconds} s: ${streams.length} streams read whole (${rowsOf(first)} rows, ${firstCalls} calls), then only the ` +
        `changes of a day (${rowsOf(second)} rows, ${callsOf(simulator)} calls).`,
    );
    console.log(wrap(`Config, catalog, state and all messages lie in ${folder}`, WIDTH));
    return isComplete && first.exitCode === 0 && second.exitCode === 0;
  } finally {
    await simulator.close();
  }
}

/** Checks the configuration, and selects every stream, incrementally where it can be. */
async function prepare(connector: Connector, folder: string): Promise<readonly OfferedStream[]> {
  await connector.run(['check', '--config', 'config.json'], 'check.jsonl', ({ connectionStatus }) => {
    if (connectionStatus !== undefined)
      console.log(`  ${connectionStatus.status} ${connectionStatus.message ?? ''}`.trimEnd());
  });
  let streams: readonly OfferedStream[] = [];
  await connector.run(['discover', '--config', 'config.json'], 'discover.jsonl', ({ catalog }) => {
    if (catalog !== undefined) streams = catalog.streams;
  });
  const incremental = streams.filter(({ supported_sync_modes: modes }) => modes.includes('incremental')).length;
  console.log(
    `  ${streams.length} streams, ${incremental} of them incremental. All are selected in catalog.json, each like:`,
  );
  const entries = streams.map((stream) => ({
    stream,
    sync_mode: stream.supported_sync_modes.includes('incremental') ? 'incremental' : 'full_refresh',
    destination_sync_mode: stream.supported_sync_modes.includes('incremental') ? 'append_dedup' : 'overwrite',
  }));
  save(folder, 'catalog.json', { streams: entries });
  console.log(
    '  {"stream": {"name": "contacts", ...}, "sync_mode": "incremental",\n   "destination_sync_mode": "append_dedup"}',
  );
  return streams;
}

/** The token, and something to look for in the two reports that only read what they are told. */
function configFor({ token, world }: Simulator): object {
  const lead = [...world.contacts.all()].find(({ role, email }) => role === 'lead' && typeof email === 'string');
  const user = [...world.contacts.all()].find(({ role, name }) => role === 'user' && typeof name === 'string');
  return {
    access_token: token,
    lead_emails: lead === undefined ? [] : [lead['email']],
    usernames: user === undefined ? [] : [user['name']],
  };
}

/** @returns the ids that changed, by stream */
async function changeTheWorld(simulator: Simulator): Promise<Readonly<Record<string, readonly string[]>>> {
  simulator.requests.length = 0;
  simulator.advance(DAY - 2 * HOUR);
  const answer = await fetch(`${simulator.url}/_simulator/scenario`, {
    method: 'POST',
    body: JSON.stringify({ name: 'a_day_of_changes' }),
  });
  if (!answer.ok) throw new Error(`The simulator refused the scenario: ${await answer.text()}`);
  simulator.advance(HOUR);
  return (await answer.json()) as Record<string, string[]>;
}

function callsOf({ requests }: Simulator): string {
  return requests.length.toLocaleString('en-US');
}

function rowsOf({ rows }: Read): string {
  return [...rows.values()].reduce((sum, { length }) => sum + length, 0).toLocaleString('en-US');
}

function say(text: string): void {
  console.log(`\n${wrap(text, WIDTH)}`);
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

process.exitCode = (await demo()) ? 0 : 1;
