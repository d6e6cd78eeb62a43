import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../index.ts';
import { at, type Json, type JsonObject, textOf } from '../json.ts';
import { ask, idsOf, rowsOf, search, searchAll, withSimulator } from '../testing.ts';

const DAY_STARTS: Record<string, number> = {
  UTC: Date.UTC(2026, 2, 29) / 1000,
  'Pacific/Pago_Pago': Date.UTC(2026, 2, 29, 11) / 1000,
  'Pacific/Kiritimati': Date.UTC(2026, 2, 28, 10) / 1000,
  'Asia/Kolkata': Date.UTC(2026, 2, 28, 18, 30) / 1000,
  'Europe/Berlin': Date.UTC(2026, 2, 28, 23) / 1000,
};
const LENGTHS: Record<string, number> = {
  UTC: 86_400,
  'Pacific/Pago_Pago': 86_400,
  'Pacific/Kiritimati': 86_400,
  'Asia/Kolkata': 86_400,
  'Europe/Berlin': 82_800,
};
const NOBODY = { contacts: 0, conversations: 0, tickets: 0, companies: 0 };

describe('contact search compares whole local days', () => {
  test.each(['UTC', 'Pacific/Pago_Pago', 'Pacific/Kiritimati', 'Asia/Kolkata', 'Europe/Berlin'])(
    'in %s',
    async (timezone) => {
      const start = DAY_STARTS[timezone]!;
      await withSimulator({ timezone, sizes: NOBODY, now: start + 5 * 86_400 }, async (simulator) => {
        const times = [start - 1, start, start + 1, start + LENGTHS[timezone]! - 1, start + LENGTHS[timezone]!];
        const ids = times.map((time) => simulator.world.contacts.add({ updated_at: time, created_at: time }).id);
        for (const inDay of [start, start + 40_000, start + LENGTHS[timezone]! - 1]) {
          for (const field of ['updated_at', 'created_at']) {
            expect(idsOf(await search(simulator, 'contacts', { field, operator: '=', value: inDay }))).toEqual(
              ids.slice(1, 4),
            );
            expect(idsOf(await search(simulator, 'contacts', { field, operator: '>', value: inDay }))).toEqual(
              ids.slice(4),
            );
            expect(idsOf(await search(simulator, 'contacts', { field, operator: '<', value: inDay }))).toEqual(
              ids.slice(0, 1),
            );
          }
        }
      });
    },
  );

  test('but sorts by the second, and says so for custom dates, too', async () => {
    await withSimulator({ sizes: NOBODY }, async (simulator) => {
      const noon = simulator.now();
      const late = simulator.world.contacts.add({ updated_at: noon - 5, custom_attributes: { renewal_date: noon } }).id;
      const early = simulator.world.contacts.add({
        updated_at: noon - 9,
        custom_attributes: { renewal_date: noon - 43_200 },
      }).id;
      simulator.world.contacts.add({ updated_at: noon - 1, custom_attributes: { renewal_date: noon - 43_201 } });
      const query = { field: 'custom_attributes.renewal_date', operator: '=', value: noon + 7 };
      expect(idsOf(await search(simulator, 'contacts', query))).toEqual([early, late]);
    });
  });
});

test.each(['conversations', 'tickets'])('%s compare exact seconds, and > excludes', async (collection) => {
  await withSimulator({ sizes: NOBODY, timezone: 'Asia/Tokyo' }, async (simulator) => {
    const time = 1_770_000_000;
    const store = collection === 'tickets' ? simulator.world.tickets : simulator.world.conversations;
    const ids = [time - 1, time, time + 1].map((updated) => store.add({ updated_at: updated, created_at: updated }).id);
    const found = async (operator: string): Promise<string[]> =>
      idsOf(await search(simulator, collection, { field: 'updated_at', operator, value: time }));
    expect(await found('>')).toEqual(ids.slice(2));
    expect(await found('=')).toEqual(ids.slice(1, 2));
    expect(await found('<')).toEqual(ids.slice(0, 1));
  });
});

describe('what a search must look like', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  const fine: JsonObject = { field: 'role', operator: '=', value: 'user' };
  const group = (count: number, operator = 'AND'): JsonObject => ({
    operator,
    value: Array.from({ length: count }, () => fine),
  });
  test.each<[string, string, Json, string | undefined]>([
    ['contacts', 'one filter', { query: fine }, undefined],
    ['contacts', 'fifteen filters', { query: group(15) }, undefined],
    ['contacts', 'sixteen filters', { query: group(16) }, 'invalid_value'],
    ['contacts', 'a group in a group', { query: { operator: 'AND', value: [group(2, 'OR'), fine] } }, undefined],
    [
      'contacts',
      'three levels',
      { query: { operator: 'AND', value: [{ operator: 'OR', value: [group(2)] }] } },
      'invalid_values',
    ],
    ['contacts', 'no query', {}, 'invalid_query'],
    ['contacts', 'no body', null, 'invalid_query'],
    ['contacts', 'a filter without value', { query: { field: 'role', operator: '=' } }, 'invalid_query'],
    ['contacts', 'an unknown group operator', { query: group(2, 'XOR') }, 'invalid_operator'],
    ['contacts', 'an unknown field', { query: { ...fine, field: 'company_id' } }, 'invalid_field'],
    [
      'contacts',
      'an unknown custom attribute',
      { query: { ...fine, field: 'custom_attributes.nope' } },
      'invalid_field',
    ],
    [
      'contacts',
      'a known custom attribute',
      { query: { ...fine, field: 'custom_attributes.nps.score', value: 5 } },
      undefined,
    ],
    ['contacts', '!= on a date', { query: { field: 'updated_at', operator: '!=', value: 1 } }, 'invalid_operator'],
    ['contacts', '>= on a date', { query: { field: 'updated_at', operator: '>=', value: 1 } }, 'invalid_operator'],
    ['contacts', '<= on a date', { query: { field: 'created_at', operator: '<=', value: 1 } }, 'invalid_operator'],
    ['contacts', 'IN on a date', { query: { field: 'updated_at', operator: 'IN', value: [1] } }, 'invalid_operator'],
    ['contacts', 'IN on a tag', { query: { field: 'tag_id', operator: 'IN', value: ['1'] } }, 'invalid_operator'],
    ['contacts', '> on text', { query: { field: 'email', operator: '>', value: 'a' } }, 'invalid_operator'],
    ['contacts', 'a number for text', { query: { field: 'email', operator: '=', value: 123 } }, 'invalid_value'],
    [
      'contacts',
      'text for a boolean',
      { query: { field: 'has_hard_bounced', operator: '=', value: 'true' } },
      'invalid_value',
    ],
    [
      'contacts',
      'text for a date',
      { query: { field: 'updated_at', operator: '>', value: 'yesterday' } },
      'invalid_value',
    ],
    [
      'contacts',
      'digits for a date',
      { query: { field: 'updated_at', operator: '>', value: '1306054154' } },
      undefined,
    ],
    ['contacts', 'IN without a list', { query: { field: 'id', operator: 'IN', value: 'x' } }, 'invalid_value'],
    ['contacts', 'null', { query: { field: 'email', operator: '=', value: null } }, undefined],
    [
      'contacts',
      'a short sort word',
      { query: fine, sort: { field: 'updated_at', order: 'desc' } },
      'invalid_sort_order',
    ],
    [
      'contacts',
      'an unknown sort field',
      { query: fine, sort: { field: 'nope', order: 'ascending' } },
      'invalid_field',
    ],
    ['contacts', 'an unknown key', { query: fine, random_param: 1 }, 'bad_request'],
    ['contacts', 'the largest page', { query: fine, pagination: { per_page: 150 } }, undefined],
    ['contacts', 'a page too large', { query: fine, pagination: { per_page: 151 } }, 'parameter_invalid'],
    [
      'contacts',
      'an id for a cursor',
      { query: fine, pagination: { starting_after: '6bf5d0e71bf1acb39e3779b1' } },
      'client_error',
    ],
    ['contacts', 'rubbish for a cursor', { query: fine, pagination: { starting_after: '%%%' } }, 'client_error'],
    ['conversations', 'a state', { query: { field: 'state', operator: '=', value: 'open' } }, undefined],
    [
      'conversations',
      'an assignee as a number',
      { query: { field: 'admin_assignee_id', operator: '=', value: 0 } },
      undefined,
    ],
    [
      'conversations',
      'an assignee as text',
      { query: { field: 'admin_assignee_id', operator: '=', value: '0' } },
      undefined,
    ],
    [
      'conversations',
      'IN of assignees',
      { query: { field: 'admin_assignee_id', operator: 'IN', value: [7_700_000, '7700001'] } },
      undefined,
    ],
    ['conversations', '<= on a date', { query: { field: 'updated_at', operator: '<=', value: 1 } }, undefined],
    ['conversations', 'a contact field', { query: { field: 'role', operator: '=', value: 'user' } }, 'invalid_field'],
    ['tickets', 'a state', { query: { field: 'state', operator: '=', value: 'submitted' } }, undefined],
    [
      'tickets',
      'ticket_state',
      { query: { field: 'ticket_state', operator: '=', value: 'submitted' } },
      'invalid_field',
    ],
    ['tickets', '>= on created_at', { query: { field: 'created_at', operator: '>=', value: 1 } }, undefined],
    ['tickets', '>= on updated_at', { query: { field: 'updated_at', operator: '>=', value: 1 } }, 'invalid_operator'],
  ])('%s: %s', async (collection, _case, body, code) => {
    const reply = await ask(simulator, `POST /${collection}/search`, body);
    expect(reply.code).toBe(code);
    expect(reply.status).toBe(code === undefined ? 200 : 400);
  });
});

describe('what a search finds', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ sizes: { contacts: 400, conversations: 150 } });
  });
  afterAll(() => simulator.close());

  const contact = (passes: (row: JsonObject) => boolean): string[] => sorted(simulator.world.contacts.all(), passes);
  const conversation = (passes: (row: JsonObject) => boolean): string[] =>
    sorted(simulator.world.conversations.all(), passes);
  const tagged = (row: JsonObject, id: string): boolean =>
    simulator.world.contactTags(simulator.world.contacts.slotOf(textOf(row['id']))!).some((tag) => tag['id'] === id);

  test.each<[string, string, Json, () => string[]]>([
    ['contacts', 'a role', filter('role', '=', 'lead'), () => contact((row) => row['role'] === 'lead')],
    [
      'contacts',
      'text in a name, whatever its case',
      filter('name', '~', 'OKAFOR'),
      () => contact((row) => textOf(row['name']).includes('Okafor')),
    ],
    ['contacts', 'no e-mail', filter('email', '=', null), () => contact((row) => row['email'] === null)],
    ['contacts', 'another e-mail or none', filter('email', '!=', 'x@y.z'), () => contact(() => true)],
    [
      'contacts',
      'the beginning of an e-mail',
      filter('email', '^', 'mira.'),
      () => contact((row) => textOf(row['email']).startsWith('mira.')),
    ],
    [
      'contacts',
      'a city',
      filter('location.city', '=', 'Dublin'),
      () => contact((row) => (row['location'] as JsonObject)['city'] === 'Dublin'),
    ],
    [
      'contacts',
      'a custom attribute',
      filter('custom_attributes.seats', '>=', 100),
      () => contact((row) => Number((row['custom_attributes'] as JsonObject)['seats']) >= 100),
    ],
    ['contacts', 'a tag', filter('tag_id', '=', '90001'), () => contact((row) => tagged(row, '90001'))],
    ['contacts', 'without a tag', filter('tag_id', '!=', '90001'), () => contact((row) => !tagged(row, '90001'))],
    [
      'contacts',
      'either of two',
      { operator: 'OR', value: [filter('role', '=', 'lead'), filter('tag_id', '=', '90001')] },
      () => contact((row) => row['role'] === 'lead' || tagged(row, '90001')),
    ],
    [
      'conversations',
      'a state',
      filter('state', '=', 'snoozed'),
      () => conversation((row) => row['state'] === 'snoozed'),
    ],
    [
      'conversations',
      'nobody assigned',
      filter('admin_assignee_id', '=', '0'),
      () => conversation((row) => row['admin_assignee_id'] === 0),
    ],
    [
      'conversations',
      'two states',
      filter('state', 'IN', ['open', 'closed']),
      () => conversation((row) => row['state'] !== 'snoozed'),
    ],
    [
      'conversations',
      'a word of the body',
      filter('source.body', '=', 'invoice'),
      () => conversation((row) => JSON.stringify(row['source']).includes(' invoice ')),
    ],
  ])('%s: %s', async (collection, _case, query, expected) => {
    const rows = await searchAll(simulator, collection, query, 37);
    expect(rows.map((row) => row['id'])).toEqual(expected());
    expect(expected().length).toBeGreaterThan(0);
  });

  test('the conversations of a contact', async () => {
    const [some] = [...simulator.world.conversations.all()];
    const { id } = ((some!['contacts'] as JsonObject)['contacts'] as JsonObject[])[0]!;
    const rows = await searchAll(simulator, 'conversations', filter('contact_ids', '=', id!), 10);
    expect(rows.map((row) => row['id'])).toEqual(
      conversation((row) => JSON.stringify(row['contacts']).includes(textOf(id))),
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  test('a segment', async () => {
    const [segment] = [...simulator.world.segments.all()];
    const rows = await searchAll(simulator, 'contacts', filter('segment_id', '=', segment!.id), 50);
    const { body } = await ask(simulator, 'GET /segments?include_count=true');
    expect(rows.length).toBe((body['segments'] as JsonObject[])[0]!['count']);
    const { text } = await ask(simulator, `GET /contacts/${textOf(rows[0]!['id'])}/segments`);
    expect(text).toContain(segment!.id);
  });

  test('other sort fields, both ways, across pages, with the missing last', async () => {
    for (const order of ['ascending', 'descending']) {
      const ids: string[] = [];
      let after: JsonObject = {};
      for (;;) {
        const reply = await ask(simulator, 'POST /contacts/search', {
          query: filter('role', '=', 'user'),
          sort: { field: 'last_replied_at', order },
          pagination: { per_page: 60, ...after },
        });
        ids.push(...idsOf(reply));
        const next = (reply.body['pages'] as { next?: { starting_after: string } }).next;
        if (!next) break;
        after = { starting_after: next.starting_after };
      }
      expect(new Set(ids).size).toBe(contact((row) => row['role'] === 'user').length);
      const times = ids
        .map((id) => simulator.world.contacts.get(id)!['last_replied_at'])
        .filter((time) => time !== null);
      expect(times).toEqual(
        [...times].sort((a, b) => (order === 'ascending' ? Number(a) - Number(b) : Number(b) - Number(a))),
      );
    }
  });
});

test('merged, archived and deleted contacts are not found', async () => {
  await withSimulator({ sizes: { contacts: 10 } }, async (simulator) => {
    const [archived, merged, deleted, user] = [...simulator.world.contacts.all()];
    simulator.world.contacts.archive(archived!.id);
    simulator.world.contacts.merge(merged!.id, user!.id);
    simulator.world.contacts.delete(deleted!.id);
    const found = await search(simulator, 'contacts', filter('created_at', '>', 0));
    expect(rowsOf(found).length).toBe(7);
    expect(found.body['total_count']).toBe(7);
    expect(idsOf(await ask(simulator, 'GET /contacts')).length).toBe(7);
    expect((await ask(simulator, `GET /contacts/${archived!.id}`)).status).toBe(200);
    expect((await ask(simulator, `GET /contacts/${deleted!.id}`)).status).toBe(404);
    const gone = await ask(simulator, `GET /contacts/${merged!.id}`);
    expect([gone.status, gone.code, gone.headers.get('link')]).toEqual([
      410,
      'contact_merged',
      `</contacts/${user!.id}>; rel="canonical"`,
    ]);
  });
});

test('an index that lags shows what was known for long as it is, whether or not anybody has searched since', async () => {
  await withSimulator({ indexLag: 60, sizes: { contacts: 1, conversations: 0 } }, async (simulator) => {
    const { world } = simulator;
    const { id } = [...world.contacts.all()][0]!;
    const before = world.notes.idsOfContact(world.contacts.slotOf(id)!).length;
    world.contacts.update(id, { name: 'First' });
    world.addNote(id);
    simulator.advance(3600);
    world.contacts.update(id, { name: 'Second' });
    const [row] = rowsOf(await search(simulator, 'contacts', { field: 'updated_at', operator: '>', value: 0 }));
    expect([row!['name'], at(row, 'notes.total_count')]).toEqual(['First', before + 1]);
  });
});

test('search sees changes late where the index lags; GET sees them at once', async () => {
  await withSimulator({ indexLag: 60, sizes: { contacts: 3, conversations: 0 } }, async (simulator) => {
    const [changed, deleted] = [...simulator.world.contacts.all()];
    const before = changed!['name'];
    const added = simulator.world.contacts.add();
    simulator.world.contacts.update(changed!.id, { name: 'After' });
    simulator.world.contacts.delete(deleted!.id);
    const seen = async (): Promise<(Json | undefined)[][]> =>
      rowsOf(await search(simulator, 'contacts', filter('created_at', '>', 0))).map((row) => [row['id'], row['name']]);
    expect(await seen()).toEqual(
      expect.arrayContaining([
        [changed!.id, before],
        [deleted!.id, deleted!['name']],
      ]),
    );
    expect((await ask(simulator, `GET /contacts/${changed!.id}`)).body['name']).toBe('After');
    expect((await ask(simulator, `GET /contacts/${deleted!.id}`)).status).toBe(404);
    simulator.advance(59);
    expect((await seen()).length).toBe(3);
    simulator.advance(1);
    const after = await seen();
    expect(after.map(([id]) => id)).toEqual(expect.arrayContaining([added.id, changed!.id]));
    expect(after.find(([id]) => id === changed!.id)).toEqual([changed!.id, 'After']);
    expect(after.length).toBe(3);
  });
});

test('pages follow what changes between them', async () => {
  await withSimulator({ sizes: { contacts: 30 } }, async (simulator) => {
    const inOrder = sorted(simulator.world.contacts.all(), () => true);
    let requests = 0;
    simulator.onRequest = () => {
      requests++;
      if (requests === 1) simulator.world.contacts.update(inOrder[0]!, { name: 'Again' });
      if (requests === 2) simulator.world.contacts.delete(inOrder[25]!);
    };
    const rows = await searchAll(simulator, 'contacts', filter('created_at', '>', 0), 10);
    expect(rows.map((row) => row['id'])).toEqual([...inOrder.slice(0, 25), ...inOrder.slice(26), inOrder[0]]);
  });
});

function filter(field: string, operator: string, value: Json): JsonObject {
  return { field, operator, value };
}

/** Ids in ascending order of `updated_at`; equal times keep the order of the world. */
function sorted(
  rows: Iterable<{ id: string; updated_at: number } & JsonObject>,
  passes: (row: JsonObject) => boolean,
): string[] {
  return [...rows]
    .filter((row) => passes(row))
    .sort((a, b) => a.updated_at - b.updated_at)
    .map(({ id }) => id);
}
