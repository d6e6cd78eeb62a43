import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { configure, type ConfiguredCatalog } from './support/catalogs.ts';
import { check, discover, read, spec } from './support/commands.ts';
import { faultsOfRead } from './support/read-rules.ts';
import type { AirbyteStream, JsonObject, Run } from './support/run.ts';

interface Suite {
  readonly bypass_reason?: string;
  readonly tests?: readonly {
    readonly spec_path?: string;
    readonly config_path?: string;
    readonly status?: string;
    readonly configured_catalog_path?: string;
    readonly expect_records?: { readonly path: string };
    readonly empty_streams?: readonly { readonly name: string }[];
    readonly future_state?: { readonly future_state_path: string };
    readonly streams_without_primary_key?: readonly { readonly name: string }[];
  }[];
}

const root = new URL('../', import.meta.url);
const text = (path = 'missing'): string => readFileSync(new URL(path, root), 'utf8');
const json = (path?: string): unknown => JSON.parse(text(path));
const { acceptance_tests: suites } = parse(text('acceptance-test-config.yml')) as {
  readonly acceptance_tests: Readonly<Record<string, Suite>>;
};
const [basic] = suites['basic_read']?.tests ?? [];
const [incremental] = suites['incremental']?.tests ?? [];

let simulator: Simulator;
let api: string;
let streams: readonly AirbyteStream[];
let whole: Run;

beforeAll(async () => {
  simulator = await startSimulator();
  api = simulator.url;
  const config = json(basic?.config_path);
  streams = (await discover(config)).catalogs.flatMap(({ streams: offered }) => offered);
  whole = await read({ config, catalog: configure(streams, 'full_refresh') }, { api });
});

afterAll(() => simulator.close());

describe('acceptance-test-config.yml', () => {
  test('has tests, or a reason for having none, for each suite', () => {
    expect(Object.keys(suites).sort()).toEqual([
      'basic_read',
      'connection',
      'connector_attributes',
      'connector_documentation',
      'discovery',
      'full_refresh',
      'incremental',
      'spec',
    ]);
    for (const { bypass_reason: reason, tests } of Object.values(suites))
      expect([reason, tests].filter((each) => each !== undefined)).toHaveLength(1);
  });

  test('spec: is what the file says', async () => {
    expect((await spec()).specs).toEqual([json(suites['spec']?.tests?.[0]?.spec_path)]);
  });

  test.each(suites['connection']?.tests ?? [])('connection: $config_path should $status', async (each) => {
    const run = await check(json(each.config_path), { api });
    const statuses = run.connectionStatuses.map(({ status }) => status);
    expect(statuses).toEqual([each.status === 'succeed' ? 'SUCCEEDED' : 'FAILED']);
  });

  test('basic_read: every stream has rows that hold to its schema', () => {
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    expect([whole.exitCode, whole.errors(), faultsOfRead(whole, configure(streams, 'full_refresh'))]).toEqual([
      0,
      [],
      [],
    ]);
    expect(streams.filter(({ name }) => whole.rows(name).length === 0).map(({ name }) => name)).toEqual(
      basic?.empty_streams?.map(({ name }) => name),
    );
    for (const { name, json_schema: schema } of streams) {
      const validate = ajv.compile(schema);
      expect([name, whole.rows(name).flatMap((row) => (validate(row) ? [] : [validate.errors]))]).toEqual([name, []]);
    }
  });

  test('basic_read: the expected records are among those that come', () => {
    const lines = text(basic?.expect_records?.path).trimEnd().split('\n');
    const expected = lines.map((line) => JSON.parse(line) as { readonly stream: string; readonly data: JsonObject });
    expect([...new Set(expected.map(({ stream }) => stream))]).toEqual(streams.map(({ name }) => name));
    for (const { stream, data } of expected) expect(whole.rows(stream)).toContainEqual(data);
  });

  test('full_refresh: a second read brings the same', async () => {
    const [each] = suites['full_refresh']?.tests ?? [];
    const { streams: configured } = json(each?.configured_catalog_path) as ConfiguredCatalog;
    const catalog = { streams: configured.map((stream) => ({ ...stream, sync_mode: 'full_refresh' })) };
    const again = await read({ config: json(each?.config_path), catalog }, { api });
    const keyed = (run: Run): readonly string[] =>
      run.records().map(({ stream, data }) => JSON.stringify([stream, data]));
    expect(keyed(again).toSorted()).toEqual(keyed(whole).toSorted());
  });

  test('incremental: a state in the future brings no row, and stays', async () => {
    const state = json(incremental?.future_state?.future_state_path) as readonly JsonObject[];
    const { streams: configured } = json(incremental?.configured_catalog_path) as ConfiguredCatalog;
    const catalog = { streams: configured.filter(({ sync_mode: mode }) => mode === 'incremental') };
    const run = await read({ config: json(incremental?.config_path), catalog, state }, { api });
    expect([run.exitCode, run.records().length]).toEqual([0, 0]);
    expect(
      run
        .lastStates()
        .map(({ stream }) => JSON.stringify(stream.stream_state))
        .toSorted(),
    ).toEqual(state.map(({ stream }) => JSON.stringify((stream as JsonObject)['stream_state'])).toSorted());
  });

  test('connector_attributes: every stream has a primary key', () => {
    const exceptions = suites['connector_attributes']?.tests?.[0]?.streams_without_primary_key;
    expect(streams.filter(({ source_defined_primary_key: key }) => (key ?? []).length === 0)).toEqual(exceptions);
  });
});
