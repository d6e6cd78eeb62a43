import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { readStreams, type Row } from './support/read.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ sizes: { contacts: 500, conversations: 160 } });
});

afterAll(() => simulator.close());

describe('conversations', () => {
  test.each(['all', 'open', 'closed', 'snoozed'])('conversation_status %s', async (status) => {
    const truth = conversations().filter(({ state }) => status === 'all' || state === status);
    expect(truth.length).toBeGreaterThan(0);
    const config = { conversation_status: status };
    const streams = [
      'conversations',
      'conversations_by_admin',
      'conversation_details',
      'conversation_parts',
      'conversation_tags',
    ];
    const { rows } = await readStreams(simulator, streams, { config });
    for (const stream of streams.slice(0, 3)) expect(ids(rows[stream])).toEqual(ids(truth));
    const parts = truth.flatMap(({ id }) =>
      simulator.world.conversations.parts(String(id)).map((part) => [id, part.id]),
    );
    expect(rows['conversation_parts']!.map((row) => [row['conversation_id'], row['id']]).sort()).toEqual(parts.sort());
    const tags = truth.flatMap((row) => (row['tags'] as { tags: Row[] }).tags.map((tag) => [row['id'], tag['id']]));
    expect(rows['conversation_tags']!.map((row) => [row['conversation_id'], row['tag_id']]).sort()).toEqual(
      tags.sort(),
    );
  });

  test('conversation_admin_type unassigned', async () => {
    const truth = conversations().filter((row) => assignee(row) === null);
    expect(truth.length).toBeGreaterThan(0);
    const { rows } = await readStreams(simulator, ['conversations', 'conversations_by_admin', 'conversation_details'], {
      config: { conversation_admin_type: 'unassigned' },
    });
    expect(ids(rows['conversations_by_admin'])).toEqual(ids(truth));
    expect(ids(rows['conversation_details'])).toEqual(ids(truth));
    expect(ids(rows['conversations'])).toEqual(ids(conversations()));
    expect(rows['conversations_by_admin']!.every((row) => row['admin_id'] === null)).toBe(true);
  });

  test.each(['id', 'email', 'name'] as const)(
    'conversation_admin_ids by %s, with an unknown one beside',
    async (field) => {
      const chosen = [...simulator.world.admins.all()].slice(0, 2);
      const truth = conversations().filter((row) => chosen.some(({ id }) => id === assignee(row)));
      expect(truth.length).toBeGreaterThan(0);
      const config = { conversation_admin_ids: [...chosen.map((admin) => admin[field]), 'nobody@example.com'] };
      const { rows, failures, warnings } = await readStreams(
        simulator,
        ['conversations_by_admin', 'conversation_details'],
        { config },
      );
      expect(failures).toEqual([]);
      expect(ids(rows['conversations_by_admin'])).toEqual(ids(truth));
      expect(ids(rows['conversation_details'])).toEqual(ids(truth));
      expect(rows['conversations_by_admin']!.map((row) => row['admin_id'])).toEqual(
        rows['conversations_by_admin']!.map((row) => row['admin_assignee_id']),
      );
      expect(warnings.join(' ')).toContain('nobody@example.com');
    },
  );

  test('conversation_admin_ids of which none is known fails the streams that need it, and no other', async () => {
    const config = { conversation_admin_ids: ['nobody@example.com'] };
    const { rows, failures } = await readStreams(
      simulator,
      ['conversations', 'conversations_by_admin', 'conversation_details'],
      { config },
    );
    expect(failures.map(({ kind }) => kind)).toEqual(['config', 'config']);
    expect(ids(rows['conversations'])).toEqual(ids(conversations()));
  });

  test.each(['updated_at', 'created_at'])('order_by %s', async (order) => {
    const { rows } = await readStreams(simulator, ['conversations', 'contacts'], {
      config: { order_by: order },
      isIncremental: false,
    });
    expect(ids(rows['conversations'])).toEqual(ids(conversations()));
    expect(ids(rows['contacts'])).toEqual(ids(contacts()));
    for (const list of Object.values(rows)) {
      const values = list.map((row) => row[order] as number);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });

  test('conversation_body_format plaintext', async () => {
    const { rows } = await readStreams(simulator, ['conversation_parts'], {
      config: { conversation_body_format: 'plaintext' },
    });
    const bodies = rows['conversation_parts']!.map((row) => row['body']).filter((body) => typeof body === 'string');
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.filter((body) => body.includes('<p>'))).toEqual([]);
  });

  test('skip_failed_conversations leaves out what fails, and says so', async () => {
    const [broken] = conversations();
    const rule = () =>
      simulator.trouble.add({
        match: { path: new RegExp(`^/conversations/${String(broken!['id'])}$`) },
        effect: { kind: 'status', status: 400, code: 'client_error' },
      });
    rule();
    const failing = await readStreams(simulator, ['conversations', 'conversation_details']);
    expect(failing.failures.map(({ message }) => message).join()).toMatch(
      new RegExp(`${String(broken!['id'])}.*skip_failed_conversations`),
    );
    expect(ids(failing.rows['conversations'])).toEqual(ids(conversations()));
    const skipping = await readStreams(simulator, ['conversation_details'], {
      config: { skip_failed_conversations: true },
    });
    simulator.trouble.clear();
    expect(skipping.failures).toEqual([]);
    expect(ids(skipping.rows['conversation_details'])).toEqual(
      ids(conversations().filter(({ id }) => id !== broken!['id'])),
    );
    expect(skipping.warnings.join(' ')).toContain(String(broken!['id']));
  });
});

describe('contacts', () => {
  test('users and leads', async () => {
    const { rows } = await readStreams(simulator, ['users', 'leads', 'contacts']);
    expect(ids(rows['users'])).toEqual(ids(contacts('user')));
    expect(ids(rows['leads'])).toEqual(ids(contacts('lead')));
    expect(ids(rows['contacts'])).toEqual(ids(contacts()));
  });

  test('leads_by_id by id, external id and e-mail, each once; users and unknown ids are named', async () => {
    const [first, second, third] = contacts('lead').filter(({ email }) => typeof email === 'string');
    const [user] = contacts('user');
    const config = {
      lead_ids: [first!['id'], user!['id'], 'unknown-1', second!['external_id'] ?? second!['id']],
      lead_emails: [third!['email'], first!['email']],
    };
    const { rows, warnings } = await readStreams(simulator, ['leads_by_id'], { config });
    const mails = new Set([third!['email'], first!['email']]);
    const truth = contacts('lead').filter(
      (row) => row === first || row['id'] === first!['id'] || row['id'] === second!['id'] || mails.has(row['email']),
    );
    expect(ids(rows['leads_by_id'])).toEqual(ids(truth));
    expect(warnings.join(' ')).toContain('unknown-1');
    expect(warnings.join(' ')).toContain(String(user!['id']));
  });

  test('users_by_username', async () => {
    const { rows } = await readStreams(simulator, ['users_by_username'], { config: { usernames: ['mir', 'a'] } });
    const truth = ['mir', 'a'].flatMap((name) =>
      contacts('user')
        .filter((row) => ((row['name'] as string | null) ?? '').toLowerCase().includes(name))
        .map(({ id }) => [name, id]),
    );
    expect(rows['users_by_username']!.map((row) => [row['username'], row['id']]).sort()).toEqual(truth.sort());
  });

  test.each([
    ['users_by_tag', 'tag_id', 'tag_ids', 'tags'],
    ['users_by_company', 'company_id', 'company_ids', 'companies'],
    ['users_by_segment', 'segment_id', 'segment_ids', 'segments'],
  ] as const)('%s: of every one, or of those chosen by id and by name', async (stream, column, option, collection) => {
    const truth = await memberships(collection);
    const every = await readStreams(simulator, [stream]);
    expect(every.rows[stream]!.map((row) => `${String(row[column])} ${String(row['id'])}`).sort()).toEqual(truth);

    const wanted = [...new Set(truth.map((pair) => pair.split(' ')[0]!))].slice(0, 2);
    const [byId, byName] = wanted.map((id) => [...simulator.world[collection].all()].find((each) => each.id === id)!);
    const chosen = await readStreams(simulator, [stream], {
      config: { [option]: [byId!.id, byName!['name']] },
    });
    expect(chosen.failures).toEqual([]);
    expect(chosen.rows[stream]!.map((row) => `${String(row[column])} ${String(row['id'])}`).sort()).toEqual(
      truth.filter((pair) => wanted.includes(pair.split(' ')[0]!)),
    );
  });

  test.each(['all', 'user', 'lead'])('event_type %s', async (kind) => {
    const covered = contacts().filter(({ role }) => kind === 'all' || role === kind);
    const { rows } = await readStreams(simulator, ['events'], { config: { event_type: kind } });
    expect(
      rows['events']!.map(
        (row) => `${String(row['contact_id'])} ${String(row['event_name'])} ${String(row['created_at'])}`,
      ).sort(),
    ).toEqual(events(covered));
    expect(new Set(rows['events']!.map((row) => row['contact_role'])).size).toBe(kind === 'all' ? 2 : 1);
  });

  test('user_ids and lead_ids restrict events and notes to the listed contacts of the right role', async () => {
    const [user, other] = contacts('user').filter(({ external_id: external }) => typeof external === 'string');
    const [lead] = contacts('lead');
    const config = { user_ids: [user!['id'], other!['external_id'], lead!['id']], lead_ids: [lead!['id']] };
    const { rows, warnings } = await readStreams(simulator, ['events', 'notes_by_user'], { config });
    expect(
      rows['events']!.map(
        (row) => `${String(row['contact_id'])} ${String(row['event_name'])} ${String(row['created_at'])}`,
      ).sort(),
    ).toEqual(events([user!, other!, lead!]));
    expect(new Set(rows['notes_by_user']!.map((row) => row['contact_id']))).toEqual(
      new Set([user!, other!, lead!].filter(hasNotes).map(({ id }) => id)),
    );
    expect(warnings.join(' ')).toContain(String(lead!['id']));
  });

  test('notes_by_user asks only contacts that have notes', async () => {
    simulator.requests.length = 0;
    const { rows } = await readStreams(simulator, ['notes_by_user']);
    const owners = contacts().filter(hasNotes);
    expect(new Set(rows['notes_by_user']!.map((row) => row['contact_id']))).toEqual(
      new Set(owners.map(({ id }) => id)),
    );
    expect(simulator.requests.filter(({ route }) => route === 'GET /contacts/{id}/notes').length).toBe(owners.length);
  });

  test('start_date leaves out what is older, and keeps what is not', async () => {
    const start = simulator.now() - 30 * 86_400;
    const config = { start_date: new Date(start * 1000).toISOString() };
    for (const isIncremental of [true, false]) {
      const { rows } = await readStreams(simulator, ['contacts', 'conversations', 'events'], { config, isIncremental });
      expect(ids(rows['contacts'])).toEqual(ids(contacts().filter((row) => Number(row['updated_at']) >= start)));
      expect(ids(rows['conversations'])).toEqual(
        ids(conversations().filter((row) => Number(row['updated_at']) >= start)),
      );
      expect(rows['events']!.every((row) => Number(row['created_at']) >= start)).toBe(true);
    }
  });

  test('lookback_window goes back from the state, never before start_date', async () => {
    const first = await readStreams(simulator, ['contacts']);
    const config = { lookback_window: 10, start_date: new Date((simulator.now() - 5 * 86_400) * 1000).toISOString() };
    const cursor = first.states['contacts']!['updated_at'] as number;
    const again = await readStreams(simulator, ['contacts'], { config, states: first.states });
    const from = Math.max(cursor - 10 * 86_400, Date.parse(config.start_date) / 1000);
    expect(ids(again.rows['contacts'])).toEqual(ids(contacts().filter((row) => Number(row['updated_at']) >= from)));
  });

  test('expand brings whole lists with full objects, and flat columns', async () => {
    const { rows } = await readStreams(simulator, ['contacts'], { config: { expand: ['tags', 'location'] } });
    const rich = rows['contacts']!.filter((row) => (row['tags'] as { data: Row[] }).data.length > 10);
    expect(rich.length).toBeGreaterThan(0);
    for (const row of rows['contacts']!) {
      const tags = row['tags'] as { data: Row[]; total_count: number; has_more: boolean };
      expect(tags).toMatchObject({ total_count: tags.data.length, has_more: false });
      expect(tags.data.every(({ name }) => typeof name === 'string')).toBe(true);
      expect(row['location_city']).toBe((row['location'] as Row | null)?.['city'] ?? null);
    }
  });
});

function conversations(): readonly Row[] {
  return [...simulator.world.conversations.all()];
}

function contacts(role?: 'lead' | 'user'): readonly Row[] {
  return [...simulator.world.contacts.all()].filter((row) => role === undefined || row.role === role);
}

function ids(rows: readonly Row[] | undefined): readonly string[] {
  return (rows ?? []).map((row) => String(row['id'])).sort();
}

function assignee(row: Row): string | null {
  const id = row['admin_assignee_id'] as number | string | null | undefined;
  return String(id ?? 0) === '0' ? null : String(id);
}

function hasNotes(row: Row): boolean {
  return (row['notes'] as { total_count: number }).total_count > 0;
}

function events(owners: readonly Row[]): readonly string[] {
  return owners
    .flatMap(({ id }) => {
      const slot = simulator.world.contacts.slotOf(String(id))!;
      return simulator.world.events.recent(slot).map(({ row }) => [id, row['event_name'], row['created_at']].join(' '));
    })
    .sort();
}

/** `<target> <user>` for every user of a tag, company or segment. */
async function memberships(collection: 'companies' | 'segments' | 'tags'): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${simulator.token}`, 'intercom-version': '2.16' };
  const pairs: string[] = [];
  for (const { id } of contacts('user')) {
    const answer = (await (
      await fetch(`${simulator.url}/contacts/${String(id)}/${collection}?per_page=60`, { headers })
    ).json()) as { data: Row[] };
    for (const each of answer.data) pairs.push(`${String(each['id'])} ${String(id)}`);
  }
  return pairs.sort();
}
