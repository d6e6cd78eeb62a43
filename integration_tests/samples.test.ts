import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import type { Simulator } from '../simulator/index.ts';
import type { ConfiguredCatalog } from './support/catalogs.ts';
import { check, discover, read } from './support/commands.ts';
import { faultsOfRead } from './support/read-rules.ts';
import type { AirbyteStream, JsonObject } from './support/run.ts';
import { readSample, samplesOf } from './support/samples.ts';
import { startWorkspace } from './support/workspace.ts';

let simulator: Simulator;
let streams: readonly AirbyteStream[];
let config: JsonObject;

beforeAll(async () => {
  const sample = readSample('sample_config.json') as JsonObject;
  streams = (await discover(sample)).catalogs.flatMap(({ streams: offered }) => offered);
  simulator = await startWorkspace();
  config = { ...sample, access_token: simulator.token };
});

afterAll(async () => {
  await simulator.close();
});

test.each(['configured_catalog.json', 'sample_state.json', 'abnormal_state.json'])(
  '%s is in step with discover; if not: npm run generate',
  (name) => {
    expect(readSample(name)).toEqual(samplesOf(streams)[name]);
  },
);

test.each([
  ['configured_catalog.json', 'ConfiguredAirbyteCatalog'],
  ['sample_state.json', 'InputState'],
  ['abnormal_state.json', 'InputState'],
])('%s is what the protocol calls %s', (name, definition) => {
  const airbyte = JSON.parse(readFileSync(SCHEMA, 'utf8')) as { readonly $id: string };
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.addSchema(airbyte).getSchema(`${airbyte.$id}#/definitions/${definition}`);
  expect(validate?.(readSample(name))).toBe(true);
});

test('sample_config.json is accepted with a token of one’s own, invalid_config.json is not', async () => {
  const { url: api } = simulator;
  const runs = await Promise.all([check(config, { api }), check(readSample('invalid_config.json'), { api })]);
  expect(runs.map(({ connectionStatuses }) => connectionStatuses[0]?.status)).toEqual(['SUCCEEDED', 'FAILED']);
});

test('a read with all of them works', async () => {
  const catalog = readSample('configured_catalog.json') as ConfiguredCatalog;
  const run = await read({ config, catalog, state: readSample('sample_state.json') }, { api: simulator.url });
  expect([run.exitCode, run.errors(), faultsOfRead(run, catalog)]).toEqual([0, [], []]);
  expect(run.records().length).toBeGreaterThan(10);
});

const SCHEMA = new URL('../src/protocol/airbyte.schema.json', import.meta.url);
