import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { textOf } from './json.ts';
import { ask, idsOf, withSimulator } from './testing.ts';

describe('control over HTTP', () => {
  test('moves time and makes and ends trouble', async () => {
    await withSimulator({}, async (simulator) => {
      const before = simulator.now();
      expect((await ask(simulator, 'POST /_simulator/advance', { seconds: 30 })).body).toEqual({ now: before + 30 });
      await ask(simulator, 'POST /_simulator/trouble', {
        match: { path: '^/tags$', times: 1 },
        effect: { kind: 'status', status: 500 },
      });
      expect((await ask(simulator, 'GET /teams')).status).toBe(200);
      expect((await ask(simulator, 'GET /tags')).status).toBe(500);
      await ask(simulator, 'POST /_simulator/trouble', { match: { route: '/^GET /' }, effect: { kind: 'empty' } });
      await ask(simulator, 'POST /_simulator/trouble', { match: { route: 'GET /teams' }, effect: { kind: 'empty' } });
      expect((await ask(simulator, 'GET /teams')).text).toBe('');
      await ask(simulator, 'DELETE /_simulator/trouble');
      expect((await ask(simulator, 'GET /teams')).status).toBe(200);
    });
  });

  test('counts requests', async () => {
    await withSimulator({}, async (simulator) => {
      await ask(simulator, 'GET /tags');
      await ask(simulator, 'GET /tags/1');
      expect((await ask(simulator, 'GET /_simulator/requests')).body).toEqual({
        total: 2,
        counts: { 'GET /tags': 1, 'GET /tags/{id}': 1 },
        statuses: { 200: 1, 404: 1 },
      });
      expect((await ask(simulator, 'GET /_simulator/requests?log=true')).body['log']).toHaveLength(2);
      await ask(simulator, 'DELETE /_simulator/requests');
      expect((await ask(simulator, 'GET /_simulator/requests')).body['total']).toBe(0);
    });
  });

  test('tells the truth and changes it', async () => {
    await withSimulator({ sizes: { contacts: 3 } }, async (simulator) => {
      const lines = (await ask(simulator, 'GET /_simulator/truth/contacts')).text.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([...simulator.world.contacts.all()]);
      expect((await ask(simulator, 'GET /_simulator/truth/ticket_types')).text.trim().split('\n').length).toBe(3);
      expect((await ask(simulator, 'GET /_simulator/truth/nothing')).status).toBe(400);
      const added = await ask(simulator, 'POST /_simulator/change', {
        collection: 'contacts',
        action: 'add',
        patch: { name: 'New' },
      });
      const id = textOf(added.body['id']);
      const changed = await ask(simulator, 'POST /_simulator/change', {
        collection: 'contacts',
        action: 'update',
        id,
        patch: { name: 'Newer' },
      });
      expect(changed.body['name']).toBe('Newer');
      const [tag] = [...simulator.world.tags.all()];
      await ask(simulator, 'POST /_simulator/change', { action: 'tag', id, to: tag!.id });
      expect(idsOf(await ask(simulator, `GET /contacts/${id}/tags`))).toEqual([tag!.id]);
      await ask(simulator, 'POST /_simulator/change', { collection: 'contacts', action: 'delete', id });
      expect((await ask(simulator, `GET /contacts/${id}`)).status).toBe(404);
      expect(
        (await ask(simulator, 'POST /_simulator/change', { collection: 'contacts', action: 'explode' })).status,
      ).toBe(400);
    });
  });

  test('a day of changes says what it changed', async () => {
    await withSimulator({}, async (simulator) => {
      simulator.advance(86_400);
      const { body } = await ask(simulator, 'POST /_simulator/scenario', { name: 'a_day_of_changes' });
      const changed = [...simulator.world.contacts.all()]
        .filter((row) => row.updated_at === simulator.now())
        .map((row) => row.id);
      expect([...(body['contacts'] as string[])].sort()).toEqual(changed.sort());
      const conversations = [...simulator.world.conversations.all()]
        .filter((row) => row.updated_at === simulator.now())
        .map((row) => row.id);
      expect([...(body['conversations'] as string[])].sort()).toEqual(conversations.sort());
      expect(idsOf(await ask(simulator, 'GET /conversations/deleted'))[0]).toBe(
        (body['deleted_conversations'] as string[])[0],
      );
      expect((await ask(simulator, 'POST /_simulator/scenario', { name: 'nothing' })).status).toBe(400);
    });
  });
});

test('the program prints its address and stops when its input ends', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [main, '--contacts', '7', '--timezone', 'Asia/Kolkata', '--until-stdin-closes'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const [, url = '', token = ''] = /at (\S+) with access token (\S+)/.exec(line.toString()) ?? [];
  const me = (await (await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })).json()) as {
    app: { timezone: string };
  };
  expect(me.app.timezone).toBe('Asia/Kolkata');
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
