import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { loadSchema, parseConfig, shapesOf, streams, type JsonSchema } from '../../src/index.ts';
import { readStreams, type Reading } from './support/read.ts';

const NAMES = streams.map(({ name }) => name);
/** Where the workspace at hand has nothing to show without being told what to look for. */
const CONFIG = { usernames: ['a'], lead_emails: ['shared@lumenworks.example'] };
const EXPAND = [
  'tags',
  'notes',
  'companies',
  'segments',
  'subscription_types',
  'location',
  'statistics',
  'source',
  'custom_attributes',
  'avatar',
];

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ sizes: { contacts: 320, conversations: 70 } });
});

afterAll(() => simulator.close());

describe.each([
  ['as it comes', {}],
  ['with RFC 3339 times', { timestamps: 'rfc3339' }],
  ['with everything expanded', { expand: EXPAND }],
  ['expanded, with RFC 3339 times', { expand: EXPAND, timestamps: 'rfc3339' }],
])('everything, %s', (_, options) => {
  const config = { ...CONFIG, ...options };
  let reading: Reading;
  let schemas: ReadonlyMap<string, JsonSchema>;

  beforeAll(async () => {
    simulator.requests.length = 0;
    reading = await readStreams(simulator, NAMES, { config });
    schemas = await publishedSchemas(config);
  }, 30_000);

  test('no stream fails', () => {
    expect(reading.failures).toEqual([]);
  });

  test.each(NAMES)('%s has rows that hold to its schema, with keys of their own', (name) => {
    const { primaryKey, cursor } = streams.find((each) => each.name === name)!;
    const schema = schemas.get(name)!;
    const rows = reading.rows[name]!;
    const validate = strictAjv().compile(schema);
    for (const row of rows)
      if (!validate(row))
        throw new Error(`${JSON.stringify(validate.errors)} in ${JSON.stringify(row).slice(0, 2000)}`);
    if (name !== 'leads_by_id') expect(rows.length).toBeGreaterThan(0);
    const keys = rows.map((row) => primaryKey.map((field) => row[field]));
    expect(keys.flat().filter((part) => part === null || part === undefined || part === '')).toEqual([]);
    expect(new Set(keys.map((key) => JSON.stringify(key))).size).toBe(rows.length);
    expect(loadSchema(name).required).toEqual(
      expect.arrayContaining(cursor === undefined ? [...primaryKey] : [...primaryKey, cursor]),
    );
  });
});

test('a read of everything fetches no object twice', async () => {
  simulator.requests.length = 0;
  await readStreams(simulator, NAMES, { config: CONFIG });
  const seen = simulator.requests
    .filter(({ method }) => method === 'GET')
    // Names are looked up in it at the beginning; as a stream it is asked for when its own pass begins, which its state promises.
    .filter(({ path }) => path !== '/segments')
    .map(({ path, query }) => JSON.stringify([path, query]));
  expect(seen.length).toBeGreaterThan(500);
  // A scroll goes on under the same token.
  expect(
    seen.filter((request, index) => seen.indexOf(request) !== index && !request.includes('/companies/scroll')),
  ).toEqual([]);
});

async function publishedSchemas(raw: object): Promise<ReadonlyMap<string, JsonSchema>> {
  const config = parseConfig({ access_token: simulator.token, ...raw });
  const headers = { authorization: `Bearer ${simulator.token}`, 'intercom-version': '2.16' };
  const once = async ({ path, query = {} }: { path: string; query?: Readonly<Record<string, unknown>> }) => {
    const answer = await fetch(
      `${simulator.url}${path}?${new URLSearchParams(query as Record<string, string>).toString()}`,
      { headers },
    );
    return (await answer.json()) as Record<string, unknown>;
  };
  const shapes = await shapesOf(streams, config, once, () => undefined);
  return new Map([...shapes].map(([{ name }, { schema }]) => [name, schema]));
}

function strictAjv(): Ajv {
  const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addKeyword('airbyte_type');
  return ajv;
}
