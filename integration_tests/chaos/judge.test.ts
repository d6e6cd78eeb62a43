import { describe, expect, test } from '@jest/globals';
import { createSimulator, type JsonObject, type Simulator } from '../../simulator/index.ts';
import { Judge } from './judge.ts';
import type { Dialect, Plan } from './random/plan.ts';
import { publishedSchemas } from './validity.ts';

/** Three contacts that changed long ago, and nothing else. */
function workspace(): Simulator {
  const simulator = createSimulator({ now: NOW, sizes: { contacts: 3, companies: 0, conversations: 0, tickets: 0 } });
  const { contacts } = simulator.world;
  for (const [index, { id }] of [...contacts.all()].entries()) contacts.update(id, { updated_at: LONG_AGO + index });
  return simulator;
}

const NOW = 1_770_000_000;
const LONG_AGO = NOW - 100_000;

interface Setting {
  readonly config?: JsonObject;
  readonly mode?: 'full_refresh' | 'incremental';
  readonly dialect?: Dialect;
}

type Judging = Awaited<ReturnType<typeof judging>>;

async function judging({ config = {}, mode = 'incremental', dialect = 'airbyte' }: Setting = {}) {
  const { world } = workspace();
  const changed = new Map<string, number>();
  const plan: Pick<Plan, 'config' | 'dialect' | 'modes' | 'workspace'> = {
    config,
    dialect,
    modes: { contacts: mode },
    workspace: {},
  };
  let now = NOW * 1000;
  const judge = new Judge({
    plan,
    world,
    schemas: await publishedSchemas(config),
    changes: { comers: new Set(), converted: new Set(), lastOf: (id) => changed.get(id) ?? -Infinity },
    now: () => now,
  });
  const rows = [...world.contacts.all()].map((row) => JSON.parse(JSON.stringify(row)) as JsonObject);
  return {
    judge,
    world,
    rows,
    /** One run of such lines, all of which are kept unless only so many are. */
    run: (lines: readonly string[], { kept = lines.length, isWhole = true } = {}): void => {
      judge.begin({ streams: ['contacts'] });
      for (const line of lines) judge.take(line);
      judge.end(kept, isWhole);
      now += 3_600_000;
    },
    change: (id: string): void => {
      world.contacts.update(id, { name: 'other', updated_at: Math.floor(now / 1000) });
      changed.set(id, now);
    },
  };
}

function record(row: JsonObject | undefined, stream = 'contacts'): string {
  return JSON.stringify({ type: 'RECORD', record: { stream, emitted_at: 0, data: row ?? {} } });
}

function state(cursor: number, more: JsonObject = {}): string {
  const stream = { stream_descriptor: { name: 'contacts' }, stream_state: { updated_at: cursor, ...more } };
  return JSON.stringify({ type: 'STATE', state: { type: 'STREAM', stream } });
}

const LOG = JSON.stringify({ type: 'LOG', log: { level: 'INFO', message: '' } });

describe('what is as it should be', () => {
  test('a run that brings all, a change, and a run that brings it', async () => {
    const { judge, world, rows, run, change } = await judging();
    run([...rows.map((row) => record(row)), state(NOW - 600)]);
    change(rows[0]?.['id'] as string);
    run([record(world.contacts.get(rows[0]?.['id'] as string)), state(NOW + 3000)]);
    judge.conclude();
    expect(judge.violation).toBeUndefined();
  });

  test('rows after the last state that was kept come again', async () => {
    const { judge, rows, run } = await judging();
    run([record(rows[0]), state(LONG_AGO), record(rows[1]), record(rows[2])], { isWhole: false });
    run([record(rows[1]), record(rows[2]), state(NOW)]);
    judge.conclude();
    expect(judge.violation).toBeUndefined();
  });

  test('what is not kept may be missing', async () => {
    const { judge, rows, run } = await judging();
    run([record(rows[0]), state(LONG_AGO + 1), record(rows[1]), record(rows[2]), state(NOW)], {
      kept: 2,
      isWhole: false,
    });
    run([record(rows[1]), record(rows[2]), state(NOW)]);
    judge.conclude();
    expect(judge.violation).toBeUndefined();
  });

  test('a row comes again after a change, with a window that looks back, and where states had no room', async () => {
    const looking = await judging({ config: { lookback_window: 1 } });
    for (let times = 0; times < 2; times++) looking.run([...looking.rows.map((row) => record(row)), state(NOW - 600)]);
    expect(looking.judge.violation).toBeUndefined();
    const { judge, rows, run } = await judging();
    const sent = Object.fromEntries(Array.from({ length: 480 }, (_, index) => [`contact ${index}`, '600.abcdefghijk']));
    for (let times = 0; times < 2; times++) run([...rows.map((row) => record(row)), state(NOW - 600, { sent })]);
    expect(judge.violation).toBeUndefined();
  });
});

describe('events, where only contacts that changed are asked', () => {
  const setUp = async (config: JsonObject) => {
    const { world } = workspace();
    const id = [...world.contacts.all()][0]?.id ?? '';
    world.addEvent(id, { event_name: 'seen', created_at: NOW - 1000 });
    const judge = new Judge({
      plan: { config, dialect: 'airbyte', modes: { events: 'incremental' }, workspace: {} },
      world,
      schemas: await publishedSchemas(config),
      changes: { comers: new Set(), converted: new Set(), lastOf: () => -Infinity },
      now: () => NOW * 1000,
    });
    judge.begin({ streams: ['events'] });
    const stream = { stream_descriptor: { name: 'events' }, stream_state: { created_at: NOW } };
    return { judge, world, id, end: JSON.stringify({ type: 'STATE', state: { type: 'STREAM', stream } }) };
  };
  const after = (seconds: number): JsonObject => ({
    start_date: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
    per_contact_scope: 'changed',
  });

  test('those of a contact that had not changed since the start date may be missing, also when it changes later', async () => {
    const { judge, world, id, end } = await setUp(after(NOW - 2000));
    world.contacts.update(id, { name: 'other' });
    judge.take(end);
    judge.end(1, true);
    expect(judge.violation).toBeUndefined();
  });

  test.each<[string, JsonObject, boolean]>([
    ['those of a contact that had changed', after(LONG_AGO - 1), false],
    ['those that come with a change', after(NOW - 2000), true],
    ['all, where all contacts are asked', { ...after(NOW - 2000), per_contact_scope: 'all' }, false],
  ])('%s may not', async (_, config, isNew) => {
    const { judge, world, id, end } = await setUp(config);
    if (isNew) world.addEvent(id, { event_name: 'seen', created_at: NOW - 500 }, { touch: true });
    judge.take(end);
    judge.end(1, true);
    expect(judge.violation?.message).toBe('no state passes a row that did not go out');
  });
});

describe('what is not', () => {
  type Case = readonly [string, (about: Judging) => void, Setting?];

  test.each<Case>([
    [
      'no state passes a row that did not go out',
      ({ rows, run }) => {
        run([record(rows[0]), record(rows[2]), state(NOW - 600)]);
      },
    ],
    [
      'no state passes a row that did not go out',
      ({ rows, run }) => {
        // Found at the moment of the state, although the row comes after it.
        run([record(rows[0]), record(rows[2]), LOG, state(NOW - 600), record(rows[1])]);
      },
    ],
    [
      'no state passes a row that did not go out',
      ({ rows, run }) => {
        run([record(rows[0]), record({ ...rows[1], name: 'of yore' }), record(rows[2]), state(NOW - 600)]);
      },
    ],
    [
      'no state passes a row that did not go out',
      ({ rows, run }) => {
        // The rows were lost with the run, the state was kept.
        run([state(NOW - 600), ...rows.map((row) => record(row))], { kept: 1, isWhole: false });
      },
    ],
    [
      'the union of all rows equals the truth',
      ({ judge, rows, run }) => {
        run([record(rows[0]), record(rows[1]), state(LONG_AGO + 2)]);
        judge.conclude();
      },
    ],
    [
      'the union of all rows equals the truth',
      ({ judge, rows, run }) => {
        run([record(rows[0]), record(rows[1]), state(LONG_AGO)]);
        judge.conclude();
      },
      { mode: 'full_refresh' },
    ],
    [
      'no row is there that the workspace does not have',
      ({ judge, rows, run }) => {
        run([...rows.map((row) => record(row)), record({ ...rows[0], id: 'made up' }), state(NOW - 600)]);
        judge.conclude();
      },
    ],
    [
      'no unchanged row comes twice in a run',
      ({ rows, run }) => {
        run([record(rows[0]), record(rows[0])]);
      },
    ],
    [
      'no unchanged row comes again in a later run',
      ({ rows, run }) => {
        for (let times = 0; times < 2; times++) run([...rows.map((row) => record(row)), state(NOW - 600)]);
      },
    ],
    [
      'no row is older than the start date',
      ({ rows, run }) => {
        run([record(rows[0])]);
      },
      { config: { start_date: new Date(NOW * 1000).toISOString().replace('.000Z', 'Z') } },
    ],
    [
      'no state goes back',
      ({ rows, run }) => {
        run([...rows.map((row) => record(row)), state(NOW - 600)]);
        run([state(NOW - 601)]);
      },
    ],
    [
      'the state of a stream has less than 16 KB',
      ({ run }) => {
        run([state(LONG_AGO, { sent: { all: 'x'.repeat(17_000) } })]);
      },
    ],
    [
      'every line is valid',
      ({ run }) => {
        run(['{"type":"RECORD",']);
      },
    ],
    [
      'every row holds to the schema of its stream',
      ({ rows, run }) => {
        run([record({ ...rows[0], created_at: 'yesterday' })]);
      },
    ],
    [
      'no row comes that nobody asked for',
      ({ rows, run }) => {
        run([record(rows[0], 'users')]);
      },
    ],
  ])('%s', async (invariant, act, setting = {}) => {
    const it = await judging(setting);
    act(it);
    expect(it.judge.violation?.message).toBe(invariant);
  });

  test('a tap whose bookmark passes a row', async () => {
    const { judge, rows, run } = await judging({ dialect: 'singer' });
    const row = (each: JsonObject | undefined): string =>
      JSON.stringify({ type: 'RECORD', stream: 'contacts', record: each ?? {} });
    const bookmarks = {
      contacts: { updated_at: NOW - 600, replication_key: 'updated_at', replication_key_value: NOW - 600 },
    };
    run([row(rows[0]), row(rows[1]), JSON.stringify({ type: 'STATE', value: { bookmarks } })]);
    expect(judge.violation?.message).toBe('no state passes a row that did not go out');
  });
});
