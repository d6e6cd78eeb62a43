import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { parseState } from '../src/protocol/airbyte-input.ts';
import { Bookmarks } from '../src/protocol/singer-state.ts';
import { streams } from '../src/streams/index.ts';
import { readStreams, type Row, type States } from './engine/support/read.ts';

const page = readFileSync(new URL('../docs/migrating.md', import.meta.url), 'utf8');
const examples = (mark: string): readonly Row[] =>
  [...page.matchAll(new RegExp(`<!-- ${mark} -->\\n\\n\`\`\`json\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => JSON.parse(text) as Row,
  );

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(() => simulator.close());

describe.each(examples('state').map((state, index) => [index + 1, state] as const))(
  'state %i of docs/migrating.md',
  (_, state) => {
    const states = statesOf(state);
    // It says that everything up to here was read, whatever else its children say.
    const cursor = Date.UTC(2026, 0) / 1000;
    const recent = (row: Row): boolean => Number(row['updated_at']) >= cursor;

    test('lets the next read go on where the last one ended', async () => {
      const { world } = simulator;
      const { rows, states: after } = await readStreams(simulator, Object.keys(states), { states });
      const changed = [...world.conversations.all()].filter(recent);
      const parts = changed.flatMap(({ id }) => world.conversations.parts(id));
      expect([...world.contacts.all()].filter(recent).length).toBeGreaterThan(10);
      expect(idsOf(rows['contacts'])).toEqual(idsOf([...world.contacts.all()].filter(recent)));
      expect(idsOf(rows['conversations'])).toEqual(idsOf(changed));
      expect(idsOf(rows['conversation_parts'])).toEqual(idsOf(parts));
      for (const [name, saved] of Object.entries(after))
        expect([name, ...Object.keys(saved)]).toContain(cursorOf(name));
    });
  },
);

test.each(examples('config'))('configuration %# of docs/migrating.md reads', async (config) => {
  const admins = [...simulator.world.admins.all()] as readonly Row[];
  const known = 'conversation_admin_ids' in config ? { conversation_admin_ids: [admins[0]!['email']] } : {};
  const { rows, failures } = await readStreams(simulator, ['conversations', 'conversation_details'], {
    config: { ...config, access_token: simulator.token, ...known },
  });
  expect(failures).toEqual([]);
  expect(rows['conversation_details']!.length).toBeGreaterThan(0);
});

test.each(['Airbyte', 'singer-io'])('the streams of %s are here under their names', (who) => {
  const names = streams.map(({ name }) => name as string);
  expect(NAMES[who]!.filter((name) => !names.includes(name))).toEqual([]);
});

test('there are examples', () => {
  expect([examples('state').length, examples('config').length]).toEqual([3, 3]);
});

function statesOf(state: Row): States {
  if (!('bookmarks' in state)) return Object.fromEntries(parseState(state));
  const bookmarks = new Bookmarks(state);
  const named = streams.filter(({ name }) => name in (state['bookmarks'] as object));
  return Object.fromEntries(named.map((stream) => [stream.name, bookmarks.stateOf(stream)]));
}

function cursorOf(name: string): string | undefined {
  return streams.find((stream) => stream.name === name)?.cursor;
}

function idsOf(rows: readonly Row[] | undefined): readonly unknown[] {
  return (rows ?? []).map(({ id }) => id).sort();
}

/** The streams of the two connectors. */
const COMMON = [
  ...['admins', 'companies', 'company_attributes', 'company_segments', 'contact_attributes', 'contacts', 'segments'],
  ...['conversation_parts', 'conversations', 'tags', 'teams'],
];
const NAMES: Readonly<Record<string, readonly string[]>> = {
  Airbyte: [...COMMON, 'activity_logs', 'tickets'],
  'singer-io': COMMON,
};
