import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { Simulator } from '../../simulator/index.ts';
import type { JsonSchema } from '../../src/core/schema.ts';
import { leaves } from '../support/json-text.ts';
import type { JsonObject } from '../support/run.ts';
import { EMPTY, fullConfig, startWorkspace } from '../support/workspace.ts';
import { discover, entryOf, select, type SingerCatalog } from './support/catalogs.ts';
import { faultsOf } from './support/rules.ts';
import { TapRun } from './support/run.ts';
import { tap } from './support/tap.ts';

const LONE = '\ud83d lone \udc00';
const NUL = 'zero\u0000zero';
const TRANSLATED = { type: 'article_translated_content', 'zh-TW': { type: 'article_content', title: '你好' } };

let simulator: Simulator;
let config: JsonObject;
let catalog: SingerCatalog;
/** Everything of a small workspace, without a catalog: times as numbers, */
let plain: TapRun;
/** and as text, with everything expanded. */
let expanded: TapRun;

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { contacts: 200, conversations: 40 } });
  const [first, second] = [...simulator.world.contacts.all()];
  simulator.world.contacts.update(first!.id, { name: LONE });
  simulator.world.contacts.update(second!.id, { name: NUL });
  const [article] = [...simulator.world.articles.all()];
  simulator.world.articles.update(article!.id, { translated_content: TRANSLATED });
  config = fullConfig(simulator);
  catalog = await discover(config);
  const api = simulator.url;
  plain = await tap({ config }, { api });
  const expand = ['custom_attributes', 'location', 'source', 'statistics', 'tags', 'companies'];
  expanded = await tap({ config: { ...config, expand, timestamps: 'rfc3339' } }, { api });
});

afterAll(async () => {
  await simulator.close();
});

/** Lines as a run would have printed them. */
function printed(...lines: readonly unknown[]): TapRun {
  return asRun(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
}

function asRun(stdout: string): TapRun {
  return new TapRun({ words: [], stdout, stderr: '', exitCode: 0, signal: null, startedAt: 0, endedAt: 0 });
}

describe('#S26 #S27 #S28 #S32 #S33 #S40 #S41 what every run here is held to', () => {
  const SCHEMA = { type: 'SCHEMA', stream: 'a', schema: { properties: { id: {}, b: {} } }, key_properties: ['id'] };
  const ROW = { type: 'RECORD', stream: 'a', record: { id: 1, b: 2 } };
  const STATE = { type: 'STATE', value: { bookmarks: { a: {} } } };

  test.each<[string, readonly unknown[], RegExp]>([
    ['a blank line', [SCHEMA, '', STATE], /not a message/],
    ['what is no JSON', [SCHEMA, 'hello', STATE], /not a message: hello/],
    ['another type', [{ type: 'ACTIVATE_VERSION', stream: 'a', version: 1 }, STATE], /another type/],
    ['a row before its schema', [ROW, SCHEMA, STATE], /before its SCHEMA/],
    ['a second schema', [SCHEMA, ROW, SCHEMA, STATE], /second SCHEMA/],
    ['a column too many', [SCHEMA, { ...ROW, record: { id: 1, b: 2, c: 3 } }, STATE], /other columns/],
    ['a column too few', [SCHEMA, { ...ROW, record: { id: 1 } }, STATE], /other columns/],
    ['a state that forgets', [STATE, { type: 'STATE', value: { bookmarks: {} } }], /forgets a/],
    ['no state at the end', [SCHEMA, ROW], /no STATE/],
  ])('#S26 #S27 #S28 #S32 #S33 #S40 #S41 %s would be seen', (_, lines, fault) => {
    expect(faultsOf(printed(SCHEMA, ROW, STATE))).toEqual([]);
    expect(faultsOf(printed(...lines)).join('\n')).toMatch(fault);
  });

  test('#S26 a line without an end would be seen', () => {
    expect(faultsOf(asRun(JSON.stringify(STATE))).join()).toMatch(/no end/);
  });
});

test('#S29 there is a schema for streams without rows, too', async () => {
  const empty = await startWorkspace({ sizes: EMPTY });
  const run = await tap({ config: { access_token: empty.token } }, { api: empty.url });
  await empty.close();
  expect(run.schemas.length).toBe(catalog.streams.length);
  expect(new Set(run.records().map(({ stream }) => stream)).size).toBeLessThan(20);
  expect(Object.keys(run.lastState.bookmarks).length).toBe(catalog.streams.length);
});

test('#S30 keys are columns, and there is at least one', () => {
  for (const { stream, schema, key_properties: keys, bookmark_properties: bookmarks } of plain.schemas) {
    const { replication_key: cursor, key_properties: published } = entryOf(catalog, stream);
    expect([stream, keys, bookmarks]).toEqual([stream, published, cursor === undefined ? undefined : [cursor]]);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(schema.properties).toHaveProperty([key]);
  }
});

/** Words that mean the same in all drafts of JSON Schema; numbers are integers in the same way, since none ends on `.0`. */
const PLAIN_WORDS = new Set(['type', 'description', 'format', 'properties', 'items']);

function wordsIn(schema: JsonSchema): readonly string[] {
  return [
    ...Object.keys(schema),
    ...Object.values(schema.properties ?? {}).flatMap(wordsIn),
    ...(schema.items === undefined ? [] : wordsIn(schema.items)),
  ];
}

test('#S31 rows hold to their schema, whichever draft one reads it by', () => {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  for (const run of [plain, expanded]) {
    expect(run.schemas.flatMap(({ schema }) => wordsIn(schema)).filter((word) => !PLAIN_WORDS.has(word))).toEqual([]);
    for (const { stream, schema } of run.schemas) {
      const validate = ajv.compile(schema);
      const faults = run.rows(stream).filter((row) => !validate(row));
      expect([stream, faults.slice(0, 3), ajv.errorsText(validate.errors)]).toEqual([stream, [], 'No errors']);
    }
    const rowless = run.schemas.filter(({ stream }) => run.rows(stream).length === 0);
    expect(rowless.map(({ stream }) => stream)).toEqual([]);
  }
});

test('#S34 keys are there, and each comes once', () => {
  for (const { stream, key_properties: keys } of plain.schemas) {
    const values = plain.rows(stream).map((row) => keys.map((key) => row[key]));
    expect([stream, values.flat().filter((value) => value === null || value === '')]).toEqual([stream, []]);
    expect([stream, new Set(values.map((each) => JSON.stringify(each))).size]).toEqual([stream, values.length]);
  }
});

/** Values under a schema that says that they are times. */
function* timesIn(value: unknown, schema: JsonSchema): Generator {
  if (value === null || value === undefined) return;
  if (schema.format === 'date-time') yield value;
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* timesIn((value as JsonObject)[name], property);
  if (schema.items !== undefined) for (const item of value as unknown[]) yield* timesIn(item, schema.items);
}

test('#S35 times are what Python takes for times, with their zone', () => {
  const times = expanded.schemas.flatMap(({ stream, schema }) =>
    expanded.rows(stream).flatMap((row) => [...timesIn(row, schema)]),
  );
  expect(times.length).toBeGreaterThan(1_000);
  expect(times.filter((time) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(String(time)))).toEqual([]);
});

test('#S36 rows say when they were read', () => {
  for (const { time_extracted: time } of plain.records()) {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time)) throw new Error(time);
    if (Date.parse(time) < plain.startedAt || Date.parse(time) > plain.endedAt) throw new Error(time);
  }
  expect(plain.records().length).toBeGreaterThan(1_000);
});

test('#S37 no column has a name that targets keep for themselves', () => {
  const names = [plain, expanded].flatMap((run) => run.schemas.flatMap(({ stream }) => run.columns(stream)));
  expect(names.filter((name) => name.startsWith('_sdc'))).toEqual([]);
});

test('#S38 texts hold nothing that databases refuse', () => {
  const names = plain.rows('contacts').map(({ name }) => name);
  expect(names).toContain(LONE.toWellFormed());
  expect(names).toContain('zerozero');
  const odd = plain.messages.filter((message) =>
    [...leaves(message)].some((leaf) => typeof leaf === 'string' && (!leaf.isWellFormed() || leaf.includes('\u0000'))),
  );
  expect(odd).toEqual([]);
});

describe('#S39 the length of lines', () => {
  test('#S39 is small, as a rule', () => {
    expect(Math.max(...plain.lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(1_000_000);
  });

  test('#S39 stays below what Meltano takes; what is cut is said', async () => {
    const large = await startWorkspace({ sizes: { contacts: 3 } });
    const [contact] = [...large.world.contacts.all()];
    large.world.contacts.update(contact!.id, { name: 'é'.repeat(12_000_000) });
    const files = { config: { access_token: large.token }, catalog: select(catalog, ['contacts']) };
    const run = await tap(files, { api: large.url });
    await large.close();
    const lengths = run.lines.map((line) => Buffer.byteLength(line));
    expect([run.exitCode, run.rows('contacts').length, Math.max(...lengths) < 16_000_000]).toEqual([0, 3, true]);
    expect(Math.max(...lengths)).toBeGreaterThan(14_000_000);
    expect(run.logs('WARNING').join()).toMatch(/contacts: name: 1 texts were cut/);
  });
});

test('#S42 states come with each page, and not with each row', () => {
  for (const stream of ['contacts', 'users', 'conversations', 'conversation_parts']) {
    const bookmarks = plain.states.map((state) => JSON.stringify(state.bookmarks[stream]));
    const different = new Set(bookmarks).size - 1; // at first there is none
    expect([stream, different >= 2, different < plain.rows(stream).length / 5]).toEqual([stream, true, true]);
  }
});

test('#S11 what has a name that is no word comes all the same', () => {
  const translations = plain.rows('articles').map((row) => row['translated_content']);
  expect(translations).toContainEqual(TRANSLATED);
});
