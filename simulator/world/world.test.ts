import { describe, expect, test } from '@jest/globals';
import { DEFAULT_NOW } from '../index.ts';
import { ask, idsOf, search, withSimulator } from '../testing.ts';
import type { World } from './world.ts';

describe('a world', () => {
  test('is a pure function of seed and sizes', async () => {
    const truth = async (seed: number, contacts = 40): Promise<string> =>
      withSimulator({ seed, sizes: { contacts } }, ({ world }) => everythingIn(world));
    expect(await truth(5)).toBe(await truth(5));
    expect(await truth(5)).not.toBe(await truth(6));
    expect(await truth(5, 41)).not.toBe(await truth(5));
  });

  test('has what its sizes say', async () => {
    await withSimulator({ sizes: { contacts: 123, companies: 45, conversations: 67, tickets: 8 } }, ({ world }) => {
      for (const [name, size] of [
        ['contacts', 123],
        ['companies', 45],
        ['conversations', 75],
        ['tickets', 8],
        ['tags', 14],
      ] as const) {
        expect([name, world[name].size, [...world[name].all()].length]).toEqual([name, size, size]);
      }
      const leads = [...world.contacts.all()].filter(({ role }) => role === 'lead').length;
      expect(leads).toBeGreaterThan(20);
      expect(leads).toBeLessThan(60);
    });
  });

  test('holds no record from the future, and none changed before it was made', async () => {
    await withSimulator({ sizes: { contacts: 500, conversations: 200 } }, ({ world }) => {
      for (const rows of [
        world.contacts.all(),
        world.companies.all(),
        world.conversations.all(),
        world.tickets.all(),
      ]) {
        for (const row of rows) expect(row.created_at <= row.updated_at && row.updated_at <= DEFAULT_NOW).toBe(true);
      }
      for (const note of world.notes.all()) expect(note.created_at).toBeLessThanOrEqual(DEFAULT_NOW);
      for (const { id } of world.conversations.all()) {
        const times = world.conversations.parts(id).map((part) => part.created_at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
    });
  });

  test('remembers all its old merges where search shows them, none of them unknown to it yet', async () => {
    await withSimulator({}, async (simulator) => {
      const remembered = [...simulator.world.contacts.all()].flatMap(({ id }) =>
        simulator.world.contacts.mergeHistory(id),
      );
      const query = { field: 'role', operator: '=', value: 'user' };
      const body = { query, pagination: { per_page: 150 } };
      const { body: answer } = await ask(simulator, 'POST /contacts/search?include_merge_history=true', body);
      const shown = (answer['data'] as { merge_history: unknown[] }[]).flatMap((contact) => contact.merge_history);
      expect(shown.length).toBeGreaterThan(1);
      expect(shown.length).toBe(remembered.length);
    });
  });

  test('has many changes within one second, and empty works', async () => {
    await withSimulator({ sizes: { contacts: 2000 } }, ({ world }) => {
      const counts = new Map<number, number>();
      for (const { updated_at: time } of world.contacts.all()) counts.set(time, (counts.get(time) ?? 0) + 1);
      expect(Math.max(...counts.values())).toBeGreaterThan(15);
    });
    const nothing = {
      contacts: 0,
      companies: 0,
      conversations: 0,
      tickets: 0,
      admins: 0,
      teams: 0,
      tags: 0,
      segments: 0,
      subscriptionTypes: 0,
      calls: 0,
    };
    await withSimulator({ sizes: nothing }, async (simulator) => {
      expect(idsOf(await search(simulator, 'contacts', { field: 'role', operator: '=', value: 'user' }))).toEqual([]);
      expect((await ask(simulator, 'GET /conversations')).body).toMatchObject({
        total_count: 0,
        pages: { total_pages: 0 },
      });
      expect((await ask(simulator, 'GET /companies/scroll')).body['data']).toEqual([]);
      expect((await ask(simulator, 'GET /me')).status).toBe(200);
    });
  });
});

describe('changes', () => {
  test('move updated_at to now, unless told otherwise', async () => {
    await withSimulator({}, (simulator) => {
      const { contacts, tags } = simulator.world;
      const [contact] = [...contacts.all()];
      simulator.advance(9);
      expect(contacts.update(contact!.id, { name: 'A' })).toMatchObject({ name: 'A', updated_at: simulator.now() });
      expect(contacts.update(contact!.id, { name: 'B', updated_at: 77 })).toMatchObject({ name: 'B', updated_at: 77 });
      expect('name' in contacts.update(contact!.id, { name: undefined })).toBe(false);
      const [tag] = [...tags.all()];
      simulator.world.tagContact(contact!.id, tag!.id, { touch: false });
      simulator.world.addToSegment(contact!.id, [...simulator.world.segments.all()][1]!.id);
      simulator.world.addNote(contact!.id);
      simulator.world.addEvent(contact!.id);
      contacts.update(contact!.id, { updated_at: 77 });
      simulator.world.untagContact(contact!.id, tag!.id);
      expect(contacts.get(contact!.id)!.updated_at).toBe(simulator.now());
    });
  });

  test('reach every place where the record is shown', async () => {
    await withSimulator({}, async (simulator) => {
      const { world } = simulator;
      const contact = world.contacts.add({ role: 'lead', name: 'Ó' });
      const tag = world.tags.add({ name: 'fresh' });
      const segment = world.segments.add({ name: 'fresh' });
      world.tagContact(contact.id, tag.id, { applied_at: 5, applied_by: '9' });
      world.addToSegment(contact.id, segment.id);
      const [type] = [...world.subscriptionTypes.all()];
      world.unsubscribe(contact.id, type!.id);
      expect((await ask(simulator, `GET /contacts/${contact.id}/tags`)).body['data']).toEqual([
        { type: 'tag', id: tag.id, name: 'fresh', applied_at: 5, applied_by: { type: 'admin', id: '9' } },
      ]);
      expect(idsOf(await ask(simulator, `GET /contacts/${contact.id}/subscriptions`))).toEqual([type!.id]);
      for (const [field, value] of [
        ['tag_id', tag.id],
        ['segment_id', segment.id],
      ] as const) {
        expect(idsOf(await search(simulator, 'contacts', { field, operator: '=', value }))).toEqual([contact.id]);
      }
      world.untagContact(contact.id, tag.id);
      world.removeFromSegment(contact.id, segment.id);
      expect(idsOf(await search(simulator, 'contacts', { field: 'tag_id', operator: '=', value: tag.id }))).toEqual([]);
      expect(idsOf(await ask(simulator, `GET /contacts/${contact.id}/segments`))).toEqual([]);
      world.contacts.update(contact.id, { role: 'user' });
      expect(
        idsOf(
          await search(simulator, 'contacts', {
            operator: 'AND',
            value: [
              { field: 'role', operator: '=', value: 'user' },
              { field: 'id', operator: '=', value: contact.id },
            ],
          }),
        ),
      ).toEqual([contact.id]);
    });
  });

  test('take ids of their own', async () => {
    await withSimulator({}, async (simulator) => {
      simulator.world.contacts.add({ id: 'my-own', email: 'x@y.z' });
      expect((await ask(simulator, 'GET /contacts/my-own')).body['email']).toBe('x@y.z');
      expect(() => simulator.world.contacts.add({ id: 'my-own' })).toThrow('taken');
      simulator.world.contacts.delete('my-own');
      expect(() => simulator.world.contacts.update('my-own', {})).toThrow('no');
      expect(() => simulator.world.contacts.update('nobody', {})).toThrow('no');
    });
  });
});

test('a million contacts start and answer at once', async () => {
  const started = performance.now();
  await withSimulator({ sizes: { contacts: 1_000_000, companies: 12_000 } }, async (simulator) => {
    expect(performance.now() - started).toBeLessThan(20_000);
    const query = {
      operator: 'AND',
      value: [
        { field: 'role', operator: '=', value: 'user' },
        { field: 'updated_at', operator: '>', value: DEFAULT_NOW - 86_400 * 30 },
      ],
    };
    const reply = await search(simulator, 'contacts', query, { pagination: { per_page: 150 } });
    expect(Number(reply.body['total_count'])).toBeGreaterThan(100_000);
    expect(idsOf(reply).length).toBe(150);
    expect(performance.now() - started).toBeLessThan(40_000);
  });
}, 60_000);

function everythingIn(world: World): string {
  const stores = [
    world.contacts,
    world.companies,
    world.conversations,
    world.tickets,
    world.notes,
    world.events,
    world.segments,
    world.articles,
    world.calls,
    world.activityLogs,
  ];
  return JSON.stringify(stores.map((store) => [...(store as { all(): Iterable<unknown> }).all()]));
}
