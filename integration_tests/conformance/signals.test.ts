import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { read, startRead } from '../support/commands.ts';
import { faultsOfRead } from '../support/read-rules.ts';
import type { AirbyteMessage, JsonObject, Run } from '../support/run.ts';
import { requested, startWorkspace } from '../support/workspace.ts';

const STREAMS = ['contacts', 'users', 'conversations', 'conversation_parts', 'notes_by_user'];
const catalog = configure(STREAMS, 'incremental');

let simulator: Simulator;
let config: JsonObject;
let api: string;
let whole: ReadonlySet<string>;
/** Requests that a whole read takes. */
let calls: number;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { contacts: 400, conversations: 120 } });
  config = { access_token: simulator.token };
  api = simulator.url;
  whole = keysOf(await read({ config, catalog }, { api }));
  calls = simulator.requests.length;
  simulator.latency = 20;
});

afterAll(async () => {
  await simulator.close();
});

function keysOf(...runs: readonly Run[]): ReadonlySet<string> {
  return new Set(runs.flatMap((run) => run.records().map(({ stream, data }) => `${stream} ${String(data['id'])}`)));
}

function isRecord({ type }: AirbyteMessage): boolean {
  return type === 'RECORD';
}

/** What holds of a read that was broken off: no state speaks for records that are not out, and the rest can be had. */
async function expectResumable(run: Run, more: { readonly cut?: boolean } = {}): Promise<void> {
  const faults = faultsOfRead(run, catalog).filter(
    (fault) => !/: (statuses|no state$|\d+ of \d+ records after)/.test(fault),
  );
  expect(faults).toEqual([]);
  expect(run.records().length).toBeGreaterThan(0);
  if (more.cut !== true) expect(keysOf(run).size).toBeLessThan(whole.size);
  const rest = await read({ config, catalog, state: run.lastStates() }, { api });
  expect([...keysOf(run, rest)].sort()).toEqual([...whole].sort());
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test(`#23 #24 ${signal} during a read ends it at once, by that signal, and nothing is lost`, async () => {
    const running = startRead({ config, catalog }, { api });
    await running.seen(isRecord);
    const sentAt = Date.now();
    running.process.kill(signal);
    const run = await running.ended;
    expect(run.endedAt - sentAt).toBeLessThan(5_000);
    expect([run.exitCode, run.signal]).toEqual([null, signal]);
    expect(run.errors()).toEqual([]);
    await expectResumable(run);
  });
});

test('#24 SIGTERM ends the first process of a container, too', async () => {
  const isPossible = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;
  const running = startRead({ config, catalog }, { api, launcher: isPossible ? ['unshare', '--pid', '--fork'] : [] });
  await running.seen(isRecord);
  const sentAt = Date.now();
  process.kill(isPossible ? childOf(running.process.pid) : (running.process.pid ?? 0), 'SIGTERM');
  const run = await running.ended;
  expect(run.endedAt - sentAt).toBeLessThan(5_000);
  expect([run.exitCode, run.signal]).toEqual(isPossible ? [143, null] : [null, 'SIGTERM']);
  await expectResumable(run);
});

function childOf(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8'));
}

test('#133 after kill -9 at any moment, the last states bring the rest', async () => {
  const moments: readonly ((message: AirbyteMessage) => boolean)[] = [
    isRecord,
    ({ type }) => type === 'STATE',
    (message) => message.type === 'RECORD' && message.record.stream === 'conversation_parts',
    (message) => message.type === 'STATE' && message.state.stream.stream_descriptor.name === 'conversation_parts',
  ];
  await Promise.all(
    moments.map(async (moment) => {
      const running = startRead({ config, catalog }, { api, cut: true });
      await running.seen(moment);
      running.process.kill('SIGKILL');
      const run = await running.ended;
      expect(run.signal).toBe('SIGKILL');
      await expectResumable(run, { cut: true });
    }),
  );
});

test('#22 a reader that goes away early ends the program soon, without a word', async () => {
  simulator.requests.length = 0;
  const running = startRead(
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
  const run = await running.ended;
  expect(run.milliseconds).toBeLessThan(5_000);
  expect(run.signal ?? run.exitCode).not.toBe(0);
  expect(run.stderr).toBe('');
  expect(simulator.requests.length).toBeLessThan(calls - 50);
});

describe('a slow reader', () => {
  let large: Simulator;

  beforeAll(async () => {
    large = await startWorkspace({ sizes: { contacts: 6_000 }, quirks: { gzip: false } });
  });

  afterAll(async () => {
    await large.close();
  });

  /** Makes each contact's name so many characters long. */
  function inflate(characters: number): void {
    large.trouble.clear();
    large.trouble.add({
      match: { route: 'POST /contacts/search' },
      effect: { kind: 'rewrite', change: (text) => text.replaceAll('"name":"', `"name":"${'x'.repeat(characters)}`) },
    });
  }

  test('#20 gets everything, although the program ends at once', async () => {
    inflate(3_500);
    const pages = requested(large, ({ route }) => route === 'POST /contacts/search');
    const run = await read(
      { config, catalog: configure(['contacts'], 'full_refresh') },
      {
        api: large.url,
        reader: async (stdout) => {
          await pages;
          const chunks: Buffer[] = [];
          for await (const chunk of stdout) {
            chunks.push(chunk as Buffer);
            await sleep(2); // the pipe is full whenever the program writes
          }
          return Buffer.concat(chunks).toString();
        },
      },
    );
    expect(run.exitCode).toBe(0);
    expect(run.stdout.length).toBeGreaterThan(20_000_000);
    expect(new Set(run.rows('contacts').map(({ id }) => id)).size).toBe(6_000);
    expect(run.statuses('contacts').at(-1)).toBe('COMPLETE');
  });

  test('#21 is not outrun: what was asked for and not yet read stays bounded', async () => {
    inflate(20_000);
    large.requests.length = 0;
    let pages = 0;
    let memory = 0;
    const running = startRead(
      { config, catalog: configure(['contacts'], 'full_refresh') },
      {
        api: large.url,
        reader: async (stdout, process) => {
          pages = await standstill(() => large.requests.length);
          memory = peakOf(process.pid);
          const rows: string[] = [];
          for await (const chunk of stdout) rows.push((chunk as Buffer).toString().replaceAll(/x{9,}/g, ''));
          return rows.join('');
        },
      },
    );
    const run = await running.ended;
    const all = large.requests.length;
    expect(run.rows('contacts').length).toBe(6_000);
    expect(all).toBeGreaterThan(40);
    expect(pages).toBeLessThan(all / 2);
    expect(memory).toBeLessThan(500);
  });
});

/** The value once it has not changed for half a second. */
async function standstill(value: () => number): Promise<number> {
  for (let last = -1; ;) {
    const now = value();
    if (now === last && now > 0) return now;
    last = now;
    await sleep(500);
  }
}

/** The most memory that a process has used, in megabytes, where the system tells. */
function peakOf(pid: number | undefined): number {
  const path = `/proc/${String(pid)}/status`;
  const peak = existsSync(path) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  return Number(peak ?? 0) / 1024;
}
