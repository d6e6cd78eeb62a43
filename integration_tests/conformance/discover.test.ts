import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import type { Simulator } from '../../simulator/index.ts';
import { discover } from '../support/commands.ts';
import type { AirbyteStream, JsonObject, Run } from '../support/run.ts';
import { startWorkspace } from '../support/workspace.ts';

/** A part of a stream's schema. */
interface Node {
  readonly path: string;
  readonly schema: JsonObject;
}

const EXPANDED = ['tags', 'notes', 'companies', 'segments', 'location', 'statistics', 'source', 'custom_attributes'];

let simulator: Simulator;
let config: JsonObject;
let runs: readonly Run[];

beforeAll(async () => {
  simulator = await startWorkspace();
  config = { access_token: simulator.token };
  const others = [
    config,
    { ...config, timestamps: 'rfc3339' },
    { ...config, expand: EXPANDED },
    { ...config, expand: EXPANDED },
  ];
  const options = { api: simulator.url };
  runs = await Promise.all([discover(config, options), ...others.map((each) => discover(each, options))]);
});

afterAll(async () => {
  await simulator.close();
});

function streamsOf(run: Run | undefined): readonly AirbyteStream[] {
  return run?.catalogs.flatMap(({ streams }) => streams) ?? [];
}

function* walk(schema: JsonObject, path: string): Generator<Node> {
  yield { path, schema };
  for (const [name, each] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonObject>))
    yield* walk(each, `${path}.${name}`);
  if (typeof schema['items'] === 'object') yield* walk(schema['items'] as JsonObject, `${path}[]`);
}

function typesOf({ type }: JsonObject): readonly unknown[] {
  return [type].flat();
}

test('#76 prints one catalog, with the same streams whatever is configured', () => {
  for (const run of runs) expect([run.exitCode, run.counts]).toEqual([0, { CATALOG: 1 }]);
  expect(streamsOf(runs[0]).length).toBeGreaterThanOrEqual(14);
  const names = runs.map((run) => streamsOf(run).map(({ name }) => name));
  for (const each of names) expect(each).toEqual(names[0]);
});

test('#77 is the same each time, and names each stream once', () => {
  expect(runs[1]!.stdout).toBe(runs[0]!.stdout);
  const names = streamsOf(runs[0]).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('#91 finds custom attributes, in the same order each time', () => {
  expect(runs[4]!.stdout).toBe(runs[3]!.stdout);
  const columns = (run: Run | undefined): readonly string[] =>
    streamsOf(run).flatMap(({ name, json_schema: schema }) =>
      Object.keys(schema['properties'] as object).map((column) => `${name}.${column}`),
    );
  const added = columns(runs[3]).filter((column) => !columns(runs[0]).includes(column));
  expect(added).toEqual(
    expect.arrayContaining([expect.stringMatching(/^contacts\.custom_attributes_/), 'contacts.location_city']),
  );
});

describe.each([
  { name: 'as it is', index: 0 },
  { name: 'with timestamps as text', index: 2 },
  { name: 'with expanded columns', index: 3 },
])('the catalog $name', ({ index }) => {
  let streams: readonly AirbyteStream[];
  let nodes: readonly Node[];

  beforeAll(() => {
    streams = streamsOf(runs[index]);
    nodes = streams.flatMap(({ name, json_schema: schema }) => [...walk(schema, name)]);
    expect(nodes.length).toBeGreaterThan(500);
  });

  /** Paths of the nodes that pass. */
  function where(passes: (node: JsonObject) => boolean): readonly string[] {
    return nodes.filter(({ schema }) => passes(schema)).map(({ path }) => path);
  }

  test('#78 #79 has valid schemas of objects', () => {
    const ajv = new Ajv({ strict: false });
    for (const { json_schema: schema } of streams) {
      expect(ajv.validateSchema(schema)).toBe(true);
      expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
      expect(Object.keys(schema['properties'] as object).length).toBeGreaterThan(0);
    }
  });

  test('#80 #81 #82 #83 uses what destinations know, and nothing else', () => {
    const known = [
      '$schema',
      'title',
      'description',
      'type',
      'properties',
      'items',
      'required',
      'additionalProperties',
      'format',
      'airbyte_type',
    ];
    expect(where((schema) => Object.keys(schema).some((keyword) => !known.includes(keyword)))).toEqual([]);
    expect(where(({ additionalProperties: open }) => open !== undefined && open !== true)).toEqual([]);
    const types = ['null', 'string', 'number', 'integer', 'boolean', 'object', 'array'];
    expect(where((schema) => typesOf(schema).some((type) => !types.includes(String(type))))).toEqual([]);
    expect(where((schema) => typesOf(schema).includes('array') !== 'items' in schema)).toEqual([]);
    const isText = (schema: JsonObject): boolean =>
      typesOf(schema).every((type) => type === 'null' || type === 'string');
    expect(
      where(
        (schema) => 'format' in schema && !(isText(schema) && ['date', 'date-time'].includes(String(schema['format']))),
      ),
    ).toEqual([]);
    expect(
      where(
        (schema) =>
          'airbyte_type' in schema && !(isText(schema) && schema['airbyte_type'] === 'timestamp_with_timezone'),
      ),
    ).toEqual([]);
  });

  test('#84 #86 has cursors where it says incremental', () => {
    expect(streams.filter(({ supported_sync_modes: modes }) => !modes.includes('full_refresh'))).toEqual([]);
    for (const { name, json_schema: schema, supported_sync_modes: modes, ...stream } of streams) {
      if (!modes.includes('incremental')) {
        expect([name, stream.default_cursor_field, stream.is_resumable]).toEqual([name, undefined, false]);
        continue;
      }
      expect([name, stream.source_defined_cursor, stream.is_resumable]).toEqual([name, true, true]);
      expect(stream.default_cursor_field?.length).toBe(1);
      const cursor = (schema['properties'] as Record<string, JsonObject>)[stream.default_cursor_field![0]!];
      const expected = index === 2 ? { type: ['null', 'string'], format: 'date-time' } : { type: ['null', 'integer'] };
      expect({ name, ...cursor }).toMatchObject({ name, ...expected });
    }
  });

  test('#85 #87 has a primary key for each stream, of columns that are never null', () => {
    for (const { name, json_schema: schema, source_defined_primary_key: keys = [] } of streams) {
      expect([name, keys.length > 0]).toEqual([name, true]);
      for (const key of keys) {
        expect([name, key.length]).toEqual([name, 1]);
        const column = (schema['properties'] as Record<string, JsonObject>)[key[0]!];
        expect([name, key, column?.['type']]).toEqual([name, key, 'string']);
      }
    }
  });

  test('#88 has names that every database can have', () => {
    for (const { name, json_schema: schema } of streams) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      const columns = Object.keys(schema['properties'] as object);
      expect(columns.filter((column) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(column))).toEqual([]);
      expect(new Set(columns.map((column) => column.toLowerCase())).size).toBe(columns.length);
    }
  });
});

test('#90 a configuration that breaks the rules ends with an error and no catalog', async () => {
  for (const run of await Promise.all([discover({}), discover({ ...config, expand: ['no_such_column'] })])) {
    expect([run.exitCode, run.counts]).toEqual([1, { ERROR: 1 }]);
    expect(run.complaints[0]).toMatch(/^config_error: /);
  }
});

test('#90 the streams are offered without a network and without a good token', async () => {
  const run = await discover({ access_token: 'wrong' }, { env: { HTTPS_PROXY: 'http://127.0.0.1:9' } });
  expect(run.stdout).toBe(runs[0]!.stdout);
});
