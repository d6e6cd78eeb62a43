import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import type { JsonSchema } from '../../src/core/schema.ts';
import type { JsonObject } from '../support/run.ts';
import { deadPort } from '../support/scripted-server.ts';
import { startWorkspace } from '../support/workspace.ts';
import { discover, metadataOf, type SingerCatalog, type SingerEntry } from './support/catalogs.ts';
import type { TapRun } from './support/run.ts';
import { tap } from './support/tap.ts';

/** Everything that changes which columns there are. */
const EXPANDED = { expand: ['custom_attributes', 'location', 'tags', 'source'], timestamps: 'rfc3339' };

let simulator: Simulator;
let config: JsonObject;
let api: string;
let plain: TapRun;
let expanded: TapRun;
let catalogs: readonly SingerCatalog[];
let fields: readonly Field[];

beforeAll(async () => {
  simulator = await startWorkspace();
  config = { access_token: simulator.token };
  api = simulator.url;
  const more = ['--discover'];
  [plain, expanded] = await Promise.all([
    tap({ config }, { api, more, prints: 'document' }),
    tap({ config: { ...config, ...EXPANDED } }, { api, more, prints: 'document' }),
  ]);
  catalogs = [plain, expanded].map(({ stdout }) => JSON.parse(stdout) as SingerCatalog);
  fields = entries().flatMap((entry) => [...fieldsOf(entry, entry.schema, [])]);
});

afterAll(async () => {
  await simulator.close();
});

interface Field {
  readonly entry: SingerEntry;
  /** Names from the outside in. */
  readonly path: readonly string[];
  readonly schema: JsonSchema;
}

function entries(): readonly SingerEntry[] {
  return catalogs.flatMap(({ streams }) => streams);
}

function* fieldsOf(entry: SingerEntry, parent: JsonSchema, above: readonly string[]): Generator<Field> {
  for (const [name, schema] of Object.entries(parent.properties ?? {})) {
    const path = [...above, name];
    yield { entry, path, schema };
    yield* fieldsOf(entry, schema, path);
  }
}

/** Every schema inside a schema, itself included, items of lists too. */
function* schemasIn(schema: JsonSchema): Generator<JsonSchema> {
  yield schema;
  for (const property of Object.values(schema.properties ?? {})) yield* schemasIn(property);
  if (schema.items !== undefined) yield* schemasIn(schema.items);
}

test('#S1 #S3 discovery prints one JSON document with streams, and nothing else', () => {
  for (const run of [plain, expanded]) {
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(Object.keys(JSON.parse(run.stdout) as object)).toEqual(['streams']);
  }
  expect(catalogs[0]!.streams.length).toBeGreaterThan(50);
});

test('#S2 the document has no long lines', () => {
  const lengths = [plain, expanded].flatMap(({ stdout }) => stdout.split('\n').map((line) => Buffer.byteLength(line)));
  expect(Math.max(...lengths)).toBeLessThan(65_536);
  expect(plain.stdout).toMatch(/^\{\n {2}"streams": \[\n {4}\{\n/);
});

describe('#S4 a failed discovery', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['for a bad token', { ...EXPANDED, access_token: 'wrong' }, /access token/i],
    ['for a bad option', { region: 'moon' }, /region must be one of: us, eu, au/],
    ['for no token', { access_token: null }, /access_token is missing/],
  ])('#S4 %s says why, and prints nothing', async (_, change, reason) => {
    const run = await tap({ config: { ...config, ...change } }, { api, more: ['--discover'], prints: 'document' });
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.logs('CRITICAL').join()).toMatch(reason);
  });
});

test('#S5 discovery is the same each time', async () => {
  const again = await tap({ config: { ...config, ...EXPANDED } }, { api, more: ['--discover'], prints: 'document' });
  expect(again.stdout).toBe(expanded.stdout);
});

test('#S6 each entry has its id, name, schema and metadata', () => {
  for (const { streams } of catalogs)
    expect(new Set(streams.map(({ tap_stream_id: id }) => id)).size).toBe(streams.length);
  for (const { tap_stream_id: id, stream, schema, metadata } of entries()) {
    expect([id, stream, schema.type]).toEqual([stream, id, 'object']);
    expect(metadata.length).toBeGreaterThan(Object.keys(schema.properties ?? {}).length);
  }
});

test('#S7 the metadata of each stream say how it can be read', () => {
  for (const entry of entries()) {
    const { inclusion, ...more } = metadataOf(entry)!;
    const { replication_key: cursor, key_properties: keys, replication_method: method } = entry;
    expect(inclusion).toBe('available');
    expect(more).toEqual({
      'table-key-properties': keys,
      'forced-replication-method': method,
      'selected-by-default': expect.any(Boolean) as unknown,
      ...(cursor === undefined ? {} : { 'replication-key': cursor, 'valid-replication-keys': [cursor] }),
    });
    expect([entry.stream, method]).toEqual([entry.stream, cursor === undefined ? 'FULL_TABLE' : 'INCREMENTAL']);
    for (const key of [...keys, ...(cursor === undefined ? [] : [cursor])])
      expect(entry.schema.properties).toHaveProperty([key]);
  }
});

test('#S8 #S9 every property at every depth has metadata', () => {
  expect(fields.some(({ path }) => path.length > 2)).toBe(true);
  const missing = fields.filter(({ entry, path }) => metadataOf(entry, ...path) === undefined);
  expect(missing.map(({ entry, path }) => `${entry.stream}: ${path.join('.')}`)).toEqual([]);
  for (const entry of entries())
    expect([entry.stream, entry.metadata.length]).toEqual([
      entry.stream,
      1 + [...fieldsOf(entry, entry.schema, [])].length,
    ]);
});

test('#S10 keys and replication keys always come, and nothing else must', () => {
  const wrong = fields.filter(({ entry, path }) => {
    const keys = [...entry.key_properties, entry.replication_key];
    const isKey = path.length === 1 && keys.some((name) => name === path[0]);
    return metadataOf(entry, ...path)!['inclusion'] !== (isKey ? 'automatic' : 'available');
  });
  expect(wrong.map(({ entry, path }) => `${entry.stream}: ${path.join('.')}`)).toEqual([]);
});

test('#S11 names are plain words', () => {
  expect(fields.filter(({ path }) => !path.every((name) => /^\w+$/.test(name)))).toEqual([]);
  expect(entries().filter(({ tap_stream_id: id }) => /[^a-z0-9_]/.test(id))).toEqual([]);
});

test('#S12 schemas consist of what every target understands', () => {
  const words = ['type', 'description', 'format', 'properties', 'items'];
  const types = ['string', 'number', 'integer', 'boolean', 'object', 'array'];
  const isOdd = (schema: JsonSchema): boolean =>
    Object.keys(schema).some((word) => !words.includes(word)) ||
    !('type' in schema) ||
    [schema.type].flat().filter((type) => types.includes(type)).length !== 1 ||
    [schema.type].flat().some((type) => ![...types, 'null'].includes(type)) ||
    (schema.format !== undefined && schema.format !== 'date-time');
  expect(entries().flatMap(({ schema }) => [...schemasIn(schema)].filter(isOdd))).toEqual([]);
});

test('#S13 the catalog works as it is', async () => {
  const run = await tap({ config, catalog: catalogs[0] }, { api });
  const suggested = catalogs[0]!.streams.filter((entry) => metadataOf(entry)!['selected-by-default'] === true);
  expect(run.exitCode).toBe(0);
  expect(run.schemas.map(({ stream }) => stream).sort()).toEqual(suggested.map(({ stream }) => stream).sort());
  expect(suggested.length).toBe(13);
  for (const { stream, schema } of suggested) expect(run.schema(stream).schema).toEqual(schema);
});

test('#S64 discovery needs no network, unless the workspace decides about columns', async () => {
  const proxy = `http://127.0.0.1:${await deadPort()}`;
  const env = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy };
  expect(await discover({ access_token: 'any' }, { env })).toEqual(catalogs[0]);
});
