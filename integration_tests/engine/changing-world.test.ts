import { afterEach, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { Chance } from './support/chance.ts';
import { Destination, readStreams, type Row, type States } from './support/read.ts';

const STREAMS = ['contacts', 'users', 'leads', 'conversations', 'conversation_parts'];
const ZONES = ['UTC', 'Pacific/Pago_Pago', 'Pacific/Kiritimati', 'Asia/Kolkata', 'America/New_York'];

let simulator: Simulator;

afterEach(() => simulator.close());

describe.each([
  { seed: 1, indexLag: 0 },
  { seed: 2, indexLag: 120 },
  { seed: 3, indexLag: 300 },
])('thirty reads of a world that changes at random (seed $seed, index lag $indexLag s)', ({ seed, indexLag }) => {
  test('bring every row as it is at the end, and none twice', async () => {
    const chance = new Chance(seed);
    simulator = await startSimulator({
      seed,
      indexLag,
      timezone: ZONES[seed % ZONES.length]!,
      sizes: { contacts: 1400, conversations: 60, companies: 5, tickets: 0 },
    });
    const destination = new Destination();
    const known = {
      contacts: [...ids(simulator.world.contacts)],
      conversations: [...ids(simulator.world.conversations)],
    };
    const sent = new Map<string, string>();
    const repeats: string[] = [];
    let states: States = {};
    let budget = 0;
    simulator.onRequest = () => {
      if (budget <= 0 || chance.next() < 0.5) return;
      budget--;
      change(simulator, chance, known);
      simulator.advance(chance.below(3));
    };

    for (let sync = 0; sync < 30; sync++) {
      budget = chance.below(30);
      const { rows, states: after, failures } = await readStreams(simulator, STREAMS, { states });
      expect(failures).toEqual([]);
      states = after;
      destination.merge(rows);
      for (const [stream, list] of Object.entries(rows)) {
        for (const row of list) {
          const key = `${stream} ${String(row['id'])}`;
          const version = JSON.stringify(row);
          if (sent.get(key) === version && stream !== 'conversation_parts') repeats.push(`${String(sync)} ${key}`);
          sent.set(key, version);
        }
      }
      budget = 0;
      for (let changes = chance.below(20); changes > 0; changes--) {
        change(simulator, chance, known);
        simulator.advance(chance.below(60));
      }
      simulator.advance(chance.pick([1, 60, 599, 601, 3600, 43_200, 86_400]));
    }
    simulator.advance(7200);
    const last = await readStreams(simulator, STREAMS, { states });
    destination.merge(last.rows);

    const contacts = [...simulator.world.contacts.all()];
    expect(versions(destination, 'contacts')).toEqual(versionsOf(contacts));
    expect(versions(destination, 'users')).toEqual(versionsOf(contacts.filter(({ role }) => role === 'user')));
    expect(versions(destination, 'leads')).toEqual(versionsOf(contacts.filter(({ role }) => role === 'lead')));
    const conversations = [...simulator.world.conversations.all()];
    expect(versions(destination, 'conversations')).toEqual(versionsOf(conversations));
    const parts = conversations.flatMap(({ id }) => simulator.world.conversations.parts(id));
    expect([...destination.table('conversation_parts').keys()].sort()).toEqual(parts.map(({ id }) => id).sort());
    expect(repeats).toEqual([]);
  }, 60_000);
});

interface Known {
  readonly contacts: string[];
  readonly conversations: string[];
}

function change({ world }: Simulator, chance: Chance, known: Known): void {
  const dice = chance.next();
  if (dice < 0.5) world.contacts.update(chance.pick(known.contacts), { name: `name ${String(chance.below(1000))}` });
  else if (dice < 0.6) known.contacts.push(world.contacts.add({ role: chance.pick(['user', 'lead']) }).id);
  else if (dice < 0.7) known.conversations.push(world.conversations.add({ title: 'new' }).id);
  else world.conversations.addPart(chance.pick(known.conversations), { body: `<p>${String(chance.below(1000))}</p>` });
}

function* ids(table: { all(): Iterable<{ readonly id: string }> }): Generator<string> {
  for (const { id } of table.all()) yield id;
}

function versions(destination: Destination, stream: string): readonly string[] {
  return versionsOf([...destination.table(stream).values()]);
}

function versionsOf(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => JSON.stringify([row['id'], row['updated_at'], row['name'] ?? row['title'] ?? null])).sort();
}
