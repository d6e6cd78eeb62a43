import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../../simulator/index.ts';
import type { Bench, Client } from './support/client.ts';
import { rowsOf } from './support/connector.ts';
import { run, type Command } from './support/process.ts';
import { Expected, tablesOf } from './support/tables.ts';
import { letADayPass, withWorkspace } from './support/workspace.ts';

/** PyAirbyte, by `examples/pyairbyte/read.py` as it is. */
export const pyairbyte: Client = {
  name: 'pyairbyte',
  requirements: ['pyairbyte'],
  run: async (bench) => {
    copyFileSync(EXAMPLE, join(bench.folder, 'read.py'));
    await withWorkspace((simulator) => loadTwice(bench, simulator));
    await withWorkspace((simulator) => refuseBadToken(bench, simulator));
    await withWorkspace((simulator) => tellFailure(bench, simulator));
    await withWorkspace((simulator) => stopEarly(bench, simulator));
  },
};

/** Everything into DuckDB, and again after the workspace has changed. */
async function loadTwice(bench: Bench, simulator: Simulator): Promise<void> {
  const { connector, say } = bench;
  const streams = await connector.streams(simulator);
  const expected = new Expected(streams);
  const load = async (): Promise<void> => {
    const due = expected.add(rowsOf(streams, await connector.read(simulator, streams)), simulator.world);
    const { stdout } = await run(readPy(bench, simulator));
    const rows = await run({
      ...readPy(bench, simulator),
      words: [bench.program('pyairbyte', 'python'), ROWS, 'intercom.duckdb', 'main'],
    });
    const count = Number(/^(\d+) rows read$/m.exec(stdout)?.[1]);
    assert.equal(count, due, 'More or fewer rows came than are new or have changed');
    say(`check, all streams selected, ${count} rows read into DuckDB: ${expected.compare(tablesOf(rows.stdout))}`);
  };
  await load();
  letADayPass(simulator);
  await load();
}

async function refuseBadToken(bench: Bench, simulator: Simulator): Promise<void> {
  const command = readPy(bench, simulator);
  const env = { ...command.env, INTERCOM_ACCESS_TOKEN: 'not-the-token' };
  const { stderr } = await run({ ...command, env, exitCode: 1 });
  assert.match(stderr, /AirbyteConnectorCheckFailedError/);
  assert.match(stderr, TOKEN_REFUSED);
  bench.say(`a bad token raises AirbyteConnectorCheckFailedError: ${TOKEN_REFUSED.exec(stderr)?.[0] ?? ''}`);
}

/** A stream that the token may not read: the read fails, and says why. */
async function tellFailure(bench: Bench, simulator: Simulator): Promise<void> {
  simulator.trouble.add({
    match: { route: 'POST /tickets/search' },
    effect: { kind: 'status', status: 403, code: 'forbidden' },
  });
  const { stderr } = await run({ ...readPy(bench, simulator, 'tickets', 'tags'), exitCode: 1 });
  assert.match(stderr, /AirbyteConnectorFailedError/);
  assert.match(stderr.replaceAll(/\s+/g, ' '), /Reading tickets: Intercom answered 403 .* permission "Read tickets"/);
  bench.say('a missing permission raises AirbyteConnectorFailedError, after the message that names the permission');
}

/** The first rows of a stream whose end never comes: the connector is stopped as soon as they are there. */
async function stopEarly(bench: Bench, simulator: Simulator): Promise<void> {
  simulator.trouble.add({
    match: { route: 'GET /conversations/{id}', nth: 30, times: Infinity },
    effect: { kind: 'hang' },
  });
  const python = bench.program('pyairbyte', 'python');
  const { stdout, stderr } = await run({
    ...readPy(bench, simulator),
    words: [python, FIRST_ROWS, 'conversation_details', '3'],
  });
  assert.equal(stdout.match(/^\d+$/gm)?.length, 3);
  assert.doesNotMatch(stderr, /Exception ignored|Traceback/);
  assert.deepEqual(processesOf(bench.folder), []);
  bench.say('3 rows of conversation_details, whose other rows never come: no process is left, and no complaint');
}

function readPy(bench: Bench, simulator: Simulator, ...streams: readonly string[]): Command {
  const { folder } = bench;
  const logs = join(folder, 'logs');
  const env = { ...bench.env(simulator), INTERCOM_ACCESS_TOKEN: simulator.token, AIRBYTE_LOGGING_ROOT: logs };
  return { words: [bench.program('pyairbyte', 'python'), 'read.py', ...streams], cwd: folder, env };
}

/** The command lines of the processes that run something in a folder. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .filter((words) => words.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has just ended
  }
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const EXAMPLE = path('../../examples/pyairbyte/read.py');
const ROWS = path('python/rows.py');
const FIRST_ROWS = path('python/first_rows.py');
const TOKEN_REFUSED = /Checking the access token: Intercom answered 401 .*Set `access_token` to a valid token/;
