import { createHash } from 'node:crypto';
import { chmodSync, chownSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { check, discover, read, spec, wordsOf } from '../support/commands.ts';
import { runConnector, type RunOptions } from '../support/connector.ts';
import { temporaryFolder, treeOf, Verbatim, writeInput } from '../support/folder.ts';
import { inPool } from '../support/pool.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { always, serve } from '../support/scripted-server.ts';
import { startWorkspace } from '../support/workspace.ts';

let simulator: Simulator;
let config: JsonObject;
let api: string;
const catalog = configure(['contacts', 'conversations'], 'full_refresh');

beforeAll(async () => {
  simulator = await startWorkspace();
  config = { access_token: simulator.token };
  api = simulator.url;
});

afterAll(async () => {
  await simulator.close();
});

/** What a read brought, in an order of its own. */
function rowsOf(run: Run): readonly string[] {
  return run
    .records()
    .map(({ stream, data }) => `${stream} ${JSON.stringify(data)}`)
    .sort();
}

/** What a run printed besides logs and times. */
function gist(run: Run): unknown {
  return {
    counts: { ...run.counts, LOG: 0 },
    rows: rowsOf(run),
    specs: run.specs,
    catalogs: run.catalogs,
    checks: run.connectionStatuses,
  };
}

test('#1 spec needs no configuration, network, home or writable folder', async () => {
  const cwd = temporaryFolder();
  chmodSync(cwd, 0o555);
  const trap = await serve(always(500, ''));
  const run = await spec({ cwd, api: trap.url, env: { HTTPS_PROXY: trap.url, HTTP_PROXY: trap.url } });
  await trap.close();
  expect([run.exitCode, run.counts]).toEqual([0, { SPEC: 1 }]);
  expect(trap.requests).toEqual([]);
  expect(treeOf(cwd)).toEqual({});
});

describe('the commands', () => {
  test('#2 take their options in any order, and as --option=value', async () => {
    const [, , configFile = '', , catalogFile = '', , stateFile = ''] = wordsOf('read', { config, catalog, state: [] });
    const orders = [
      ['read', '--config', configFile, '--catalog', catalogFile, '--state', stateFile],
      ['read', '--state', stateFile, '--catalog', catalogFile, '--config', configFile],
      ['read', `--catalog=${catalogFile}`, `--config=${configFile}`],
      ['read', '--catalog', catalogFile, `--state=${stateFile}`, '--config', configFile],
    ];
    const [first, ...others] = await Promise.all(orders.map((words) => runConnector(words, { api })));
    expect([first!.exitCode, first!.records().length > 0]).toEqual([0, true]);
    for (const other of others) expect(gist(other)).toEqual(gist(first!));
    const short = await Promise.all(
      ['check', 'discover'].map((command) => runConnector([command, `--config=${configFile}`], { api })),
    );
    expect(short.map(({ exitCode, counts }) => [exitCode, counts])).toEqual([
      [0, { CONNECTION_STATUS: 1 }],
      [0, { CATALOG: 1 }],
    ]);
  });

  test('#3 #4 #5 do the same with a leading --, with --debug and with LOG_LEVEL=debug', async () => {
    const words = [
      ['spec'],
      wordsOf('check', { config }),
      wordsOf('discover', { config }),
      wordsOf('read', { config, catalog }),
    ];
    const ways: readonly (readonly [
      before: readonly string[],
      more: readonly string[],
      env: Record<string, string>,
    ])[] = [
      [[], [], {}],
      [['--'], [], {}],
      [[], ['--debug'], {}],
      [[], [], { LOG_LEVEL: 'debug' }],
    ];
    const runs = await inPool(ways, ([before, more, env]) =>
      inPool(words, (each) => runConnector([...before, ...each, ...more], { api, env }), 1),
    );
    expect(runs.flat().map(({ exitCode }) => exitCode)).toEqual(runs.flat().map(() => 0));
    for (const others of runs) expect(others.map(gist)).toEqual(runs[0]!.map(gist));
    expect(runs.map((some) => some.map((run) => run.logs('DEBUG').length > 0))).toEqual([
      [false, false, false, false],
      [false, false, false, false],
      [false, true, false, true],
      [false, true, false, true],
    ]);
  });

  test('#6 accept and ignore --manifest-path and --components-path', async () => {
    const more = ['--manifest-path', '/nowhere/manifest.yaml', '--components-path=/nowhere/components.py'];
    const runs = await Promise.all([
      check(config, { api, more }),
      discover(config, { api, more }),
      read({ config, catalog }, { api, more }),
    ]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });
});

describe('a wrong command line', () => {
  test('#7 without a command shows the usage on stderr and fails', async () => {
    const run = await runConnector([], { text: true });
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(/spec.*check.*discover.*read/s);
  });

  test('#8 ends with 2, the usage on stderr and nothing on stdout', async () => {
    const lines = [
      'frobnicate',
      'check',
      'discover',
      'read --config config.json',
      'read --catalog catalog.json',
      'check --config',
      'spec --frobnicate',
      'check --config config.json --catalog catalog.json read',
    ];
    const runs = await inPool(lines, (line) => runConnector(line.split(' '), { text: true }));
    expect(runs.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(lines.map(() => [2, '']));
    for (const { stderr } of runs) expect(stderr).toMatch(/Options:/);
  });
});

test('#9 files may be read-only, somebody else’s, of any name and named by a relative path; they stay as they are', async () => {
  const cwd = temporaryFolder();
  const paths = [
    writeInput(cwd, 'config.txt', config),
    writeInput(cwd, 'catalog', catalog),
    writeInput(cwd, 'state.tmp', []),
  ];
  for (const path of paths) {
    chmodSync(path, 0o444);
    if (process.getuid?.() === 0) chownSync(path, 12345, 12345);
  }
  const print = (): unknown =>
    paths.map((path) => [
      createHash('sha256').update(readFileSync(path)).digest('hex'),
      statSync(path).mode,
      statSync(path).mtimeMs,
    ]);
  const before = print();
  const [configFile = '', catalogFile = '', stateFile = ''] = paths;
  const words = ['--config', basename(configFile), '--catalog', `./${basename(catalogFile)}`, '--state', stateFile];
  const runs = await Promise.all([
    runConnector(['read', ...words], { api, cwd }),
    runConnector(['check', '--config', `../${basename(cwd)}/${basename(configFile)}`], { api, cwd }),
    runConnector(['discover', '--config', configFile], { api, cwd }),
  ]);
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(runs[0].records().length).toBeGreaterThan(0);
  expect(print()).toEqual(before);
  expect(Object.keys(treeOf(cwd)).sort()).toEqual([...paths].sort());
});

test('#10 the working folder does not matter, and is not written to', async () => {
  const cwd = temporaryFolder();
  chmodSync(cwd, 0o555);
  const [here, root] = await Promise.all([
    read({ config, catalog }, { api, cwd }),
    read({ config, catalog }, { api, cwd: '/' }),
  ]);
  expect([here.exitCode, rowsOf(here)]).toEqual([0, rowsOf(root)]);
  expect(treeOf(cwd)).toEqual({});
});

test('#11 stdin may be closed, empty, or a pipe that nobody writes to', async () => {
  const kinds: readonly RunOptions['stdin'][] = ['closed', 'null', 'pipe'];
  const runs = await Promise.all(kinds.map((stdin) => read({ config, catalog }, { api, stdin })));
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  for (const run of runs) expect(gist(run)).toEqual(gist(runs[0]!));
});

describe('the state', () => {
  const NONE = [undefined, [], {}, new Verbatim(''), null, new Verbatim(' \n'), new Verbatim('"" ')];

  test('#14 may be absent, [], {}, empty or null, and then means none', async () => {
    const incremental = configure(['contacts', 'conversations'], 'incremental');
    const runs = await Promise.all(NONE.map((state) => read({ config, catalog: incremental, state }, { api })));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(NONE.map(() => 0));
    expect(runs[0]!.records().length).toBeGreaterThan(30);
    for (const run of runs) expect(rowsOf(run)).toEqual(rowsOf(runs[0]!));
  });

  test('#15 is accepted as PyAirbyte writes it', async () => {
    const incremental = configure(['contacts', 'conversations'], 'incremental');
    const first = await read({ config, catalog: incremental }, { api });
    const descriptor = (name: string): JsonObject => ({ name, namespace: null, more: 1 });
    const entry = (name: string, state: unknown): JsonObject => ({
      type: 'STREAM',
      stream: { stream_descriptor: descriptor(name), stream_state: state, unknown: true },
      global_: null,
      data: null,
      sourceStats: { recordCount: 3.0, rejectedRecordCount: null },
      destinationStats: null,
      what_is_this: {},
    });
    const states = first.lastStates().map(({ stream }) => entry(stream.stream_descriptor.name, stream.stream_state));
    const text = [...states, entry('no_such_stream', { updated_at: 1 }), entry('tags', null)]
      .map((each) => JSON.stringify(each))
      .join('\n, ');
    const plain = await read({ config, catalog: incremental, state: first.lastStates() }, { api });
    const second = await read({ config, catalog: incremental, state: new Verbatim(`[${text}]`) }, { api });
    expect([plain.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(rowsOf(second)).toEqual(rowsOf(plain));
    expect(rowsOf(second).length).toBeLessThan(rowsOf(first).length);
    expect(second.lastStates()).toEqual(plain.lastStates());
  });

  test('may be the STATE lines of reads as they were printed, of which the later count', async () => {
    const incremental = configure(['contacts', 'conversations'], 'incremental');
    const first = await read({ config, catalog: incremental }, { api });
    const lines = first.lines.filter((line) => line.startsWith('{"type":"STATE"'));
    const printed = new Verbatim(`${lines.join('\n')}\n`);
    const second = await read({ config, catalog: incremental, state: printed }, { api });
    expect(lines.length).toBeGreaterThan(2);
    expect([second.exitCode, rowsOf(second)]).toEqual([0, []]);

    const torn = new Verbatim(lines.join('\n').slice(0, -5));
    const run = await read({ config, catalog: incremental, state: torn }, { api });
    expect(run.complaints).toEqual([expect.stringMatching(/^config_error: Reading the state: .* is not JSON/)]);
  });

  test('#16 with an entry that says nothing is refused', async () => {
    const states = [[{ foo: 1 }], [{ type: 'STREAM' }], [{ type: 'STREAM', stream: null, data: null }]];
    for (const run of await inPool(states, (state) => read({ config, catalog, state }, { api }))) {
      expect([run.exitCode, run.counts]).toEqual([1, { ERROR: 1 }]);
      expect(run.complaints[0]).toMatch(/^config_error: .*state/);
    }
  });
});

test('#18 #19 #25 the exit code is 0 exactly when the whole job was done', async () => {
  simulator.trouble.add({ match: { route: 'POST /conversations/search' }, effect: { kind: 'status', status: 418 } });
  const wrongToken = { access_token: 'wrong' };
  const runs = await Promise.all([
    check(config, { api }),
    check(wrongToken, { api }),
    check({}, { api }),
    discover(config, { api }),
    discover({}, { api }),
    read({ config, catalog: configure(['contacts'], 'full_refresh') }, { api }),
    read({ config, catalog }, { api }),
    read({ config: wrongToken, catalog }, { api }),
    read({ config: {}, catalog }, { api }),
  ]);
  simulator.trouble.clear();
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 1, 0, 1, 1, 1]);
  const [, refused, , , , , halfDone] = runs;
  for (const { milliseconds } of runs) expect(milliseconds).toBeLessThan(30_000);
  expect(refused.connectionStatuses[0]?.status).toBe('FAILED');
  expect([halfDone.statuses('contacts').at(-1), halfDone.statuses('conversations').at(-1)]).toEqual([
    'COMPLETE',
    'INCOMPLETE',
  ]);
});

describe('input files', () => {
  /** Missing, half of JSON, and what is no object. */
  const BROKEN = [undefined, new Verbatim('{'), [], 'x'];

  /** Runs a command once for each broken form of one of its files. */
  function broken(
    command: string,
    option: string,
    rest: JsonObject,
    values: readonly unknown[],
  ): Promise<readonly Run[]> {
    return inPool(values, (value) => {
      const more = value === undefined ? [`--${option}`, `/nowhere/${option}.json`] : [];
      return runConnector(wordsOf(command, { ...rest, [option]: value }, { more }), { api });
    });
  }

  function expectError(run: Run, words: RegExp): void {
    expect([run.exitCode, run.counts]).toEqual([1, { ERROR: 1 }]);
    expect(run.complaints[0]).toMatch(/^config_error: /);
    expect(run.complaints[0]).toMatch(words);
  }

  test('#12 a configuration that is missing, not JSON or no object ends every command with an error', async () => {
    const [found, rows, checked] = await Promise.all([
      broken('discover', 'config', {}, BROKEN),
      broken('read', 'config', { catalog }, BROKEN.slice(0, 2)),
      broken('check', 'config', {}, BROKEN),
    ]);
    for (const run of [...found, ...rows]) expectError(run, /configuration/);
    for (const run of checked) {
      const failed = run.connectionStatuses.map(({ status }) => status);
      expect([run.exitCode, failed, run.errors().length]).toEqual(
        failed.length === 1 ? [0, ['FAILED'], 0] : [1, [], 1],
      );
    }
  });

  test('#13 a catalog that is missing, not JSON or without streams ends a read with an error', async () => {
    const values = [...BROKEN, { stream: [] }];
    for (const run of await broken('read', 'catalog', { config }, values)) expectError(run, /catalog/);
  });

  test('#17 a state that is missing or not JSON ends a read with an error', async () => {
    for (const run of await broken('read', 'state', { config, catalog }, BROKEN.slice(0, 2))) expectError(run, /state/);
  });
});
