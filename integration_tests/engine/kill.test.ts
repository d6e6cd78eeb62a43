import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { streams } from '../../src/index.ts';
import { Chance } from './support/chance.ts';
import { Destination, readStreams, type Reading } from './support/read.ts';

const INCREMENTAL = streams.filter(({ cursor }) => cursor !== undefined).map(({ name }) => name);
const CONFIG = { lead_emails: ['nobody@example.com'], usernames: ['a'] };

let simulator: Simulator;
let whole: Reading;

beforeAll(async () => {
  simulator = await startSimulator({ sizes: { contacts: 160, conversations: 45, companies: 130, tickets: 10 } });
  whole = await readStreams(simulator, INCREMENTAL, { config: CONFIG });
});

afterAll(() => simulator.close());

test('a read of every incremental stream works', () => {
  expect(whole.failures).toEqual([]);
  expect(Object.values(whole.rows).flat().length).toBeGreaterThan(1000);
});

test('killed at any message and started again with the last state, a read brings the same rows', async () => {
  const chance = new Chance(7);
  const moments = Array.from({ length: 12 }, () => chance.below(whole.events.length));
  for (const moment of moments) {
    const destination = new Destination();
    const killed = await readStreams(simulator, INCREMENTAL, { config: CONFIG, onEvent: (_, index) => index < moment });
    destination.merge(killed.rows);
    simulator.advance(61); // the killed read may hold the workspace's only scroll for a minute
    const resumed = await readStreams(simulator, INCREMENTAL, { config: CONFIG, states: killed.states });
    destination.merge(resumed.rows);
    for (const name of INCREMENTAL)
      expect([name, ...keysOf(destination, name)]).toEqual([name, ...keysOf(all(), name)]);
  }
}, 60_000);

function all(): Destination {
  const destination = new Destination();
  destination.merge(whole.rows);
  return destination;
}

function keysOf(destination: Destination, stream: string): readonly string[] {
  return [...destination.table(stream).keys()].sort();
}
