import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { streams as known } from '../../src/streams/index.ts';
import type { SingerCatalog } from '../singer/support/catalogs.ts';
import { canBeIncremental, configure, keyOf, type ConfiguredCatalog } from '../support/catalogs.ts';
import { ROOT } from '../support/package.ts';
import { faultsOfRead } from '../support/read-rules.ts';
import type { AirbyteStream, JsonObject, Run } from '../support/run.ts';
import { fullConfig, startWorkspace } from '../support/workspace.ts';
import { checksums, dataFolder, run, runTap, saw, type Container } from './container.ts';

const CONFIG = ['--config', '/data/config.json'];
const names = known.map(({ name }) => name as string).sort();

let simulator: Simulator;
let container: Container;
let streams: readonly AirbyteStream[];
let catalog: ConfiguredCatalog;
let data: string;
let before: Readonly<Record<string, string>>;
/** A read of all streams. */
let whole: Run;

beforeAll(async () => {
  simulator = await startWorkspace();
  const config = fullConfig(simulator);
  data = dataFolder({ 'config.json': config });
  container = { api: simulator.url, data };
  const discovered = await run(['discover', ...CONFIG], container);
  streams = discovered.catalogs.flatMap(({ streams: offered }) => offered);
  catalog = configure(streams, 'incremental');
  data = dataFolder({
    'config.json': config,
    'catalog.json': catalog,
    'wrong.json': { ...config, access_token: 'no-such-token' },
    'invalid.json': { ...config, start_date: 'yesterday' },
    'broken.json': 'not an object',
  });
  container = { api: simulator.url, data };
  before = checksums(data);
  whole = await run(['read', ...CONFIG, '--catalog', '/data/catalog.json'], container);
});

afterAll(() => simulator.close());

describe('Airbyte', () => {
  test('spec', async () => {
    const { specs, milliseconds } = await run(['spec']);
    expect(specs).toEqual([JSON.parse(readFileSync(join(ROOT, 'spec.json'), 'utf8'))]);
    saw(`as in spec.json, after ${milliseconds} ms`);
  });

  test('check', async () => {
    const { exitCode, connectionStatuses } = await run(['check', ...CONFIG], container);
    expect([exitCode, connectionStatuses]).toEqual([0, [{ status: 'SUCCEEDED' }]]);
  });

  test('discover: every stream', () => {
    expect(streams.map(({ name }) => name).sort()).toEqual(names);
    saw(`${streams.length} streams`);
  });

  test('read: every stream has rows, and is whole', () => {
    expect([whole.exitCode, whole.errors(), faultsOfRead(whole, catalog)]).toEqual([0, [], []]);
    expect(names.filter((name) => whole.rows(name).length === 0)).toEqual([]);
    expect(names.filter((name) => whole.statuses(name).at(-1) !== 'COMPLETE')).toEqual([]);
    expect(new Set(whole.rows('contacts').map(({ id }) => id)).size).toBe([...simulator.world.contacts.all()].length);
    saw(`${whole.records().length} records of ${names.length} streams, ${whole.milliseconds} ms`);
  });

  test('read with the state of the read before: no row that was out comes again', async () => {
    const incremental = streams.filter(canBeIncremental);
    const folder = dataFolder({
      'config.json': fullConfig(simulator),
      'catalog.json': configure(incremental, 'incremental'),
      'state.json': whole.lastStates(),
    });
    const words = ['read', ...CONFIG, '--catalog', '/data/catalog.json', '--state', '/data/state.json'];
    const next = await run(words, { ...container, data: folder });
    expect([next.exitCode, next.records().length]).toEqual([0, 0]);
    saw(`${incremental.length} streams, ${next.records().length} records`);
  });
});

describe('Singer', () => {
  test.each([
    ['by the program tap-intercom', { entrypoint: 'tap-intercom' }],
    ['by options alone', {}],
  ])('%s: the rows are those of Airbyte', async (_, how) => {
    const found = await runTap([...CONFIG, '--discover'], { ...container, ...how, prints: 'document' });
    const selected = dataFolder({ 'config.json': fullConfig(simulator), 'catalog.json': everything(found.stdout) });
    const words = [...CONFIG, '--catalog', '/data/catalog.json'];
    const read = await runTap(words, { ...container, ...how, data: selected });
    expect(read.exitCode).toBe(0);
    for (const stream of streams) {
      const [tapped, sourced] = [read.rows(stream.name), whole.rows(stream.name)].map((rows) =>
        rows.map((row) => keyOf(row, stream)).sort(),
      );
      expect([stream.name, tapped]).toEqual([stream.name, sourced]);
    }
    expect(Object.keys(read.lastState.bookmarks).length).toBeGreaterThan(0);
    saw(`${read.records().length} records of ${read.schemas.length} streams, ${read.milliseconds} ms`);
  });
});

describe('exit codes', () => {
  const catalogOption = ['--catalog', '/data/catalog.json'];

  test.each<[name: string, words: readonly string[], exitCode: number, complaint: RegExp]>([
    ['no such token: check succeeds in saying so', ['check', '--config', '/data/wrong.json'], 0, /token/],
    ['no such token', ['read', '--config', '/data/wrong.json', ...catalogOption], 1, /token/],
    ['an invalid option', ['read', '--config', '/data/invalid.json', ...catalogOption], 1, /start_date/],
    ['no JSON object', ['read', '--config', '/data/broken.json', ...catalogOption], 1, /object/],
    ['no such file', ['discover', '--config', '/data/none.json'], 1, /\/data\/none\.json/],
    ['no catalog', ['read', ...CONFIG, '--catalog', '/data/none.json'], 1, /\/data\/none\.json/],
    ['no such command', ['frobnicate'], 2, /frobnicate/],
    ['a missing option', ['read', ...CONFIG], 2, /catalog/],
    ['no such option of the tap', ['--config', '/data/config.json', '--frobnicate'], 2, /frobnicate/],
  ])('%s', async (_, words, exitCode, complaint) => {
    const result = await run(words, { ...container, text: exitCode === 2 });
    const failed = result.connectionStatuses.map(({ status, message = '' }) => `${status}: ${message}`);
    const complaints = [...failed, ...result.complaints, result.stderr].filter((each) => each !== '').join('\n');
    expect([result.exitCode, complaints]).toEqual([exitCode, expect.stringMatching(complaint)]);
    saw(`${exitCode}, ${complaints.split('\n').find((line) => complaint.test(line)) ?? ''}`);
  });

  test('a file that the user of the container may not read', async () => {
    const flags = ['--volume', `${secret()}:/secrets/config.json:ro`];
    const result = await run(['discover', '--config', '/secrets/config.json'], { ...container, flags });
    expect([result.exitCode, result.complaints]).toEqual([1, [expect.stringContaining('/secrets/config.json')]]);
    saw(result.complaints.join());
  });
});

test.each(['/secrets', '/config', '/data', '/source', '/airbyte/tmp'])(
  '#146 files mounted into %s are read, whatever the working directory',
  async (place) => {
    const flags = ['--volume', `${data}:${place}:ro`, '--workdir', place];
    const result = await run(['check', '--config', `${place}/config.json`], { api: simulator.url, flags });
    expect(result.connectionStatuses.map(({ status }) => status)).toEqual(['SUCCEEDED']);
  },
);

test('#146 a single file is read that is mounted by itself, by a user whom the image does not know', async () => {
  const config = join(dataFolder({ 'config.json': fullConfig(simulator) }), 'config.json');
  chmodSync(config, 0o444);
  const flags = ['--user', '12345', '--volume', `${config}:/secrets/config.json:ro`];
  const result = await run(['check', '--config', '/secrets/config.json'], { api: simulator.url, flags });
  expect(result.connectionStatuses.map(({ status }) => status)).toEqual(['SUCCEEDED']);
});

test('after all of this, the mounted files are as they were, and alone', () => {
  expect(checksums(data)).toEqual(before);
  expect(Object.keys(before).length).toBe(5);
  saw(`${Object.keys(before).length} files, ${before['config.json']?.slice(0, 12) ?? ''}… and the like`);
});

/** A catalog in which every stream is selected. */
function everything(text: string): JsonObject {
  const { streams: entries } = JSON.parse(text) as SingerCatalog;
  return {
    streams: entries.map((entry) => ({
      ...entry,
      metadata: entry.metadata.map(({ breadcrumb, metadata }) => ({
        breadcrumb,
        metadata: breadcrumb.length === 0 ? { ...metadata, selected: true } : metadata,
      })),
    })),
  };
}

/** A file that only its owner may read. */
function secret(): string {
  const path = join(dataFolder({}), 'config.json');
  writeFileSync(path, JSON.stringify(fullConfig(simulator)), { mode: 0o600 });
  return path;
}
