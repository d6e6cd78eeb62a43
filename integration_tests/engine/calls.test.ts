import { afterEach, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { readStreams } from './support/read.ts';

let simulator: Simulator;

afterEach(() => simulator.close());

test.each([
  [1000, 0],
  [10_000, 0],
  [20_000, 0],
  [10_000, 40],
])('%i contacts cost at most five calls more than full pages (latency %i ms)', async (contacts, latency) => {
  simulator = await startSimulator({ latency, sizes: { contacts } });
  const { rows, calls } = await readStreams(simulator, ['contacts']);
  expect(rows['contacts']!.length).toBe(contacts);
  expect(calls).toBeLessThanOrEqual(Math.ceil(contacts / 150) + 5 + 1);
  const times = rows['contacts']!.map((row) => row['updated_at'] as number);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('reading an unchanged workspace again costs at most three calls a pass, and brings nothing', async () => {
  simulator = await startSimulator({ sizes: { contacts: 3000, conversations: 400 } });
  const streams = ['contacts', 'users', 'leads', 'conversations', 'conversation_details', 'conversation_parts'];
  const first = await readStreams(simulator, streams);
  for (const pause of [60, 3600, 86_400]) {
    simulator.advance(pause);
    const again = await readStreams(simulator, streams, { states: first.states });
    expect(Object.values(again.rows).flat()).toEqual([]);
    expect(again.calls).toBeLessThanOrEqual(1 + 2 * 3);
  }
});

test('streams that need the same objects fetch each once', async () => {
  simulator = await startSimulator({ sizes: { contacts: 300, conversations: 60 } });
  await readStreams(simulator, [
    'conversations',
    'conversations_by_admin',
    'conversation_details',
    'conversation_parts',
    'contacts',
    'users',
    'leads',
    'notes_by_user',
    'users_by_tag',
    'users_by_company',
  ]);
  const seen = simulator.requests
    .filter(({ method }) => method === 'GET')
    .map(({ path, query }) => JSON.stringify([path, query]));
  expect(seen.length).toBeGreaterThan(100);
  expect(seen.filter((request, index) => seen.indexOf(request) !== index)).toEqual([]);
});

test('a new stream beside one that is up to date reads the other no second time', async () => {
  simulator = await startSimulator({ sizes: { contacts: 3000, leadsPercent: 10 } });
  const users = await readStreams(simulator, ['users']);
  simulator.advance(7 * 86_400);
  const both = await readStreams(simulator, ['users', 'leads'], { states: users.states });
  expect(both.rows['users']).toEqual([]);
  expect(both.rows['leads']!.length).toBe(
    [...simulator.world.contacts.all()].filter(({ role }) => role === 'lead').length,
  );
  expect(both.calls).toBeLessThanOrEqual(1 + Math.ceil(both.rows['leads']!.length / 150) + 5);
});
