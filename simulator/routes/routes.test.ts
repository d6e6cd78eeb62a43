import { describe, expect, test } from '@jest/globals';
import { at, type Json, type JsonObject, textOf } from '../json.ts';
import { ask, idsOf, rowsOf, withSimulator, type Reply } from '../testing.ts';
import { asPlainText } from './plain-text.ts';

describe('cursor lists', () => {
  test.each([
    ['/contacts', 50, 200],
    ['/conversations', 20, 105],
  ])('%s: pages of %i, all %i once', async (path, byDefault, total) => {
    await withSimulator({}, async (simulator) => {
      const first = await ask(simulator, `GET ${path}`);
      expect(rowsOf(first).length).toBe(byDefault);
      expect(first.body).toMatchObject({
        total_count: total,
        pages: {
          type: 'pages',
          page: 1,
          per_page: byDefault,
          total_pages: Math.ceil(total / byDefault),
          next: { page: 2 },
        },
      });
      const ids: string[] = [];
      let query = '?per_page=33';
      let pages: Json | undefined;
      do {
        const reply = await ask(simulator, `GET ${path}${query}`);
        ids.push(...idsOf(reply));
        pages = reply.body['pages'];
        query = `?per_page=33&starting_after=${encodeURIComponent(textOf(at(pages, 'next.starting_after') ?? ''))}`;
      } while (at(pages, 'next') !== undefined);
      expect([ids.length, new Set(ids).size]).toEqual([total, total]);
      expect(pages).toEqual({
        type: 'pages',
        page: Math.ceil(total / 33),
        per_page: 33,
        total_pages: Math.ceil(total / 33),
      });
      expect((await ask(simulator, `GET ${path}?per_page=151`)).code).toBe('parameter_invalid');
      expect((await ask(simulator, `GET ${path}?starting_after=${ids[0]!}`)).code).toBe('client_error');
      simulator.quirks.lastPage = 'null';
      simulator.quirks.perPageAsText = true;
      const all = await ask(
        simulator,
        `GET ${path}?per_page=150&starting_after=${cursorOf(await ask(simulator, `GET ${path}?per_page=150`)) ?? ''}`,
      );
      expect(all.body['pages']).toMatchObject({ per_page: '150', next: null });
    });
  });

  test('a cursor in the query of a search is ignored', async () => {
    await withSimulator({}, async (simulator) => {
      const body = { query: { field: 'role', operator: '=', value: 'user' }, pagination: { per_page: 5 } };
      const first = await ask(simulator, 'POST /contacts/search', body);
      expect(idsOf(await ask(simulator, `POST /contacts/search?starting_after=${cursorOf(first)!}`, body))).toEqual(
        idsOf(first),
      );
    });
  });
});

describe('companies', () => {
  test('scroll: one at a time, a hundred per page, dead after a minute', async () => {
    await withSimulator({ sizes: { contacts: 300, companies: 130 } }, async (simulator) => {
      const first = await ask(simulator, 'GET /companies/scroll');
      expect(first.body).toMatchObject({ type: 'list', pages: null, total_count: null });
      const next = `GET /companies/scroll?scroll_param=${textOf(first.body['scroll_param'])}`;
      expect((await ask(simulator, 'GET /companies/scroll')).code).toBe('scroll_exists');
      simulator.advance(59);
      expect(rowsOf(await ask(simulator, next)).length).toBe(30);
      expect(rowsOf(await ask(simulator, next)).length).toBe(0);
      expect((await ask(simulator, next)).code).toBe('not_found');
      const again = await ask(simulator, 'GET /companies/scroll');
      expect(idsOf(again)).toEqual(idsOf(first));
      simulator.advance(61);
      expect(
        (await ask(simulator, `GET /companies/scroll?scroll_param=${textOf(again.body['scroll_param'])}`)).status,
      ).toBe(404);
      expect((await ask(simulator, 'GET /companies/scroll')).status).toBe(200);
    });
  });

  test('scroll trouble', async () => {
    await withSimulator({ sizes: { contacts: 300, companies: 250 } }, async (simulator) => {
      const first = await ask(simulator, 'GET /companies/scroll');
      const next = `GET /companies/scroll?scroll_param=${textOf(first.body['scroll_param'])}`;
      const rule = simulator.trouble.add({ match: { times: 1 }, effect: { kind: 'scroll', how: 'repeat' } });
      expect(idsOf(await ask(simulator, next))).toEqual(idsOf(first));
      rule.remove();
      expect(idsOf(await ask(simulator, next))).not.toEqual(idsOf(first));
      simulator.trouble.add({ match: { times: 1 }, effect: { kind: 'scroll', how: 'restart' } });
      expect(await ask(simulator, next)).toMatchObject({ status: 500, code: 'server_error' });
      expect((await ask(simulator, 'GET /companies/scroll')).status).toBe(200);
      simulator.trouble.add({ match: { times: 1 }, effect: { kind: 'scroll', how: 'expire' } });
      expect((await ask(simulator, next)).status).toBe(404);
      simulator.quirks.newScrollParam = true;
      const opened = await ask(simulator, 'GET /companies/scroll');
      const renewed = await ask(simulator, `GET /companies/scroll?scroll_param=${textOf(opened.body['scroll_param'])}`);
      expect(renewed.body['scroll_param']).not.toBe(opened.body['scroll_param']);
    });
  });

  test('list: by last request, at most sixty per page, at most 10,000 in all', async () => {
    await withSimulator({ sizes: { contacts: 500, companies: 10_050 } }, async (simulator) => {
      const first = await ask(simulator, 'POST /companies/list', {});
      expect([rowsOf(first).length, first.body['total_count']]).toEqual([15, 10_050]);
      expect(at(first.body, 'pages.next')).toBe('https://api.intercom.io/companies?page=2&per_page=15');
      const times = rowsOf(first).map((row) => Number(row['last_request_at']));
      expect(times).toEqual([...times].sort((a, b) => b - a));
      expect((await ask(simulator, 'POST /companies/list', { per_page: 61 })).code).toBe('parameter_invalid');
      expect((await ask(simulator, 'POST /companies/list?per_page=60&page=166')).status).toBe(200);
      expect((await ask(simulator, 'POST /companies/list', { per_page: 60, page: 167 })).code).toBe('bad_request');
    });
  });

  test('without contacts are left out until someone joins', async () => {
    await withSimulator({ sizes: { contacts: 50, companies: 10 } }, async (simulator) => {
      const { world } = simulator;
      const empty = world.companies.add({ name: 'Empty' });
      const listed = async (): Promise<boolean> =>
        idsOf(await ask(simulator, 'POST /companies/list?per_page=60')).includes(empty.id);
      expect(await listed()).toBe(false);
      const [contact] = [...world.contacts.all()];
      world.attachCompany(contact!.id, empty.id);
      expect(await listed()).toBe(true);
      expect(idsOf(await ask(simulator, `GET /companies/${empty.id}/contacts`))).toEqual([contact!.id]);
      world.contacts.archive(contact!.id);
      expect(await listed()).toBe(false);
    });
  });

  test('leave out optional fields, or have them', async () => {
    await withSimulator({}, ({ world }) => {
      const rows = [...world.companies.all()];
      for (const field of ['size', 'website', 'industry', 'last_request_at', 'remote_created_at']) {
        expect(new Set(rows.map((row) => field in row))).toEqual(new Set([true, false]));
      }
      expect(rows.some(({ plan }) => JSON.stringify(plan) === '{}')).toBe(true);
      expect(rows.every((row) => Number(row['user_count']) > 0)).toBe(true);
    });
  });
});

describe('contacts', () => {
  test('show ten of each nested list and say where the rest is', async () => {
    await withSimulator({}, async (simulator) => {
      const { world } = simulator;
      const [contact] = [...world.contacts.all()];
      for (const tag of world.tags.all()) world.tagContact(contact!.id, tag.id);
      for (const company of [...world.companies.all()].slice(0, 12)) world.attachCompany(contact!.id, company.id);
      for (let note = 0; note < 60; note++) world.addNote(contact!.id, { body: `<p>${note}</p>` });
      const { body } = await ask(simulator, `GET /contacts/${contact!.id}`);
      for (const [name, key, least] of [
        ['tags', 'tags', 14],
        ['companies', 'companies', 12],
        ['notes', 'notes', 60],
      ] as const) {
        const nested = body[name] as JsonObject;
        expect([(nested['data'] as Json[]).length, nested['has_more'], nested['url']]).toEqual([
          10,
          true,
          `/contacts/${contact!.id}/${key}`,
        ]);
        expect(nested['total_count']).toBeGreaterThanOrEqual(least);
        const whole = await ask(simulator, `GET /contacts/${contact!.id}/${key}?per_page=60`);
        expect(rowsOf(whole).length).toBe(Math.min(60, Number(nested['total_count'])));
      }
      const notes = await ask(simulator, `GET /contacts/${contact!.id}/notes`);
      expect([rowsOf(notes).length, at(notes.body, 'pages.next')]).toEqual([
        50,
        `https://api.intercom.io/contacts/${contact!.id}/notes?page=2&per_page=50`,
      ]);
      const newest = rowsOf(notes)[0]!;
      expect((await ask(simulator, `GET /notes/${textOf(newest['id'])}`)).body).toEqual(newest);
    });
  });

  test('remember what was merged into them', async () => {
    await withSimulator({}, async (simulator) => {
      const rows = [...simulator.world.contacts.all()];
      const user = rows.find(({ role }) => role === 'user')!;
      const leads = rows.filter(({ role }) => role === 'lead').slice(0, 3);
      for (const lead of leads) {
        simulator.advance(1);
        simulator.world.contacts.merge(lead.id, user.id);
      }
      const first = await ask(simulator, `GET /contacts/${user.id}/merge_history?per_page=2`);
      expect([rowsOf(first).map((row) => row['source_contact_id']), first.body['has_more']]).toEqual([
        [leads[2]!.id, leads[1]!.id],
        true,
      ]);
      const second = await ask(
        simulator,
        `GET /contacts/${user.id}/merge_history?cursor=${textOf(first.body['next_cursor'])}`,
      );
      expect(rowsOf(second)[0]!['source_contact_id']).toBe(leads[0]!.id);
      expect('next_cursor' in second.body).toBe(false);
      expect('merge_history' in (await ask(simulator, `GET /contacts/${user.id}`)).body).toBe(false);
      const asked = await ask(simulator, `GET /contacts/${user.id}?include_merge_history=true`);
      expect((asked.body['merge_history'] as Json[]).length).toBeGreaterThanOrEqual(3);
      expect(
        (
          await ask(
            simulator,
            `GET /contacts/${rows.find(({ role }) => role === 'lead' && !leads.some((lead) => lead.id === role))!.id}/merge_history`,
          )
        ).status,
      ).toBe(404);
    });
  });

  test('are found by external id, users only', async () => {
    await withSimulator({}, async (simulator) => {
      const added = simulator.world.contacts.add({ role: 'user', external_id: 'my/own id' });
      expect(
        (await ask(simulator, `GET /contacts/find_by_external_id/${encodeURIComponent('my/own id')}`)).body['id'],
      ).toBe(added.id);
      const lead = [...simulator.world.contacts.all()].find(
        (row) => row.role === 'lead' && row['external_id'] !== null,
      )!;
      expect((await ask(simulator, `GET /contacts/find_by_external_id/${textOf(lead['external_id'])}`)).status).toBe(
        404,
      );
    });
  });
});

describe('conversations', () => {
  test('show the newest 500 parts and count them all', async () => {
    await withSimulator({ sizes: { contacts: 5, conversations: 2 } }, async (simulator) => {
      const { conversations } = simulator.world;
      const { id } = conversations.add({ parts: 618, created_at: simulator.now() - 5000, updated_at: simulator.now() });
      const last = [
        conversations.addPart(id, { body: '<p>first</p>' }),
        conversations.addPart(id, { body: '<p>last</p>' }),
      ];
      const { body } = await ask(simulator, `GET /conversations/${id}`);
      const parts = at(body, 'conversation_parts.conversation_parts') as JsonObject[];
      expect([
        parts.length,
        at(body, 'conversation_parts.total_count'),
        at(body, 'statistics.count_conversation_parts'),
      ]).toEqual([500, 500, 620]);
      expect(parts.slice(-2)).toEqual(last);
      expect(conversations.parts(id).slice(120)).toEqual(parts);
      expect(new Set(conversations.parts(id).map((part) => part.id)).size).toBe(620);
      simulator.quirks.partsTotal = 'all';
      expect(at((await ask(simulator, `GET /conversations/${id}`)).body, 'conversation_parts.total_count')).toBe(620);
    });
  });

  test('change and go', async () => {
    await withSimulator({}, async (simulator) => {
      const { conversations, tickets } = simulator.world;
      const [first, second] = [...conversations.all()];
      simulator.advance(5);
      conversations.update(first!.id, { state: 'closed' });
      expect((await ask(simulator, `GET /conversations/${first!.id}`)).body).toMatchObject({
        state: 'closed',
        open: false,
        updated_at: simulator.now(),
      });
      conversations.delete(second!.id);
      expect((await ask(simulator, `GET /conversations/${second!.id}`)).status).toBe(404);
      expect(rowsOf(await ask(simulator, 'GET /conversations/deleted'))[0]).toEqual({
        type: 'conversation',
        id: second!.id,
        metrics_retained: false,
        deleted_at: simulator.now(),
      });
      const [ticket] = [...tickets.all()];
      tickets.addPart(ticket!.id, { body: '<p>news</p>' });
      expect(tickets.get(ticket!.id)!.updated_at).toBe(simulator.now());
      expect(JSON.stringify(conversations.get(ticket!.id))).toContain('<p>news</p>');
      expect(JSON.stringify(tickets.get(ticket!.id))).toContain('<p>news</p>');
    });
  });

  test('can be shown as plain text', async () => {
    expect(asPlainText('<p>See <a href="https://x.example/?a=1">this</a>.<br>Fish &amp; &lt;chips&gt;</p>')).toBe(
      'See this (https://x.example/?a=1).\nFish & <chips>',
    );
    await withSimulator({}, async (simulator) => {
      for (const { id } of simulator.world.conversations.all()) {
        const { text } = await ask(simulator, `GET /conversations/${id}?display_as=plaintext`);
        expect(text).not.toContain('<p>');
      }
    });
  });
});

describe('events', () => {
  test('come newest first in pages that lose none, equal ones included', async () => {
    await withSimulator({ sizes: { contacts: 3 } }, async (simulator) => {
      const { id } = simulator.world.contacts.add();
      const now = simulator.now();
      for (const age of [5, 5, 5, 4, 3, 89 * 86_400, 91 * 86_400])
        simulator.world.addEvent(id, { event_name: `at ${age}`, created_at: now - age });
      const seen: string[] = [];
      let next: Json | undefined = `https://api.intercom.io/events?type=user&intercom_user_id=${id}&per_page=2`;
      let since: Json | undefined;
      while (typeof next === 'string') {
        expect(next).toMatch(/^https:\/\/api\.intercom\.io\/events\?/);
        const reply: Reply = await ask(simulator, `GET ${next.slice('https://api.intercom.io'.length)}`);
        seen.push(...rowsOf(reply).map((row) => textOf(row['event_name'])));
        since ??= at(reply.body, 'pages.since');
        next = at(reply.body, 'pages.next');
      }
      expect(seen).toEqual(['at 3', 'at 4', 'at 5', 'at 5', 'at 5', `at ${89 * 86_400}`]);
      simulator.world.addEvent(id, { event_name: 'new' });
      const later = await ask(simulator, `GET ${textOf(since).slice('https://api.intercom.io'.length)}`);
      expect(rowsOf(later).map((row) => row['event_name'])).toEqual(['new']);
      simulator.advance(2 * 86_400);
      expect(rowsOf(await ask(simulator, `GET /events?type=user&intercom_user_id=${id}`)).length).toBe(6);
    });
  });

  test('are counted over the whole life in summaries', async () => {
    await withSimulator({ sizes: { contacts: 1 } }, async (simulator) => {
      const { id } = simulator.world.contacts.add({ external_id: 'me', email: 'me+1@x.example' });
      for (const age of [1, 300])
        simulator.world.addEvent(id, { event_name: 'ordered', created_at: simulator.now() - age * 86_400 });
      for (const who of [`intercom_user_id=${id}`, 'user_id=me', `email=${encodeURIComponent('me+1@x.example')}`]) {
        const { body } = await ask(simulator, `GET /events?type=user&summary=true&${who}`);
        expect(body['events']).toEqual([
          {
            name: 'ordered',
            first: '2025-05-06T12:00:00.000+00:00',
            last: '2026-03-01T12:00:00.000+00:00',
            count: 2,
            description: '',
          },
        ]);
      }
      expect((await ask(simulator, `GET /events?intercom_user_id=${id}`)).status).toBe(400);
      expect((await ask(simulator, 'GET /events?type=user')).status).toBe(400);
      expect((await ask(simulator, 'GET /events?type=user&user_id=nobody')).code).toBe('not_found');
    });
  });
});

test('activity logs: both bounds belong to the span, newest first', async () => {
  await withSimulator({}, async (simulator) => {
    const rows = [...simulator.world.activityLogs.all()].map((row) => Number(row['created_at'])).sort((a, b) => b - a);
    const reply = await ask(
      simulator,
      `GET /admins/activity_logs?created_at_after=${rows[40]!}&created_at_before=${rows[10]!}&per_page=50`,
    );
    expect(rowsOf(reply).map((row) => row['created_at'])).toEqual(rows.slice(10, 41));
    expect('total_count' in reply.body).toBe(false);
    const some = await ask(simulator, 'POST /admins/activity_logs/search', {
      created_at_after: 1,
      event_types: ['role_change'],
      per_page: 250,
    });
    expect(new Set(rowsOf(some).map((row) => row['activity_type']))).toEqual(new Set(['role_change']));
    expect((await ask(simulator, 'GET /admins/activity_logs')).status).toBe(400);
  });
});

test('articles: latest change first, and ties in changing order where asked for', async () => {
  await withSimulator({}, async (simulator) => {
    const ids = async (): Promise<string[]> => idsOf(await ask(simulator, 'GET /articles?per_page=250'));
    expect(await ids()).toEqual(await ids());
    simulator.quirks.shuffleTies = true;
    expect(await ids()).not.toEqual(await ids());
    expect((await ids()).sort()).toEqual([...simulator.world.articles.all()].map(({ id }) => id).sort());
  });
});

test('macros by cursor', async () => {
  await withSimulator({}, async (simulator) => {
    const ids: string[] = [];
    let after = '';
    do {
      const reply = await ask(simulator, `GET /macros?per_page=5&starting_after=${encodeURIComponent(after)}`);
      ids.push(...idsOf(reply));
      after = (at(reply.body, 'pages.next.starting_after') ?? '') as string;
    } while (after !== '');
    expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
  });
});

function cursorOf({ body }: Reply): string | undefined {
  const cursor = at(body, 'pages.next.starting_after');
  return typeof cursor === 'string' ? encodeURIComponent(cursor) : undefined;
}
