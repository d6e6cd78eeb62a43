import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { isNone, permissions } from '../../scripts/generate-permissions.ts';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { streams } from '../../src/index.ts';
import { fullConfig, SMALL } from '../support/workspace.ts';
import { readStreams } from './support/read.ts';

let simulator: Simulator;
const names = streams.map(({ name }) => name);

beforeAll(async () => {
  // With 14 tags there are contacts of more than ten.
  simulator = await startSimulator({ sizes: { ...SMALL, contacts: 60, tags: 14 } });
});

afterEach(() => {
  simulator.trouble.clear();
});

afterAll(() => simulator.close());

/** The permissions of docs/setup.md, as the simulator calls them. */
const SCOPES: Readonly<Record<string, string>> = {
  'Read and list users and companies': 'read_users_companies',
  'Read conversations': 'read_conversations',
  'Read admins': 'read_admins',
  'Read tickets': 'read_tickets',
  'Read and list articles': 'read_articles_scope',
  'Read and list news items and newsfeeds': 'read_news',
  'Read events': 'read_events',
  'Read tags': 'read_tags',
};

/** Intercom documents this one for the endpoint that lists logs, and "Read admins" for the one that is read. */
const BESIDES = ['Read admin activity logs'];

async function failuresWithout(...scopes: readonly string[]): Promise<readonly string[]> {
  for (const scope of scopes) simulator.trouble.withheldScopes.add(scope);
  const { events } = await readStreams(simulator, names, { config: fullConfig(simulator), isIncremental: false });
  return events
    .flatMap((event) => (event.type === 'stream_ended' && event.failure !== undefined ? [event] : []))
    .map(({ stream, failure }) => {
      expect(failure?.kind).toBe('config');
      return stream;
    });
}

test('the table names the permissions that there are', () => {
  const listed = permissions().filter((permission) => !isNone(permission));
  expect(listed.map(({ name }) => name).sort()).toEqual([...Object.keys(SCOPES), ...BESIDES].sort());
});

test.each(Object.entries(SCOPES))('without %s exactly the streams fail that the table names', async (name, scope) => {
  const { always = [], sometimes = [] } = permissions().find((permission) => permission.name === name) ?? {};
  expect([...(await failuresWithout(scope))].sort()).toEqual([...always, ...sometimes].sort());
});

test('with all of them nothing fails, and without any all but those of which no permission is documented', async () => {
  expect(await failuresWithout()).toEqual([]);
  const others = permissions()
    .filter(isNone)
    .flatMap(({ always }) => always);
  const failed = await failuresWithout(...Object.values(SCOPES));
  expect(names.filter((name) => !failed.includes(name)).sort()).toEqual([...others].sort());
});
