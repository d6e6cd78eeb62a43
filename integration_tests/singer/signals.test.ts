import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import type { JsonObject } from '../support/run.ts';
import { requested, startWorkspace } from '../support/workspace.ts';
import { discover, select, type SingerCatalog } from './support/catalogs.ts';
import type { SingerMessage, TapRun } from './support/run.ts';
import { startTap, tap } from './support/tap.ts';

let simulator: Simulator;
let config: JsonObject;
let api: string;
let catalog: SingerCatalog;
let whole: readonly string[];
/** Requests that a whole read takes. */
let calls: number;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { contacts: 400, conversations: 120 } });
  config = { access_token: simulator.token };
  api = simulator.url;
  catalog = select(await discover(config), [
    'contacts',
    'users',
    'conversations',
    'conversation_parts',
    'notes_by_user',
  ]);
  simulator.requests.length = 0;
  whole = keysOf(await tap({ config, catalog }, { api }));
  calls = simulator.requests.length;
  simulator.latency = 20;
});

afterAll(async () => {
  await simulator.close();
});

function keysOf(...runs: readonly TapRun[]): readonly string[] {
  return [
    ...new Set(runs.flatMap((run) => run.records().map(({ stream, record }) => `${stream} ${String(record['id'])}`))),
  ].sort();
}

function isRecord({ type }: SingerMessage): boolean {
  return type === 'RECORD';
}

/** What holds of a read that was broken off: its last state brings the rest. */
async function expectResumable(run: TapRun): Promise<void> {
  expect(run.records().length).toBeGreaterThan(0);
  expect(keysOf(run).length).toBeLessThan(whole.length);
  const rest = await tap({ config, catalog, state: run.lastState }, { api });
  expect(keysOf(run, rest)).toEqual(whole);
}

describe('#S54 a signal', () => {
  test.each<[string, readonly NodeJS.Signals[], readonly [number | null, NodeJS.Signals | null]]>([
    ['SIGTERM', ['SIGTERM'], [0, null]],
    ['SIGTERM twice', ['SIGTERM', 'SIGTERM'], [0, null]],
    ['SIGINT, which comes twice from Meltano,', ['SIGINT', 'SIGINT'], [null, 'SIGINT']],
  ])('#S54 %s ends the tap soon, with the last state, and nothing is lost', async (_, signals, end) => {
    const running = startTap({ config, catalog }, { api });
    await running.seen(isRecord);
    const sentAt = Date.now();
    for (const signal of signals) {
      running.process.kill(signal);
      await sleep(5);
    }
    const run = await running.ended;
    expect([run.exitCode, run.signal]).toEqual(end);
    expect(run.endedAt - sentAt).toBeLessThan(10_000);
    expect([run.logs('ERROR'), run.logs('CRITICAL')]).toEqual([[], []]);
    expect(run.lastState.currently_syncing).toBeDefined();
    await expectResumable(run);
  });

  test('#S54 SIGTERM while the tap waits for Intercom ends it, too', async () => {
    const hang = simulator.trouble.add({ match: { route: 'POST /conversations/search' }, effect: { kind: 'hang' } });
    const asked = requested(simulator, ({ route }) => route === 'POST /conversations/search');
    const running = startTap({ config, catalog }, { api });
    await asked;
    running.process.kill('SIGTERM');
    const run = await running.ended;
    hang.remove();
    expect([run.exitCode, run.messages.at(-1)?.type]).toEqual([0, 'STATE']);
  });

  test('#S54 a SIGTERM that breaks off anything but a sync is no success', async () => {
    const hang = simulator.trouble.add({ match: { route: 'GET /me' }, effect: { kind: 'hang' } });
    const asked = requested(simulator, ({ route }) => route === 'GET /me');
    const running = startTap({ config }, { api, more: ['--test'] });
    await asked;
    running.process.kill('SIGTERM');
    const run = await running.ended;
    hang.remove();
    expect([run.exitCode, run.signal, run.stdout]).toEqual([null, 'SIGTERM', '']);
  });

  test('#S54 SIGKILL at any moment loses nothing either', async () => {
    const moments: readonly ((message: SingerMessage) => boolean)[] = [
      ({ type }) => type === 'STATE',
      (message) => message.type === 'RECORD' && message.stream === 'conversation_parts',
    ];
    for (const moment of moments) {
      const running = startTap({ config, catalog }, { api, cut: true });
      await running.seen(moment);
      running.process.kill('SIGKILL');
      await expectResumable(await running.ended);
    }
  });
});

test('#S53 a reader that goes away ends the tap soon, without a word', async () => {
  simulator.requests.length = 0;
  const run = await tap(
    { config, catalog },
    {
      api,
      cut: true,
      reader: async (stdout) => {
        for await (const chunk of stdout) return (chunk as Buffer).toString().replace(/[^\n]*$/, ''); // leaving closes it
        return '';
      },
    },
  );
  expect(run.milliseconds).toBeLessThan(8_000);
  expect([run.exitCode, run.signal]).toEqual([1, null]);
  expect(run.stderr.split('\n').filter((line) => !/^(INFO |$)/.test(line))).toEqual([]);
  expect(simulator.requests.length).toBeLessThan(calls - 50);
});
