import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Simulator } from '../../simulator/index.ts';
import { runTap } from '../singer/support/tap.ts';
import { PROGRAM, runConnector, type RunOptions } from '../support/connector.ts';
import { temporaryFolder, treeOf } from '../support/folder.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { startWorkspace } from '../support/workspace.ts';

let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  simulator = await startWorkspace();
});

afterAll(() => simulator.close());

beforeEach(() => {
  folder = temporaryFolder();
});

function configure(words: readonly string[], options: RunOptions = {}): Promise<Run> {
  return runConnector(['configure', ...words], { api: simulator.url, cwd: folder, text: true, ...options });
}

/** With what cannot be done without. */
function configureFor(streams: string, ...words: readonly string[]): Promise<Run> {
  return configure(['--access-token', simulator.token, '--streams', streams, ...words]);
}

function json(name: string): JsonObject {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as JsonObject;
}

function write(name: string, value: unknown): void {
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
}

function modeOf(name: string): number {
  return statSync(join(folder, name)).mode & 0o777;
}

/** Runs what is printed as the next command, as a shell does. */
async function runNext({ stdout }: Run): Promise<readonly JsonObject[]> {
  const [, next = ''] = /^Next:\n {2}(.*)\n$/m.exec(stdout) ?? [];
  const programs = temporaryFolder();
  for (const name of ['source', 'tap']) {
    const script = `#!/bin/sh\nexec '${process.execPath}' '${join(dirname(PROGRAM), `${name}.js`)}' "$@"\n`;
    writeFileSync(join(programs, `${name}-intercom`), script, { mode: 0o755 });
  }
  const PATH = [programs, process.env['PATH'] ?? ''].join(delimiter);
  await promisify(execFile)('/bin/sh', ['-e', '-c', next], {
    cwd: folder,
    env: { PATH, SOURCE_INTERCOM_API_URL: simulator.url },
  });
  const rows = readFileSync(join(folder, 'rows.jsonl'), 'utf8').trimEnd().split('\n');
  return rows.map((line) => JSON.parse(line) as JsonObject);
}

describe('without a terminal', () => {
  test('the files that it writes work as they are', async () => {
    const run = await configureFor('contacts,tags', '--start-date', '2020-01-01');
    expect(run.stdout).toBe(
      'Wrote config.json and catalog.json: 2 streams (1 incremental, 1 whole).\n' +
        'Next:\n  source-intercom read --config config.json --catalog catalog.json > rows.jsonl\n',
    );
    expect(json('config.json')).toEqual({ access_token: simulator.token, start_date: '2020-01-01' });
    expect(modeOf('config.json')).toBe(0o600);

    const { connectionStatuses } = await runConnector(['check', '--config', 'config.json'], {
      api: simulator.url,
      cwd: folder,
    });
    expect(connectionStatuses).toEqual([{ status: 'SUCCEEDED' }]);
    const rows = (await runNext(run)).filter(({ type }) => type === 'RECORD').map(({ record }) => record as JsonObject);
    expect(rows.filter(({ stream }) => stream === 'contacts')).toHaveLength([...simulator.world.contacts.all()].length);
    expect(new Set(rows.map(({ stream }) => stream))).toEqual(new Set(['contacts', 'tags']));
  });

  test('for Singer, too', async () => {
    const run = await configureFor('contacts,tags', '--for', 'singer', '--sync-mode', 'full_refresh');
    const rows = (await runNext(run)).filter(({ type }) => type === 'RECORD');
    expect(new Set(rows.map(({ stream }) => stream))).toEqual(new Set(['contacts', 'tags']));
    const [words] = /tap-intercom (.*) >/.exec(run.stdout)?.slice(1) ?? [];
    const tapped = await runTap((words ?? '').split(' '), { api: simulator.url, cwd: folder });
    expect(tapped.rows('contacts')).toHaveLength([...simulator.world.contacts.all()].length);
  });

  test('the token may come from a file, and goes into no message', async () => {
    write('token.txt', `${simulator.token}\n`);
    const run = await configure(['--access-token-file', 'token.txt', '--streams', 'tags']);
    expect(run.exitCode).toBe(0);
    expect(json('config.json')['access_token']).toBe(simulator.token);
    expect(run.stdout).not.toContain(simulator.token);
    const failed = await configure(['--access-token-file', 'token.txt', '--streams', `x${simulator.token}`, '--debug']);
    expect(failed.stderr).toContain('There is no stream "x****"');
  });

  test.each([
    [[], /the access token\. Give --access-token-file or --access-token,/],
    [['--access-token', 'TOKEN'], /the streams to read\. Give --streams,/],
    [
      ['--access-token', 'TOKEN', '--streams', 'conversation_details', '--conversation-admin-type', 'specific'],
      /conversation_admin_ids\. Give --conversation-admin-ids,/,
    ],
    [['--start-date', '2025-02-30'], /start_date is not a day of the calendar/],
    [['--concurrency', '1000'], /concurrency must be at most 100/],
  ])('%j leaves something open, which is said, and nothing is written', async (words, message) => {
    const run = await configure(words.map((word) => word.replace('TOKEN', simulator.token)));
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(message);
    expect(treeOf(folder)).toEqual({});
  });

  test.each([
    [['--access-token', 'wrong', '--streams', 'tags'], /^Error: Checking the access token: Intercom answered 401/],
    [['--access-token', 'TOKEN', '--streams', 'tgas'], /There is no stream "tgas"\. Did you mean "tags"\?/],
    [['--access-token', 'TOKEN', '--streams', 'users_by_tag', '--tag-ids', 'Nix'], /there is no tag "Nix"/],
    [['--access-token', 'TOKEN', '--streams', 'tags', '--output', 'none/c.json'], /a folder that does not exist/],
  ])('%j is refused, and nothing is written', async (words, message) => {
    const run = await configure(words.map((word) => word.replace('TOKEN', simulator.token)));
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(message);
    expect(treeOf(folder)).toEqual({});
  });

  test('what the token may not read is said', async () => {
    simulator.trouble.tokens.set('limited', { scopes: ['read_admins', 'read_tags'] });
    const run = await configureWarned(['--access-token', 'limited', '--streams', 'tags,tickets,leads_by_id']);
    expect(run.stderr).toContain('Warning: tickets lacks the permission "Read tickets".');
    expect(run.stderr).toContain('leads_by_id stays empty: neither --lead-ids nor --lead-emails name any.');
    expect(run.stderr).not.toContain('tags lacks');
  });

  test('the region is that of the workspace, whatever the file says', async () => {
    const european = await startWorkspace({ region: 'EU' });
    write('config.json', { access_token: european.token, region: 'us' });
    await configure(['--streams', 'tags'], { api: european.url });
    await european.close();
    expect(json('config.json')).toEqual({ access_token: simulator.token, region: 'eu' });
  });
});

/** A run that succeeds, and warns. */
async function configureWarned(words: readonly string[]): Promise<{ readonly stderr: string }> {
  const { stderr } = await promisify(execFile)(process.execPath, [PROGRAM, 'configure', ...words], {
    cwd: folder,
    env: { SOURCE_INTERCOM_API_URL: simulator.url },
  });
  return { stderr };
}

describe('files that are there', () => {
  test('are edited: what is not asked for, and what is no option, stays as it is written', async () => {
    write('config.json', { note: 'ours', access_token: simulator.token, tag_ids: 'a,b', big: 0, concurrency: '7' });
    write(
      'config.json',
      readFileSync(join(folder, 'config.json'), 'utf8').replace('"big":0', '"big":12345678901234567890'),
    );
    write('catalog.json', {
      ours: true,
      streams: [
        { stream: { name: 'contacts' }, sync_mode: 'full_refresh', destination_sync_mode: 'append', generation_id: 7 },
        { stream: { name: 'tickets' }, sync_mode: 'incremental', destination_sync_mode: 'append_dedup' },
      ],
    });
    chmodSync(join(folder, 'config.json'), 0o644);
    await configure(['--start-date', '2024-01-01', '--timestamps', 'rfc3339']);

    const text = readFileSync(join(folder, 'config.json'), 'utf8');
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      ...['note', 'access_token', 'tag_ids', 'big', 'concurrency'],
      ...['start_date', 'timestamps'],
    ]);
    expect(text).toContain('"tag_ids": "a,b"');
    expect(text).toContain('"big": 12345678901234567890');
    expect(text).toContain('"concurrency": "7"');
    expect(modeOf('config.json')).toBe(0o600);
    const { ours, streams } = json('catalog.json') as { readonly ours: boolean; readonly streams: JsonObject[] };
    expect(ours).toBe(true);
    expect(
      streams.map(({ stream, ...rest }) => [
        (stream as JsonObject)['name'],
        rest['sync_mode'],
        rest['destination_sync_mode'],
      ]),
    ).toEqual([
      ['contacts', 'full_refresh', 'append'],
      ['tickets', 'incremental', 'append_dedup'],
    ]);
    expect(streams[0]).toHaveProperty('generation_id', 7);
  });

  test('an empty value takes an option out', async () => {
    write('config.json', { access_token: simulator.token, start_date: '2024-01-01', company_ids: ['Lumenworks'] });
    await configure(['--streams', 'tags', '--start-date', '', '--company-ids', '']);
    expect(json('config.json')).toEqual({ access_token: simulator.token });
  });

  test('of another kind are left alone', async () => {
    write('catalog.json', { streams: [{ tap_stream_id: 'contacts', metadata: [] }] });
    const run = await configureFor('tags');
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringMatching(/^Error: catalog\.json is there, .*Singer catalog.*Give another file with --catalog\.\n$/),
    ]);
    expect(Object.keys(treeOf(folder))).toEqual([join(folder, 'catalog.json')]);
  });

  test('a Singer catalog keeps the fields that are chosen', async () => {
    await configureFor('contacts', '--for', 'singer');
    const before = json('tap-catalog.json') as unknown as Catalog;
    const entry = before.streams.find(({ stream }) => stream === 'contacts')!;
    const phone = entry.metadata.find(({ breadcrumb }) => breadcrumb.join('.') === 'properties.phone')!;
    phone.metadata['selected'] = false;
    write('tap-catalog.json', before);
    await configureFor('contacts,tags', '--for', 'singer');
    const after = json('tap-catalog.json') as unknown as Catalog;
    expect(after.streams.find(({ stream }) => stream === 'contacts')!.metadata).toContainEqual(phone);
    const tap = await runTap(['--config', 'config.json', '--catalog', 'tap-catalog.json'], {
      api: simulator.url,
      cwd: folder,
    });
    expect(tap.rows('tags').length).toBeGreaterThan(0);
    expect(tap.rows('contacts')[0]).not.toHaveProperty('phone');
  });

  test('a Meltano project keeps the rest, comments included, and the token stays out of it', async () => {
    write('meltano.yml', PROJECT);
    write('.env', "OTHER=1\nTAP_INTERCOM_ACCESS_TOKEN='old'\n");
    const run = await configureFor('contacts,tags', '--for', 'meltano', '--start-date', '2024-01-01');
    expect(run.stdout).toContain('Next:\n  meltano install && meltano run tap-intercom target-other\n');
    const text = readFileSync(join(folder, 'meltano.yml'), 'utf8');
    expect(text).toContain('# Ours.\n');
    expect(text).not.toContain(simulator.token);
    const { plugins, default_environment } = parse(text) as Project;
    expect(default_environment).toBe('prod');
    expect(plugins.extractors.map(({ name }) => name)).toEqual(['tap-other', 'tap-intercom']);
    expect(plugins.extractors[1]).toMatchObject({
      executable: './node_modules/.bin/tap-intercom',
      config: { start_date: '2024-01-01', flattening: 1 },
      select: ['contacts.id', '!contacts.phone', 'tags.*'],
      metadata: { contacts: { 'replication-method': 'FULL_TABLE' } },
    });
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(
      `OTHER=1\nTAP_INTERCOM_ACCESS_TOKEN='${simulator.token}'\n`,
    );
    expect(modeOf('.env')).toBe(0o600);
  });
});

interface Catalog {
  readonly streams: readonly {
    readonly stream: string;
    readonly metadata: readonly {
      readonly breadcrumb: readonly string[];
      readonly metadata: Record<string, unknown>;
    }[];
  }[];
}

interface Project {
  readonly default_environment: string;
  readonly plugins: { readonly extractors: readonly (JsonObject & { readonly name: string })[] };
}

const PROJECT = `version: 1
default_environment: prod
plugins:
  loaders:
    - name: target-other
  extractors:
    # Ours.
    - name: tap-other
    - name: tap-intercom
      config:
        flattening: 1
        timestamps: unix
      select:
        - contacts.id
        - "!contacts.phone"
        - tickets.*
      metadata:
        contacts:
          replication-method: FULL_TABLE
`;
