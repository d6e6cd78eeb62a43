import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Simulator } from '../../simulator/index.ts';
import { configure, keyOf, type ConfiguredCatalog } from '../support/catalogs.ts';
import { read } from '../support/commands.ts';
import { withoutTexts } from '../support/json-text.ts';
import { batch } from '../support/pool.ts';
import { faultsOfRead } from '../support/read-rules.ts';
import type { AirbyteStream, JsonObject, Run } from '../support/run.ts';
import { EMPTY, fullConfig, offeredStreams, readAlone, startWorkspace } from '../support/workspace.ts';

let simulator: Simulator;
let empty: Simulator;
let api: string;
let config: JsonObject;
let textual: JsonObject;
let streams: readonly AirbyteStream[];
let catalog: ConfiguredCatalog;
let incremental: ConfiguredCatalog;
let first: Run;
let second: Run;
let asText: Run;
let changes: Run;
let nothing: Run;

beforeAll(async () => {
  [simulator, empty] = await Promise.all([startWorkspace(), startWorkspace({ sizes: EMPTY })]);
  api = simulator.url;
  config = fullConfig(simulator);
  textual = { ...config, timestamps: 'rfc3339' };
  streams = await offeredStreams(config, api);
  catalog = configure(streams, 'full_refresh');
  incremental = configure(streams, 'incremental');
  first = await read({ config, catalog }, { api });
  [second, asText, changes, nothing] = await Promise.all([
    readAlone({ config, catalog }),
    readAlone({ config: textual, catalog }),
    readAlone({ config, catalog: incremental }),
    read(
      { config: { access_token: empty.token, usernames: ['a'], lead_emails: ['a@example.com'] }, catalog },
      { api: empty.url },
    ),
  ]);
});

afterAll(async () => {
  await Promise.all([simulator.close(), empty.close()]);
});

/** Rows by stream and key. */
function table(run: Run): ReadonlyMap<string, string> {
  return new Map(
    streams.flatMap((stream) =>
      run.rows(stream.name).map((row) => [`${stream.name} ${keyOf(row, stream)}`, JSON.stringify(row)]),
    ),
  );
}

/** Checks values by the types that discover announces. */
function validators(offered: readonly AirbyteStream[]): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  return new Map(offered.map(({ name, json_schema: schema }) => [name, ajv.compile(schema)]));
}

function misfits(run: Run, offered: readonly AirbyteStream[]): readonly string[] {
  const valid = validators(offered);
  const found = run.records().flatMap(({ stream, data }) => {
    const validate = valid.get(stream);
    if (validate?.(data) === true) return [];
    return (validate?.errors ?? []).map(
      ({ instancePath, message }) => `${stream}${instancePath.replaceAll(/\/\d+/g, '/0')} ${message ?? ''}`,
    );
  });
  return [...new Set(found)];
}

describe('a full refresh of everything', () => {
  test('#92 brings records of every stream', () => {
    expect([first.exitCode, first.errors()]).toEqual([0, []]);
    expect(streams.filter(({ name }) => first.rows(name).length === 0).map(({ name }) => name)).toEqual([]);
  });

  test('#93 brings values of the types that discover announces', async () => {
    expect(misfits(first, streams)).toEqual([]);
    expect(misfits(asText, await offeredStreams(textual, api))).toEqual([]);
    expect(misfits(asText, streams).length).toBeGreaterThan(20);
    const fractions = first.lines.filter(
      (line) => line.startsWith('{"type":"RECORD"') && /\d\.0\b/.test(withoutTexts(line)),
    );
    expect(fractions).toEqual([]);
  });

  test('#94 brings the columns that discover announces', () => {
    for (const { name, json_schema: schema } of streams) {
      const columns = new Set(Object.keys(schema['properties'] as object));
      const strangers = first.rows(name).filter((row) => !Object.keys(row).some((column) => columns.has(column)));
      expect([name, strangers]).toEqual([name, []]);
    }
  });

  test('#95 #97 #98 #99 keeps the order of statuses, records and states, for the configured streams only', () => {
    expect(faultsOfRead(first, catalog)).toEqual([]);
    expect(faultsOfRead(second, catalog)).toEqual([]);
    for (const { name } of streams) {
      expect(first.statuses(name).at(-1)).toBe('COMPLETE');
      expect(first.statuses(name).length).toBeGreaterThanOrEqual(3);
    }
  });

  test('#95 #98 #125 of some streams says nothing of those that are read in the same walk', async () => {
    const some = configure(['users', 'contact_tags', 'conversation_parts', 'companies'], 'full_refresh');
    const run = await read({ config, catalog: some }, { api });
    expect([run.exitCode, faultsOfRead(run, some)]).toEqual([0, []]);
    for (const { stream } of some.streams) expect(run.rows(stream.name)).toEqual(first.rows(stream.name));
  });

  test('#96 has a key for every record, each once', () => {
    for (const stream of streams) {
      const keys = first.rows(stream.name).map((row) => keyOf(row, stream));
      expect([stream.name, keys.filter((key, index) => keys.indexOf(key) !== index)]).toEqual([stream.name, []]);
      expect([stream.name, keys.filter((key) => !/^"[^"]+"(\/"[^"]+")*$/.test(key))]).toEqual([stream.name, []]);
    }
  });

  test('#100 brings the same again, later', () => {
    expect(table(second)).toEqual(table(first));
    const last = Math.max(...first.records().map(({ emitted_at: at }) => at));
    expect(Math.min(...second.records().map(({ emitted_at: at }) => at))).toBeGreaterThan(last);
  });

  test('#101 does not look at a state', async () => {
    const state = streams.map(({ name, default_cursor_field: [cursor = 'id'] = [] }) => ({
      type: 'STREAM',
      stream: { stream_descriptor: { name }, stream_state: { [cursor]: 7258118400 } },
    }));
    expect(table(await read({ config, catalog, state }, { api }))).toEqual(table(first));
  });

  test('#102 #97 of a workspace that has nothing says so for each stream', () => {
    expect([nothing.exitCode, nothing.errors(), faultsOfRead(nothing, catalog)]).toEqual([0, [], []]);
    const without = streams.filter(({ name }) => nothing.rows(name).length === 0).map(({ name }) => name);
    expect(without).toEqual(
      expect.arrayContaining(['conversations', 'events', 'leads', 'users', 'contacts', 'conversation_parts']),
    );
    for (const name of without) {
      expect([name, nothing.states(name).map(({ sourceStats }) => sourceStats.recordCount)]).toEqual([name, [0]]);
      expect([name, nothing.statuses(name)]).toEqual([name, ['STARTED', 'RUNNING', 'COMPLETE']]);
    }
  });
});

describe('a first incremental read', () => {
  test('#116 #119 brings the same rows, and states that count them', () => {
    expect([changes.exitCode, faultsOfRead(changes, incremental)]).toEqual([0, []]);
    expect(table(changes)).toEqual(table(first));
    for (const { name } of streams) {
      const counts = changes.states(name).map(({ sourceStats }) => sourceStats.recordCount);
      expect([name, Math.max(...counts) > 0]).toEqual([name, true]);
    }
  });

  test('#103 of a stream that can only be read whole reads it whole', async () => {
    const names = streams
      .filter(({ supported_sync_modes: [, ...modes] }) => modes.length === 0)
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    const run = await read({ config, catalog: configure(names, 'incremental') }, { api });
    expect([run.exitCode, run.errors()]).toEqual([0, []]);
    for (const name of names) expect([name, run.rows(name)]).toEqual([name, first.rows(name)]);
    const again = await read({ config, catalog: configure(names, 'incremental'), state: run.lastStates() }, { api });
    for (const name of names) expect([name, again.rows(name)]).toEqual([name, first.rows(name)]);
  });
});

describe('a configured catalog', () => {
  /** Each stream's entry in some other form. */
  function varied(change: (stream: AirbyteStream) => JsonObject): unknown {
    return {
      streams: streams.map((stream) => ({
        stream,
        sync_mode: 'full_refresh',
        destination_sync_mode: 'append',
        ...change(stream),
      })),
    };
  }

  const VARIANTS: readonly (readonly [title: string, change: (stream: AirbyteStream) => JsonObject])[] = [
    [
      '#104 may have nulls',
      () => ({
        cursor_field: null,
        primary_key: null,
        generation_id: null,
        minimum_generation_id: null,
        sync_id: null,
        destination_sync_mode: null,
        include_files: null,
      }),
    ],
    [
      '#104 may name other cursors and keys',
      () => ({ cursor_field: ['nothing'], primary_key: [['nothing']], generation_id: 7, sync_id: 8 }),
    ],
    [
      '#105 may have empty schemas',
      ({ name }: AirbyteStream) => ({ stream: { name, namespace: null, json_schema: {} } }),
    ],
    ['#105 may have no more than names', ({ name }: AirbyteStream) => ({ stream: { name } })],
    [
      '#105 may have schemas with fewer or other columns',
      ({ name }: AirbyteStream) => ({
        stream: {
          name,
          json_schema: { type: 'object', properties: { gone: { type: 'integer' } } },
          supported_sync_modes: ['full_refresh'],
        },
      }),
    ],
    [
      '#106 may have any destination_sync_mode',
      ({ name }: AirbyteStream) => ({ destination_sync_mode: name === 'users' ? 'INVALID' : 'soft_delete' }),
    ],
  ];

  const runs = batch(VARIANTS, ([, change]) => readAlone({ config, catalog: varied(change) }));

  test.each(VARIANTS.map(([title], index) => [title, index] as const))('%s', async (_title, index) => {
    const run = await runs(index);
    expect([run.exitCode, run.errors()]).toEqual([0, []]);
    expect(table(run)).toEqual(table(first));
  });

  test('#107 may be empty', async () => {
    const run = await read({ config, catalog: { streams: [] } }, { api });
    expect([run.exitCode, run.records(), run.states(), run.streamStatuses()]).toEqual([0, [], [], []]);
  });
});

test('#108 a row that is too large is cut, and says where', async () => {
  const large = await startWorkspace({ sizes: { conversations: 3, tickets: 0 } });
  const [cut, whole] = [...large.world.conversations.all()];
  const body = '<p>ä\u2028"\ud83d\ude00</p>'.repeat(1_800_000);
  large.trouble.add({
    match: { route: 'POST /conversations/search' },
    effect: {
      kind: 'shape',
      change: (answer) => {
        const found = (answer as JsonObject)['conversations'] as { id: string; source: { body: string } }[];
        for (const conversation of found) if (conversation.id === cut!.id) conversation.source.body = body;
        return answer;
      },
    },
  });
  const input = { config: { access_token: large.token }, catalog: configure(['conversations'], 'full_refresh') };
  const run = await read(input, { api: large.url });
  await large.close();
  expect(run.exitCode).toBe(0);
  expect(Buffer.byteLength(body)).toBeGreaterThan(30_000_000);
  expect(Math.max(...run.lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(16 * 1024 * 1024);
  const records = new Map(run.records().map((record) => [record.data['id'], record]));
  expect(records.size).toBe(3);
  expect(records.get(whole!.id)?.meta).toBeUndefined();
  const { data, meta } = records.get(cut!.id)!;
  expect(meta?.changes).toEqual([
    { field: 'source.body', change: 'TRUNCATED', reason: 'SOURCE_RECORD_SIZE_LIMITATION' },
  ]);
  const kept = (data['source'] as { readonly body: string }).body;
  expect(Buffer.byteLength(kept)).toBeGreaterThan(8_000_000);
  expect(body.startsWith(kept.slice(0, -1))).toBe(true);
});
