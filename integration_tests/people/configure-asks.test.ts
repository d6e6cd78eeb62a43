import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { temporaryFolder, treeOf } from '../support/folder.ts';
import type { JsonObject } from '../support/run.ts';
import { Screen } from '../support/terminal.ts';
import { startWorkspace } from '../support/workspace.ts';

let simulator: Simulator;
const screens: Screen[] = [];

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { companies: 2500, tags: 2000, contacts: 900, admins: 3 } });
});

afterEach(() => {
  simulator.trouble.clear();
  for (const screen of screens.splice(0)) screen.close();
});

afterAll(() => simulator.close());

function start(cwd: string, ...words: readonly string[]): Screen {
  const screen = new Screen(['configure', ...words], { api: simulator.url, cwd });
  screens.push(screen);
  return screen;
}

/** A question that waits for its answer. */
function asks(title: string): RegExp {
  return new RegExp(`◆ {2}${title}`);
}

/** Answers questions as they come: what is asked, and the keys. */
async function answer(
  screen: Screen,
  answers: readonly (readonly [title: string, ...keys: readonly string[]])[],
): Promise<void> {
  for (const [title, ...keys] of answers) {
    await screen.shows(asks(title));
    screen.press(...keys);
  }
}

function json(folder: string, name = 'config.json'): JsonObject {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as JsonObject;
}

/** A record's id, by its name. */
function idOf(kind: 'admins' | 'companies' | 'tags', name: string): string {
  const records = [...simulator.world[kind].all()] as unknown as readonly JsonObject[];
  return String(records.find((record) => record['name'] === name)?.['id']);
}

function nameOf(kind: 'companies' | 'tags', index: number): string {
  const records = [...simulator.world[kind].all()] as unknown as readonly JsonObject[];
  return String(records[index]?.['name']);
}

/** Of a workspace with everything, and of streams that have every menu. */
const EVERY_QUESTION = [
  ['Access token', 'simulator-token', 'enter'],
  ['What is to read with it', 'enter'],
  ['The twelve reports', 'conversation_details', 'tab', 'enter'],
  ['What other connectors have', 'enter'],
  ['What no other connector has', 'enter'],
  ['Conversation Admin Type', 'down', 'enter'],
  ['Admin ', 'tab', 'enter'],
  ['Option to Expand', 'enter'],
  ['Skip Failed Conversations', 'enter'],
  ['Conversation Status', 'enter'],
  ['Sync mode', 'down', 'enter'],
  ['Start Date', '2024-05-06', 'enter'],
  ['Order', 'enter'],
] as const;

test('asks step by step, and writes what was answered', async () => {
  const folder = temporaryFolder();
  const screen = start(folder, '--streams', 'users_by_company,users_by_tag');
  const [company, tag] = [nameOf('companies', 1234), nameOf('tags', 1500)];
  await answer(screen, [['Access token', 'mistyped', 'enter']]);
  await screen.shows(/Intercom answered 401 unauthorized/);
  await answer(screen, [
    ['Access token', 'simulator-token', 'enter'],
    ['What is to read with it', 'down', 'enter'],
    ['Company', company],
  ]);
  await screen.shows(/\(\d+ match(es)?\)/);
  const calls = simulator.requests.length;
  screen.press('tab');
  await screen.shows(/◼ /);
  screen.press('enter');
  await answer(screen, [['Tags', tag]]);
  await screen.shows(/\(\d+ match(es)?\)/);
  expect(simulator.requests.slice(calls).map(({ route }) => route)).toEqual(['GET /tags']);
  screen.press('tab', 'enter');
  await answer(screen, [
    ['Option to Expand', 'loca'],
    ['Option to Expand', 'tab', 'enter'],
    ['Sync mode', 'enter'],
    ['Start Date', '2024-02-31', 'enter'],
  ]);
  await screen.shows(/start_date is not a day of the calendar/);
  screen.press('backspace', 'backspace', '28', 'enter');
  expect(await screen.ended).toEqual({ exitCode: 0, isRestored: true });
  expect(json(folder)).toEqual({
    access_token: 'simulator-token',
    start_date: '2024-02-28',
    company_ids: [idOf('companies', company)],
    tag_ids: [idOf('tags', tag)],
    expand: ['location'],
  });
  expect(screen.text).toContain('Next:\n  tap-intercom --config config.json --catalog tap-catalog.json > rows.jsonl');
  expect(screen.text).not.toContain('simulator-token');
});

test('shows what the file has, and leaves it as it is when nothing else is chosen', async () => {
  const folder = temporaryFolder();
  const company = nameOf('companies', 7);
  const before = {
    access_token: 'simulator-token',
    company_ids: ['gone', company],
    start_date: '2024-01-01',
    conversation_status: 'closed',
    ours: { kept: true },
  };
  const text = `${JSON.stringify(before, undefined, 2)}\n`;
  writeFileSync(join(folder, 'config.json'), text);
  const words = ['--for', 'airbyte', '--streams', 'users_by_company,conversations'];
  const screen = start(folder, ...words);
  await answer(screen, [['Access token', 'enter']]);
  await screen.shows(asks('Company'));
  await screen.shows(/◼ gone.*\n│ {2}◼ .*\n│ {2}◻ /);
  expect(screen.text).toContain(`◼ ${company} (acct-`);
  screen.press('enter');
  await answer(screen, [['Option to Expand', 'enter']]);
  await screen.shows(/● closed/);
  await answer(screen, [
    ['Conversation Status', 'enter'],
    ['Sync mode', 'enter'],
  ]);
  await screen.shows(/│ {2}2024-01-01/);
  screen.press('enter');
  expect((await screen.ended).exitCode).toBe(0);
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(text);
});

test('marks what the token may not read, and takes by hand what it may not list', async () => {
  simulator.trouble.tokens.set('limited', { scopes: ['read_users_companies', 'read_conversations'] });
  const folder = temporaryFolder();
  const screen = start(folder, '--access-token', 'limited', '--for', 'airbyte');
  await screen.shows(/conversations_by_admin +Conversations by Admin\n/);
  await answer(screen, [['The twelve reports', 'users_by_tag', 'tab', 'enter']]);
  await screen.shows(/◻ tickets +Tickets — lacks the permission "Read tickets"/);
  await answer(screen, [
    ['What other connectors have', 'enter'],
    ['What no other connector has', 'enter'],
  ]);
  await screen.shows(/To be read: (?!.*tickets)/s);
  await screen.shows(/you want by hand/);
  await answer(screen, [
    ['Tags', 'VIP, a', 'enter'],
    ['Option to Expand', 'enter'],
    ['Skip', 'enter'],
    ['Conversation Status', 'enter'],
    ['Sync mode', 'enter'],
    ['Start Date', 'enter'],
  ]);
  expect((await screen.ended).exitCode).toBe(0);
  expect(json(folder)).toEqual({ access_token: 'limited', tag_ids: ['VIP', 'a'] });
});

test('finds users among more than one search shows', async () => {
  const folder = temporaryFolder();
  const [, second] = [...simulator.world.contacts.all()].filter(({ role }) => role === 'user');
  const id = second!.id;
  const screen = start(folder, '--access-token', 'simulator-token', '--for', 'airbyte', '--streams', 'notes_by_user');
  await answer(screen, [
    ['Users', 'enter'],
    ['Find more users', 'nobody has this name', 'enter'],
  ]);
  await screen.shows(/There is no user like "nobody has this name"/);
  await answer(screen, [
    ['Find more users', id, 'enter'],
    ['Users', 'tab', 'enter'],
  ]);
  await screen.shows(/go on with these 1/);
  screen.press('enter');
  await answer(screen, [
    ['Leads', 'enter'],
    ['Find more leads', 'enter'],
    ['Option to Expand', 'enter'],
    ['Sync mode', 'enter'],
    ['Start Date', 'enter'],
  ]);
  expect((await screen.ended).exitCode).toBe(0);
  expect(json(folder)['user_ids']).toEqual([id]);
});

describe('Ctrl-C leaves the files as they were, and the terminal', () => {
  const BEFORE = '{"ours": 1}';

  async function stopAt(last: number, how: string): Promise<void> {
    const folder = temporaryFolder();
    const path = join(folder, 'config.json');
    writeFileSync(path, BEFORE);
    const screen = start(folder);
    await answer(screen, EVERY_QUESTION.slice(0, last));
    await screen.shows(asks(EVERY_QUESTION[last]![0]));
    screen.press(how);
    expect([last, await screen.ended]).toEqual([last, { exitCode: 130, isRestored: true }]);
    expect(screen.text).toMatch(/Stopped\. Nothing was written\.$/);
    expect(treeOf(folder)).toEqual({ [path]: BEFORE });
    screen.close();
  }

  test('at each question', async () => {
    const some = [0, 1, 2, 3];
    const every = some.map(async (first) => {
      for (let last = first; last < EVERY_QUESTION.length; last += some.length) await stopAt(last, 'ctrl-c');
    });
    await Promise.all(every);
  });

  test('Ctrl-D does the same', () => stopAt(2, 'ctrl-d'));

  test('while Intercom is waited for', async () => {
    const folder = temporaryFolder();
    simulator.trouble.add({ match: { route: 'GET /me' }, effect: { kind: 'hang' } });
    const screen = start(folder);
    await answer(screen, [['Access token', 'simulator-token', 'enter']]);
    await screen.shows(/◇ {2}Access token/);
    screen.press('ctrl-c');
    expect(await screen.ended).toEqual({ exitCode: 130, isRestored: true });
    expect(treeOf(folder)).toEqual({});
  });

  test('SIGTERM ends it as a shell expects', async () => {
    const folder = temporaryFolder();
    const screen = start(folder);
    await screen.shows(asks('Access token'));
    screen.signal('TERM');
    expect(await screen.ended).toEqual({ exitCode: 143, isRestored: true });
    expect(treeOf(folder)).toEqual({});
  });
});

test('every question has been stopped at', async () => {
  const folder = temporaryFolder();
  const screen = start(folder);
  await answer(screen, EVERY_QUESTION);
  expect((await screen.ended).exitCode).toBe(0);
  expect(json(folder)).toEqual({
    access_token: 'simulator-token',
    start_date: '2024-05-06',
    conversation_admin_type: 'specific',
    conversation_admin_ids: [expect.any(String)],
  });
  const asked = [...screen.text.matchAll(/◇ {2}(.*)/g)].map(([, title = '']) => title);
  expect(asked).toHaveLength(EVERY_QUESTION.length);
});
