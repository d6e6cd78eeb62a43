import { afterEach, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { readStreams } from './support/read.ts';

let simulator: Simulator;

afterEach(() => simulator.close());

test('the closing lines tell rows, calls and whether all that Intercom counted came', async () => {
  simulator = await startSimulator({ sizes: { contacts: 310 } });
  const { events } = await readStreams(simulator, ['contacts', 'events']);
  const lines = events.flatMap((event) => (event.type === 'log' ? [`${event.level} ${event.message}`] : []));
  expect(lines.join('\n')).toMatch(
    /info contacts: 310 rows; .* together with 1 other stream; saw all 310 that Intercom counted/,
  );
  expect(lines.join('\n')).toMatch(
    /warn events: asks Intercom once for each contact: up to 310 calls, less than a minute at the present limit of 60000/,
  );
  expect(events).toContainEqual({ type: 'estimate', stream: 'contacts', rows: 310 });
});

test('a total that is not reached is warned about, with its numbers', async () => {
  simulator = await startSimulator({ sizes: { contacts: 40 } });
  simulator.trouble.add({
    match: { route: 'POST /contacts/search' },
    effect: { kind: 'shape', set: { total_count: 43 } },
  });
  const { rows, warnings } = await readStreams(simulator, ['contacts']);
  expect(rows['contacts']!.length).toBe(40);
  expect(warnings.join('\n')).toMatch(/contacts: Intercom counted 43 records at the start, 40 came: 3 were/);
});

test('a list inside a record that Intercom counts higher than it lists is named, and not chased', async () => {
  simulator = await startSimulator({ sizes: { contacts: 3, tags: 14 } });
  const [contact] = [...simulator.world.contacts.all()];
  for (const tag of simulator.world.tags.all()) simulator.world.tagContact(contact!.id, tag.id);
  simulator.trouble.add({
    match: { route: 'POST /contacts/search' },
    effect: {
      kind: 'rewrite',
      change: (text) => text.replaceAll('"total_count":14,"has_more":true', '"total_count":16,"has_more":true'),
    },
  });
  const { rows, warnings } = await readStreams(simulator, ['contact_tags']);
  expect(rows['contact_tags']!.filter((row) => row['contact_id'] === contact!.id).length).toBe(14);
  expect(warnings.join('\n')).toMatch(/counts and does not list: 1 \(GET \/contacts\/\w+\/tags: 14 of 16\)/);
  expect(simulator.requests.filter(({ route }) => route === 'GET /contacts/{id}/tags').length).toBe(1);
});

test('lists whose order is not settled come whole all the same', async () => {
  simulator = await startSimulator({ sizes: { articles: 600, collections: 600 }, quirks: { shuffleTies: true } });
  for (const { id } of simulator.world.articles.all())
    simulator.world.articles.update(id, { updated_at: 1_700_000_000 });
  for (const { id } of simulator.world.collections.all())
    simulator.world.collections.update(id, { updated_at: 1_700_000_000 });
  const { rows } = await readStreams(simulator, ['articles', 'collections']);
  for (const stream of ['articles', 'collections']) {
    const ids = rows[stream]!.map((row) => row['id']);
    expect(ids.length).toBe(600);
    expect(new Set(ids).size).toBe(600);
  }
});

test('members of a company all come, although one leaves while they are read and moves the others', async () => {
  simulator = await startSimulator({ sizes: { contacts: 130, companies: 1 } });
  const { world } = simulator;
  const [company] = [...world.companies.all()];
  for (const { id } of world.contacts.all()) world.attachCompany(id, company!.id, { touch: false });
  const members = [...world.contacts.all()].filter(({ role }) => role === 'user').map(({ id }) => id);
  const route = 'GET /companies/{id}/contacts';
  simulator.onRequest = ({ route: asked }) => {
    if (asked !== route) return;
    simulator.onRequest = undefined;
    world.detachCompany(members[0]!, company!.id, { touch: false });
  };
  const { rows } = await readStreams(simulator, ['users_by_company'], { config: { company_ids: [company!.id] } });
  expect(simulator.requests.filter(({ route: asked }) => asked === route).length).toBeGreaterThan(3);
  expect(rows['users_by_company']!.map(({ id }) => id).sort()).toEqual(members.toSorted());
});

test('parts that Intercom does not send are counted in the closing lines', async () => {
  simulator = await startSimulator({ sizes: { conversations: 2, tickets: 0 } });
  const { id } = simulator.world.conversations.add({ parts: 620 });
  const { warnings } = await readStreams(simulator, ['conversation_parts']);
  expect(warnings.join('\n')).toMatch(new RegExp(`older parts that Intercom does not send.*conversation ${id}`));
});
