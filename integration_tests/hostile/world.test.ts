import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { NAMES } from '../../simulator/hostile.ts';
import type { Simulator } from '../../simulator/index.ts';
import { isObject, type JsonObject, type Row } from '../../simulator/json.ts';
import { SCENARIOS } from '../../simulator/scenarios.ts';
import { discover as discoverTap, type SingerCatalog } from '../singer/support/catalogs.ts';
import type { TapRun } from '../singer/support/run.ts';
import { tap } from '../singer/support/tap.ts';
import { configure } from '../support/catalogs.ts';
import { read } from '../support/commands.ts';
import { WATCHED_PROTOTYPES } from '../support/prototypes.ts';
import { faultsOfRead } from '../support/read-rules.ts';
import type { AirbyteStream, Run } from '../support/run.ts';
import { fullConfig, offeredStreams, startWorkspace } from '../support/workspace.ts';

/** Everything about texts, ids, numbers, times and keys that is in `simulator/hostile.ts`, through both programs. */
let simulator: Simulator;
let streams: readonly AirbyteStream[];
let run: Run;
let again: Run;
let tapCatalog: SingerCatalog;
let tapRun: TapRun;

beforeAll(async () => {
  simulator = await startWorkspace();
  const config = fullConfig(simulator);
  const api = simulator.url;
  SCENARIOS['hostile']!(simulator.world);
  streams = await offeredStreams(config);
  const catalog = configure(streams, 'incremental');
  const all = await discoverTap(config);
  tapCatalog = { streams: all.streams.map((entry) => ({ ...entry, metadata: [], selected: true })) };
  run = await read({ config, catalog }, { api, env: WATCHED_PROTOTYPES });
  again = await read({ config, catalog, state: run.lastStates() }, { api, env: WATCHED_PROTOTYPES });
  tapRun = await tap({ config, catalog: tapCatalog }, { api, env: WATCHED_PROTOTYPES });
}, 120_000);

afterAll(() => simulator.close());

/** What a text is for consumers. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}

/** The streams that have a row for each record of a collection of the world. */
function truth(): Readonly<Record<string, readonly Row[]>> {
  const { world } = simulator;
  const of = (records: Iterable<Row>): readonly Row[] => [...records];
  return {
    contacts: of(world.contacts.all()),
    users: of(world.contacts.all()).filter(({ role }) => role === 'user'),
    leads: of(world.contacts.all()).filter(({ role }) => role === 'lead'),
    companies: of(world.companies.all()),
    conversations: of(world.conversations.all()),
    conversations_by_admin: of(world.conversations.all()),
    conversation_details: of(world.conversations.all()),
    tickets: of(world.tickets.all()),
    tags: of(world.tags.all()),
    segments: of(world.segments.all()),
    teams: of(world.teams.all()),
    admins: of(world.admins.all()),
    articles: of(world.articles.all()),
    collections: of(world.collections.all()),
    internal_articles: of(world.internalArticles.all()),
    news_items: of(world.newsItems.all()),
    newsfeeds: of(world.newsfeeds.all()),
    macros: of(world.macros.all()),
    brands: of(world.brands.all()),
    calls: of(world.calls.all()),
    help_centers: of(world.helpCenters.all()),
    subscription_types: of(world.subscriptionTypes.all()),
    ticket_types: of(world.ticketTypes.all()),
    ticket_states: of(world.ticketStates.all()),
    away_status_reasons: of(world.awayStatusReasons.all()),
  };
}

/** What people wrote into columns of a stream, which must come through as it is. */
function writing(row: JsonObject, stream: string): JsonObject {
  const columns = tapRun.columns(stream);
  const texts = Object.entries(row).filter(
    ([key, value]) => WRITTEN.has(key) && columns.includes(key) && typeof value === 'string',
  );
  return Object.fromEntries(texts.map(([key, value]) => [key, clean(value as string)]));
}

const WRITTEN = new Set(['name', 'title', 'body', 'description', 'email', 'external_id', 'phone']);

describe.each(['airbyte', 'singer'] as const)('in the dialect of %s', (dialect) => {
  const rowsOf = (stream: string): readonly JsonObject[] =>
    (dialect === 'airbyte' ? run.rows(stream) : tapRun.rows(stream)) as readonly JsonObject[];

  test('the read succeeds, and pollutes no prototype', () => {
    expect([run.exitCode, run.errors(), tapRun.exitCode]).toEqual([0, [], 0]);
    expect(faultsOfRead(run, configure(streams, 'incremental'))).toEqual([]);
  });

  test('every record is there once, with what people wrote in it', () => {
    for (const [stream, records] of Object.entries(truth())) {
      const shown = (rows: readonly JsonObject[]): readonly string[] =>
        rows.map((row) => JSON.stringify([clean(row['id'] as string), writing(row, stream)])).sort();
      expect([stream, ...shown(rowsOf(stream))]).toEqual([stream, ...shown(records)]);
    }
  });

  test('parts, notes and events are all there', () => {
    const { world } = simulator;
    const parts = [...world.conversations.all()].flatMap(({ id }) => world.conversations.parts(id));
    expect(
      rowsOf('conversation_parts')
        .map(({ id, body }) => JSON.stringify([id, body]))
        .sort(),
    ).toEqual(parts.map(({ id, body }) => JSON.stringify([id, typeof body === 'string' ? clean(body) : null])).sort());
    const notes = [...world.notes.all()].filter(({ contact }) => isObject(contact));
    expect(
      rowsOf('notes_by_user')
        .map(({ id, body }) => JSON.stringify([id, body]))
        .sort(),
    ).toEqual(notes.map(({ id, body }) => JSON.stringify([id, clean(body as string)])).sort());
    const names = rowsOf('events').map(({ event_name: name }) => name);
    for (const { body } of notes) if (!(body as string).includes('<p>')) expect(names).toContain(clean(body as string));
  });

  test('values have the types that are announced', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);
    for (const { name, json_schema: schema } of streams) {
      const valid = ajv.compile(dialect === 'airbyte' ? schema : tapRun.schema(name).schema);
      const wrong = rowsOf(name).filter((row) => !valid(row));
      expect([name, wrong, valid.errors ?? []]).toEqual([name, [], []]);
    }
  });

  test('numbers keep their digits, in lists of people as in ids', () => {
    const lines = (dialect === 'airbyte' ? run : tapRun).lines.filter((line) => line.includes('"name":"attributes"'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines.filter((each) => each.includes('"nineteen"'))) {
      for (const text of [
        '"nineteen":1234567890123456789',
        '"twenty":12345678901234567890',
        '"negative":-9223372036854775809',
      ])
        expect(line).toContain(text);
      expect(line).toContain(`"hundreds":"${'7'.repeat(5000)}"`);
      expect(line).toMatch(/"exact":0\.1,"float":2,"zero":0/);
    }
    expect(rowsOf('contacts').filter(({ owner_id: owner }) => owner === '1234567890123456789').length).toBe(1);
    expect(rowsOf('conversations_by_admin').filter(({ admin_id: id }) => id === '1234567890123456789').length).toBe(1);
  });

  test('a name with an escape is not taken for another', () => {
    const lines = (dialect === 'airbyte' ? run : tapRun).lines.filter((line) =>
      /"contacts".*"name":"names"/.test(line),
    );
    const found = lines.map((line) => /\{"first":0,("[^,]*")\}/.exec(line)?.[1]);
    expect(found.sort()).toEqual(NAMES.map((name) => `${JSON.stringify(name)}:${JSON.stringify(name)}`).sort());
  });

  test('keys that every object has are keys', () => {
    const [contact] = rowsOf('contacts').filter(({ name }) => name === 'keys');
    const location = contact?.['location'] as object;
    expect(Object.keys(location)).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'toJSON']);
    expect(Object.getOwnPropertyDescriptor(location, '__proto__')?.value).toEqual({ polluted: 'yes' });
    if (dialect === 'airbyte')
      expect(Object.keys(contact ?? {})).toEqual(expect.arrayContaining(['__proto__', 'constructor', 'toJSON']));
  });

  test('what is nested too deeply to be read comes as text', () => {
    const [contact] = rowsOf('contacts').filter(({ name }) => name === 'attributes');
    const text = JSON.stringify((contact?.['custom_attributes'] as JsonObject)['nested']);
    expect(text.length).toBeGreaterThan(2000);
    expect(text).toContain('deep');
    expect(depthOf((contact?.['custom_attributes'] as JsonObject)['nested'])).toBeLessThan(100);
  });
});

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

test('both dialects say the same of each record', () => {
  for (const stream of ['contacts', 'companies', 'conversations', 'tags']) {
    const columns = new Set(tapRun.columns(stream));
    const same = (row: JsonObject): string =>
      JSON.stringify(
        Object.entries(row)
          .filter(([key, value]) => columns.has(key) && value !== null)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    expect(
      tapRun
        .rows(stream)
        .map((row) => same(row as JsonObject))
        .sort(),
    ).toEqual(
      run
        .rows(stream)
        .map((row) => same(row as JsonObject))
        .sort(),
    );
  }
});

test('the next read sends what has no usable time, and nothing else again', () => {
  expect([again.exitCode, again.errors()]).toEqual([0, []]);
  const sent = new Set(run.rows('contacts').map((row) => JSON.stringify(row)));
  const repeated = again.rows('contacts').filter((row) => sent.has(JSON.stringify(row)));
  expect(repeated.filter(({ name }) => name !== 'time')).toEqual([]);
});
