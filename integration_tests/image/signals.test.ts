import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { selecting } from '../singer/support/catalogs.ts';
import { configure } from '../support/catalogs.ts';
import type { JsonObject } from '../support/run.ts';
import { dataFolder, engine, run, runTap, saw, start, startTap } from './container.ts';

const STREAMS = ['contacts', 'conversations', 'conversation_parts'];
const CONFIG = ['--config', '/data/config.json'];
const READ = [...CONFIG, '--catalog', '/data/catalog.json'];
const STATE = ['--state', '/data/state.json'];
const catalog = configure(STREAMS, 'incremental');
const tapCatalog = selecting(STREAMS);

let simulator: Simulator;
let config: object;
let whole: readonly string[];

beforeAll(async () => {
  simulator = await startSimulator({ sizes: { contacts: 400, conversations: 120 } });
  config = { access_token: simulator.token };
  const data = dataFolder({ 'config.json': config, 'catalog.json': catalog });
  const result = await run(['read', ...READ], { api: simulator.url, data });
  whole = result.records().map(keyOfRecord).sort();
});

beforeEach(() => {
  simulator.latency = 50;
});

afterAll(() => simulator.close());

test('#24 SIGTERM in the middle of a read, as the first process of its container', async () => {
  const data = dataFolder({ 'config.json': config, 'catalog.json': catalog });
  const name = `source-intercom-${process.pid}`;
  const running = start(['read', ...READ], { api: simulator.url, data, flags: ['--name', name] });
  await running.seen(({ type }) => type === 'STATE');
  const took = await terminate(name);
  const result = await running.ended;
  expect(result.exitCode).toBe(143);
  expect(result.lines.length).toBe(result.messages.length);

  const saved = dataFolder({ 'config.json': config, 'catalog.json': catalog, 'state.json': result.lastStates() });
  const rest = await run(['read', ...READ, ...STATE], { api: simulator.url, data: saved });
  const rows = [result, rest].map((each) => each.records().map(keyOfRecord));
  expectWhole(rows);
  saw(`exit code 143 after ${took} ms; ${rows.map(({ length }) => length).join(' records, then ')} of ${whole.length}`);
});

test('SIGTERM in the middle of a sync of the tap, as the first process of its container', async () => {
  const data = dataFolder({ 'config.json': config, 'catalog.json': tapCatalog });
  const name = `tap-intercom-${process.pid}`;
  const container = { api: simulator.url, entrypoint: 'tap-intercom' };
  const running = startTap(READ, { ...container, data, flags: ['--name', name] });
  await running.seen(({ type }) => type === 'STATE');
  const took = await terminate(name);
  const result = await running.ended;
  expect(result.exitCode).toBe(0);
  expect(result.lines.length).toBe(result.messages.length);

  const saved = dataFolder({ 'config.json': config, 'catalog.json': tapCatalog, 'state.json': result.lastState });
  const rest = await runTap([...READ, ...STATE], { ...container, data: saved });
  const rows = [result, rest].map((each) => each.records().map(({ stream, record }) => keyOf(stream, record)));
  expectWhole(rows);
  saw(`exit code 0 after ${took} ms; ${rows.map(({ length }) => length).join(' records, then ')} of ${whole.length}`);
});

/** Ends a container as platforms do: SIGTERM, and SIGKILL ten seconds later. @returns milliseconds until it had ended */
async function terminate(name: string): Promise<number> {
  const command = await engine('exec', name, 'cat', '/proc/1/cmdline');
  expect(command).toMatch(/^\S*node\0\S+\/(source\.js|tap-intercom)\0/);
  const sentAt = Date.now();
  await engine('stop', '-t', '10', name);
  simulator.latency = 0;
  const took = Date.now() - sentAt;
  expect(took).toBeLessThan(9_000);
  return took;
}

/** What came before the signal, which is a part, and what came after it must be everything. */
function expectWhole(rows: readonly (readonly string[])[]): void {
  expect(rows[0]!.length).toBeLessThan(whole.length);
  expect([...new Set(rows.flat())].sort()).toEqual(whole);
}

function keyOfRecord({ stream, data }: { readonly stream: string; readonly data: JsonObject }): string {
  return keyOf(stream, data);
}

function keyOf(stream: string, row: JsonObject): string {
  return `${stream} ${String(row['id'])}`;
}
