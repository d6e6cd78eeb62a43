import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { streams } from '../../src/streams/index.ts';
import { configure } from '../support/catalogs.ts';
import { startChild } from '../support/child.ts';
import { read, wordsOf, type CommandOptions } from '../support/commands.ts';
import { runConnector } from '../support/connector.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { fullConfig, offeredStreams, startWorkspace } from '../support/workspace.ts';

let simulator: Simulator;
let config: JsonObject;
let whole: Run;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { contacts: 400 } });
  config = fullConfig(simulator);
  const catalog = configure(await offeredStreams(config, simulator.url), 'full_refresh');
  whole = await read({ config, catalog }, { api: simulator.url });
});

afterAll(() => simulator.close());

function preview(stream: string, more: readonly string[] = [], options: CommandOptions = {}): Promise<Run> {
  const words = ['--stream', stream, ...more];
  return runConnector(wordsOf('preview', { config }, { more: words }), { api: simulator.url, text: true, ...options });
}

describe('preview', () => {
  // One of each way to read.
  test.each([
    'contacts',
    'conversation_parts',
    'companies',
    'tags',
    'users_by_tag',
    'event_summaries',
    'activity_logs',
    'brands',
  ])('%s: rows as a read has them', async (name) => {
    const { stdout } = await preview(name, ['--limit', '2', '--format', 'json']);
    const rows = JSON.parse(stdout) as readonly JsonObject[];
    const all = whole.records(name).map(({ data }) => data);
    expect(rows).toHaveLength(Math.min(2, all.length));
    expect(all).toEqual(expect.arrayContaining([...rows]));
  });

  test('a table tells key and cursor first, and what had no room', async () => {
    const { stdout } = await preview('contacts', ['--limit', '3']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^id +updated_at /);
    expect(lines.filter((line) => /^[0-9a-f]{24} /.test(line))).toHaveLength(3);
    expect(lines.at(-1)).toMatch(/^No room for \d+ more columns \(.*\); --format json shows all\.$/);
    for (const line of lines.slice(0, 4)) expect(line.length).toBeLessThanOrEqual(120);
  });

  test('a stream without rows says so, and why', async () => {
    const words = wordsOf(
      'preview',
      { config: { ...config, usernames: [] } },
      { more: ['--stream', 'users_by_username'] },
    );
    const { ended } = startChild('source', words, { api: simulator.url });
    expect(await ended).toMatchObject({
      exitCode: 0,
      stdout: 'users_by_username has no rows.\n',
      stderr: 'Warning: users_by_username: nothing to look for. Set usernames in the configuration.\n',
    });
  });

  test('asks for no more than it shows', async () => {
    const before = simulator.requests.length;
    await preview('contacts', ['--limit', '1']);
    const searches = simulator.requests.slice(before).filter(({ path }) => path === '/contacts/search');
    expect(searches.length).toBeLessThan(400 / 150);
  });
});

describe('streams', () => {
  const list = async (format: string): Promise<string> =>
    (await runConnector(['streams', '--format', format], { text: true })).stdout;

  test('json has each stream once, with what identifies its rows', async () => {
    const all = JSON.parse(await list('json')) as readonly JsonObject[];
    expect(all.map(({ name, primary_key, cursor }) => [name, primary_key, cursor])).toEqual(
      streams.map(({ name, primaryKey, cursor }) => [name, primaryKey, cursor ?? null]),
    );
  });

  test.each(['table', 'markdown'])('%s names each stream in its group', async (format) => {
    const text = await list(format);
    const lines = text.split('\n').map((line) => line.replace(/^\| /, ''));
    for (const { name, title } of streams)
      expect(lines.filter((line) => line.startsWith(`${name} `) && line.includes(` ${title} `))).toHaveLength(1);
    expect(
      text.match(/^(## )?(The twelve reports|What other connectors have|What no other connector has)$/gm),
    ).toHaveLength(3);
  });
});
