import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { discover as discoverTap, select, type SingerCatalog } from '../singer/support/catalogs.ts';
import { tap } from '../singer/support/tap.ts';
import { configure, type ConfiguredCatalog } from '../support/catalogs.ts';
import { check, discover, read, spec } from '../support/commands.ts';
import { runConnector } from '../support/connector.ts';
import { temporaryFolder, Verbatim, writeInput } from '../support/folder.ts';
import { WATCHED_PROTOTYPES } from '../support/prototypes.ts';
import type { JsonObject } from '../support/run.ts';
import { always, serve, type ScriptedServer } from '../support/scripted-server.ts';
import { fullConfig, offeredStreams, startWorkspace } from '../support/workspace.ts';

let simulator: Simulator;
let config: JsonObject;
let everything: ConfiguredCatalog;
let tapCatalog: SingerCatalog;
/** Nobody may be asked for what a file names. */
let trap: ScriptedServer;

beforeAll(async () => {
  simulator = await startWorkspace();
  trap = await serve(always(200, '{"access_token":"trap"}'));
  config = fullConfig(simulator);
  everything = configure(await offeredStreams(config), 'incremental');
  tapCatalog = await discoverTap(config);
});

afterAll(() => Promise.all([simulator.close(), trap.close()]));

describe('files are parsed, and never executed', () => {
  const program = (marker: string): string =>
    `require('node:fs').writeFileSync(${JSON.stringify(marker)}, ''); module.exports = { access_token: 'x' };`;

  test.each(['config.js', 'config.cjs', 'config.mjs', 'config.ts', 'config.json', 'config'])(
    'a configuration, catalog or state that is a program (%s)',
    async (name) => {
      const folder = temporaryFolder();
      const marker = join(folder, 'executed');
      const file = writeInput(folder, name, new Verbatim(program(marker)));
      const config = writeInput(folder, 'good.json', { access_token: simulator.token });
      const catalog = writeInput(folder, 'catalog.json', configure(['tags'], 'incremental'));
      for (const words of [
        ['check', '--config', file],
        ['read', '--config', config, '--catalog', file],
        ['read', '--config', config, '--catalog', catalog, '--state', file],
      ]) {
        const run = await runConnector(words, { api: simulator.url, cwd: folder });
        expect([run.exitCode, run.complaints.join()]).toEqual([1, expect.stringContaining('is not JSON')]);
      }
      expect(existsSync(marker)).toBe(false);
    },
  );

  test('nor is anything of a folder that the program is started in', async () => {
    const folder = temporaryFolder();
    const marker = join(folder, 'executed');
    for (const name of [
      'index.js',
      '.npmrc',
      '.env',
      'sitecustomize.js',
      'source-intercom.js',
      '.yargs.json',
      'package.json',
    ])
      writeInput(
        folder,
        name,
        new Verbatim(
          name === 'package.json'
            ? `{"type":"commonjs","yargs":{"extends":"./index.js"},"imports":{"got":"./index.js"}}`
            : program(marker),
        ),
      );
    const run = await check({ access_token: simulator.token }, { api: simulator.url, cwd: folder });
    expect([run.connectionStatuses.map(({ status }) => status), existsSync(marker)]).toEqual([['SUCCEEDED'], false]);
  });

  test('a path that is an address is looked up on the disk, and asked of nobody', async () => {
    for (const path of [
      `${trap.url}/config.json`,
      `data:application/json,{"access_token":"x"}`,
      'https://127.0.0.1/config.json',
    ]) {
      const run = await runConnector(['check', '--config', path], { api: simulator.url });
      expect([run.exitCode, run.complaints.join()]).toEqual([1, expect.stringContaining('does not exist')]);
    }
    expect(trap.requests).toEqual([]);
  });

  test('what a catalog or its schemas name is not fetched, and no expression of theirs is run', async () => {
    const schema = {
      $schema: `${trap.url}/schema`,
      $id: `${trap.url}/id`,
      $ref: `${trap.url}/ref`,
      type: 'object',
      properties: {
        id: { type: 'string', pattern: '^(([a-z0-9])+)+$' },
        name: {
          $ref: `${trap.url}/name#/definitions/"};process.exit(3);//`,
          type: ['null', 'string'],
          format: 'process.exit(3)',
        },
      },
      required: ["');process.exit(3);//"],
    };
    const chosen = select(tapCatalog, ['tags']);
    const catalog = {
      streams: chosen.streams.map((entry) => (entry.stream === 'tags' ? { ...entry, schema } : entry)),
    };
    const [source] = configure(['tags'], 'full_refresh').streams;
    const [run, own] = await Promise.all([
      tap({ config, catalog }, { api: simulator.url }),
      read(
        { config, catalog: { streams: [{ ...source, stream: { name: 'tags', json_schema: schema } }] } },
        { api: simulator.url },
      ),
    ]);
    const count = [...simulator.world.tags.all()].length;
    expect([run.exitCode, run.rows('tags').length, own.exitCode, own.rows('tags').length]).toEqual([
      0,
      count,
      0,
      count,
    ]);
    expect(trap.requests).toEqual([]);
  });

  test('all commands do without starting programs and threads, without writing files and without loading native code', async () => {
    const env = { NODE_OPTIONS: '--permission --allow-fs-read=*', NODE_COMPILE_CACHE: '' };
    const options = { api: simulator.url, env };
    const [described, checked, discovered, run, synced] = await Promise.all([
      spec({ env }),
      check(config, options),
      discover({ ...config, expand: ['custom_attributes'] }, options),
      read({ config, catalog: everything }, options),
      tap({ config, catalog: select(tapCatalog, ['contacts', 'conversation_parts']) }, options),
    ]);
    expect([described, checked, discovered, run, synced].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    expect(checked.connectionStatuses.map(({ status }) => status)).toEqual(['SUCCEEDED']);
    expect([run.errors(), run.rows('contacts').length]).toEqual([[], 30]);
    expect(synced.rows('contacts').length).toBe(30);
  });
});

describe('keys that every object has', () => {
  const EVIL =
    '"__proto__":{"polluted":"yes","toString":"no"},"constructor":{"prototype":{"polluted":"yes"}},"prototype":{"polluted":"yes"}';
  /** The same value, with such keys in every object of it. */
  const poisoned = (value: unknown): Verbatim =>
    new Verbatim(
      JSON.stringify(value)
        .replaceAll(/\{(?=["}])/g, (brace) => `${brace}${EVIL},`)
        .replaceAll(',}', '}'),
    );

  test('in a configuration, a catalog and a state pollute nothing', async () => {
    const first = await read(
      { config, catalog: configure(['contacts', 'tags'], 'incremental') },
      { api: simulator.url },
    );
    const run = await read(
      {
        config: poisoned(config),
        catalog: poisoned(configure(['contacts', 'tags'], 'incremental')),
        state: poisoned(first.lastStates()),
      },
      { api: simulator.url, env: WATCHED_PROTOTYPES },
    );
    expect([run.exitCode, run.errors()]).toEqual([0, []]);
    const again = await read(
      { config, catalog: configure(['contacts', 'tags'], 'incremental'), state: first.lastStates() },
      { api: simulator.url },
    );
    expect(run.rows('contacts')).toEqual(again.rows('contacts'));
    expect(run.rows('tags')).toEqual(first.rows('tags'));
  });

  test('nor in those of the tap', async () => {
    const catalog = select(tapCatalog, ['contacts', 'tags']);
    const first = await tap({ config, catalog }, { api: simulator.url });
    const run = await tap(
      { config: poisoned(config), catalog: poisoned(catalog), state: poisoned(first.lastState) },
      { api: simulator.url, env: WATCHED_PROTOTYPES },
    );
    expect(run.exitCode).toBe(0);
    expect(run.rows('tags').length).toBe(first.rows('tags').length);
  });

  test('the watch finds what they would do', async () => {
    const script = `Object.prototype.polluted = 1; Array.prototype.at = () => undefined;`;
    const NODE_OPTIONS = `${WATCHED_PROTOTYPES.NODE_OPTIONS} --import=data:text/javascript,${encodeURIComponent(script)}`;
    await expect(spec({ env: { NODE_OPTIONS } })).rejects.toThrow(/POLLUTED Object\.polluted Array\.at/);
  });
});
