import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { read, wordsOf, type CommandOptions, type ReadInput } from '../support/commands.ts';
import { runConnector } from '../support/connector.ts';
import { Verbatim } from '../support/folder.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { fullConfig, startWorkspace } from '../support/workspace.ts';

interface Figure {
  readonly value: number;
  readonly is: 'about' | 'exact' | 'least';
}

interface Plan {
  readonly streams: readonly {
    readonly stream: string;
    readonly rows: Figure | null;
    readonly calls: Figure;
    readonly minutes: number;
    readonly problem: string | null;
  }[];
  readonly calls: Figure;
  readonly minutes: number;
  readonly calls_per_minute: number;
}

let simulator: Simulator;
let config: JsonObject;
let first: Run;
let planned: Plan;
let catalog: ReadInput['catalog'];

const SIZES = { contacts: 700, conversations: 350, companies: 230, tickets: 200, articles: 300, activityLogs: 40 };

async function planOf(input: Partial<ReadInput>, options: CommandOptions = {}): Promise<Plan> {
  const run = await planRun(input, { ...options, more: ['--format', 'json'] });
  return JSON.parse(run.stdout) as Plan;
}

function planRun(input: Partial<ReadInput>, options: CommandOptions = {}): Promise<Run> {
  return runConnector(wordsOf('plan', input, options), { api: simulator.url, text: true, ...options });
}

/** Calls that something makes. */
async function callsOf<T>(work: () => Promise<T>): Promise<{ readonly calls: number; readonly result: T }> {
  const before = simulator.requests.length;
  const result = await work();
  return { calls: simulator.requests.length - before, result };
}

function expectWithin(actual: number, expected: number, share: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.max(1, expected * share));
}

/** Every figure that is said to be exact is, every other is near, and what is missing is missing for a reason. */
function expectToHold(plan: Plan, run: Run): void {
  const wrong = plan.streams
    .map(({ stream, rows }) => ({ stream, rows, came: run.records(stream).length }))
    .filter(({ rows, came }) => {
      if (rows === null) return false;
      return Math.abs(rows.value - came) > (rows.is === 'exact' ? 0 : Math.max(10, 0.15 * came));
    });
  expect(wrong).toEqual([]);
}

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: SIZES });
  config = fullConfig(simulator);
  const looked = await callsOf(() => planOf({ config }));
  planned = looked.result;
  catalog = configure(
    planned.streams.map(({ stream }) => stream),
    'incremental',
  );
  // One or two calls for each stream; those that share pages share them here, too.
  expect(looked.calls).toBeLessThan(2 * planned.streams.length);
  const whole = await callsOf(() => read({ config, catalog }, { api: simulator.url }));
  first = whole.result;
  expectWithin(planned.calls.value, whole.calls, 0.05);
}, 120_000);

afterAll(async () => {
  await simulator.close();
});

describe('a plan of everything', () => {
  test('says the rows that the read brings', () => {
    expect(first.exitCode).toBe(0);
    expectToHold(planned, first);
    const exact = planned.streams.filter(({ rows }) => rows?.is === 'exact');
    expect(exact.length).toBeGreaterThan(30);
  });

  test('says what cannot be known', () => {
    const unknown = planned.streams.filter(({ rows }) => rows === null).map(({ stream }) => stream);
    expect(unknown).toEqual([
      'events',
      'notes_by_user',
      'users_by_segment',
      'conversation_parts',
      'activity_logs',
      'event_summaries',
      'contact_segments',
      'conversation_handling_events',
    ]);
  });

  test('reckons minutes at the present rate limit', () => {
    expect(planned.calls_per_minute).toBe(60_000);
    expect(planned.minutes).toBeCloseTo(planned.calls.value / 60_000);
  });
});

test('a plan with catalog and state is of what has changed', async () => {
  const state = first.lastStates();
  simulator.advance(86_400);
  for (const contact of [...simulator.world.contacts.all()].slice(0, 25))
    simulator.world.contacts.update(contact.id, { name: 'Renamed' });
  simulator.advance(3600);
  const some = configure(
    ['contacts', 'users', 'contact_tags', 'conversations', 'articles', 'tags', 'events'],
    'incremental',
  );
  // As a read printed it.
  const lines = state.map((each) => JSON.stringify({ type: 'STATE', state: each })).join('\n');
  const looked = await callsOf(() => planOf({ config, catalog: some, state: new Verbatim(lines) }));
  expect(looked.calls).toBeLessThanOrEqual(2 * 7);
  const later = await callsOf(() => read({ config, catalog: some, state }, { api: simulator.url }));
  expectToHold(looked.result, later.result);
  expectWithin(looked.result.calls.value, later.calls, 0.05);
  expect(looked.result.streams.map(({ stream, rows }) => [stream, rows?.value])).toEqual([
    ['contacts', 25],
    ['users', later.result.records('users').length],
    ['contact_tags', later.result.records('contact_tags').length],
    ['conversations', 0],
    ['articles', 0],
    ['tags', 6],
    ['events', undefined],
  ]);
});

test('a plan leaves the scroll over companies alone', async () => {
  simulator.requests.length = 0;
  await planOf({ config, catalog: configure(['companies'], 'incremental') });
  expect(simulator.requests.map(({ route }) => route)).toEqual(['GET /me', 'POST /companies/list']);
});

test('what the token may not read is said of the streams concerned, and the others are planned', async () => {
  simulator.trouble.tokens.set('limited', { scopes: ['read_admins', 'read_tags'] });
  const plan = await planOf({
    config: { access_token: 'limited' },
    catalog: configure(['tickets', 'tags'], 'incremental'),
  });
  expect(plan.streams.map(({ stream, rows }) => [stream, rows?.value])).toEqual([
    ['tickets', undefined],
    ['tags', 6],
  ]);
  expect(plan.streams[0]!.problem).toContain('Read tickets');
});

test('a token that Intercom refuses ends it', async () => {
  const { exitCode, stdout, stderr } = await planRun({ config: { access_token: 'wrong' } });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^Error: Checking the access token: /);
});

test('the table is for people', async () => {
  const { stdout } = await planRun({
    config,
    catalog: configure(['conversations', 'conversation_parts', 'tags'], 'incremental'),
  });
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^Stream +Rows +Calls +Minutes +Note$/);
  const details = first.records('conversations').length;
  const pages = Math.ceil(details / 150);
  expect(lines[2]).toMatch(new RegExp(`^conversation_parts +\\? +${details} +<1 +shares the pages of conversations$`));
  expect(lines[4]).toMatch(new RegExp(`^Total +~${details + pages + 2} `));
  expect(stdout).toContain('Minutes at the present limit of 60,000 calls a minute.');
  expect(stdout).toContain('(conversation_parts)');
});
