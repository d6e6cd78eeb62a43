import { afterEach, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { readStreams } from './support/read.ts';

let simulator: Simulator;

afterEach(() => simulator.close());

test('more than 10,000 users of a tag, of a segment and of a company come, each once, in few calls', async () => {
  simulator = await startSimulator({
    sizes: { contacts: 10_400, leadsPercent: 0, companies: 3, tags: 3, segments: 3 },
  });
  const { world } = simulator;
  const [tag] = [...world.tags.all()];
  const [segment] = [...world.segments.all()];
  const [company] = [...world.companies.all()];
  const ids = [...world.contacts.all()].map(({ id }) => id);
  for (const id of ids) {
    world.tagContact(id, tag!.id, { touch: false });
    world.addToSegment(id, segment!.id);
    world.attachCompany(id, company!.id, { touch: false });
  }

  for (const [stream, option, id] of [
    ['users_by_tag', 'tag_ids', tag!.id],
    ['users_by_segment', 'segment_ids', segment!.id],
    ['users_by_company', 'company_ids', company!.id],
  ] as const) {
    const { rows, failures, calls } = await readStreams(simulator, [stream], { config: { [option]: [id] } });
    expect(failures).toEqual([]);
    expect(rows[stream]!.map((row) => row['id']).sort()).toEqual([...ids].sort());
    expect(rows[stream]!.every((row) => row[option.replace('_ids', '_id')] === id)).toBe(true);
    expect(calls).toBeLessThanOrEqual(Math.ceil(ids.length / (option === 'company_ids' ? 60 : 150)) + 5 + 3);
  }
}, 60_000);

test('a conversation with 620 parts comes with the 500 newest, and says that it is cut', async () => {
  simulator = await startSimulator({ sizes: { conversations: 3, tickets: 0 } });
  const long = simulator.world.conversations.add({ parts: 620 });
  const { rows } = await readStreams(simulator, ['conversation_details', 'conversation_parts']);
  const truncated = rows['conversation_details']!.filter((row) => row['parts_truncated'] === true);
  expect(truncated.map((row) => row['id'])).toEqual([long.id]);
  const parts = rows['conversation_parts']!.filter((row) => row['conversation_id'] === long.id);
  expect(parts.map((row) => row['id'])).toEqual(
    simulator.world.conversations
      .parts(long.id)
      .slice(-500)
      .map(({ id }) => id),
  );
});

test.each([1, 2, 50])('with concurrency %i every stream is read whole', async (concurrency) => {
  simulator = await startSimulator({ sizes: { contacts: 700, conversations: 30 } });
  const { rows, failures } = await readStreams(simulator, ['contacts', 'events', 'conversation_parts'], {
    config: { concurrency },
  });
  expect(failures).toEqual([]);
  expect(rows['contacts']!.length).toBe(700);
  expect(rows['events']!.length).toBeGreaterThan(100);
});
