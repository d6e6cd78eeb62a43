import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { JsonObject } from '../../../../core/json.ts';
import { loadSchema } from '../../../../core/schema.ts';
import { streams } from '../../../../streams/index.ts';
import type { Selection } from '../choose-streams.ts';
import type { SyncMode, Target } from '../given.ts';
import { pluginFor, selectionOf } from './meltano-plugin.ts';
import { PLATFORMS } from './platforms.ts';

const offers = streams.map((stream) => ({ stream, schema: loadSchema(stream.name) }));

function selection(modes: Readonly<Record<string, SyncMode>>): Selection {
  return new Map(
    streams.flatMap((stream) => {
      const mode = modes[stream.name];
      return mode === undefined ? [] : [[stream, mode] as const];
    }),
  );
}

function namesIn(found: Selection | undefined): Readonly<Record<string, SyncMode>> {
  return Object.fromEntries([...(found ?? [])].map(([{ name }, mode]) => [name, mode]));
}

const SOME = { contacts: 'incremental', conversations: 'full_refresh', tags: 'full_refresh' } as const;
const OTHERS = { contacts: 'full_refresh', conversations: 'incremental', tickets: 'incremental' } as const;

describe.each(Object.keys(PLATFORMS) as Target[])('for %s', (target) => {
  const { selectionIn, write } = PLATFORMS[target];
  const wanted = (modes: Readonly<Record<string, SyncMode>>) => ({ selection: selection(modes), offers, written: {} });
  const text = write(undefined, wanted(SOME));

  test('what is written says what was chosen', () => {
    expect(namesIn(selectionIn(text))).toEqual(SOME);
  });

  test('and changes with the choice', () => {
    expect(namesIn(selectionIn(write(text, wanted(OTHERS))))).toEqual(OTHERS);
  });

  test('and stays as it is without a change', () => {
    expect(write(text, wanted(SOME))).toBe(text);
  });

  test.each(['{', '[]', '"text"'])('%s is none of its files', (strange) => {
    expect(() => selectionIn(strange)).toThrow();
  });
});

describe('catalogs', () => {
  test('keep entries of streams that are unknown', () => {
    const entry = { stream: { name: 'of_another_source' }, sync_mode: 'incremental' };
    const text = PLATFORMS.airbyte.write(JSON.stringify({ streams: [entry] }), {
      selection: selection(SOME),
      offers,
      written: {},
    });
    expect((JSON.parse(text) as { readonly streams: readonly unknown[] }).streams[0]).toEqual(entry);
  });
});

describe('an extractor of Meltano', () => {
  const written = { access_token: 'secret', start_date: '2024-01-01', tag_ids: ['a'], ours: 1 };

  test('has the options that are set, and not the token', () => {
    const plugin = pluginFor({}, { selection: selection(SOME), offers, written });
    expect(plugin).toMatchObject({
      settings: [
        { name: 'access_token', kind: 'string', sensitive: true },
        { name: 'start_date', kind: 'date_iso8601' },
        { name: 'tag_ids', kind: 'array' },
      ],
      config: { start_date: '2024-01-01', tag_ids: ['a'] },
    });
  });

  test('may select by patterns, and say how for all', () => {
    const all = selectionOf({ select: ['*.*', '!tags.*'], metadata: { '*': { 'replication-method': 'FULL_TABLE' } } });
    expect(all.size).toBe(streams.length);
    expect(new Set(all.values())).toEqual(new Set(['full_refresh']));
    const plugin = pluginFor(
      { select: ['*.*'], metadata: { '*': { 'replication-method': 'FULL_TABLE' } } },
      { selection: selection({ contacts: 'incremental' }), offers, written },
    );
    expect(plugin).toMatchObject({
      select: ['contacts.*'],
      metadata: { contacts: { 'replication-method': 'INCREMENTAL' } },
    });
  });

  test('goes beside others, and leaves what stands around it', () => {
    const before =
      '# mine\nversion: 1\nplugins:\n  extractors:\n    - name: tap-a # b\n  loaders:\n    - name: target-a\n';
    const text = PLATFORMS.meltano.write(before, { selection: selection(SOME), offers, written });
    expect(text).toMatch(
      /^# mine\nversion: 1\nplugins:\n {2}extractors:\n {4}- name: tap-a # b\n {4}- name: tap-inter/,
    );
    expect(text).toMatch(/ {2}loaders:\n {4}- name: target-a\n$/);
    expect(text).toContain('start_date: "2024-01-01"');
    const { plugins } = parse(text) as Project;
    expect(plugins.extractors).toHaveLength(2);
    expect(JSON.stringify(plugins)).not.toContain('secret');
  });
});

describe('the next command', () => {
  const { airbyte, meltano } = PLATFORMS;
  const wanted = { selection: selection(SOME), offers, written: {} };

  test('stands in a shell, whatever the files are called', () => {
    const paths = { config: "it's/config.json", catalog: "it's/catalog.json" };
    expect(airbyte.next(paths, '')).toBe(
      "source-intercom read --config 'it'\\''s/config.json' --catalog 'it'\\''s/catalog.json' > rows.jsonl",
    );
    expect(meltano.next(paths, meltano.write(undefined, wanted))).toBe(
      "cd 'it'\\''s' && meltano install && meltano run tap-intercom target-jsonl",
    );
  });

  test.each([
    ['the loader that there is', 'plugins:\n  loaders:\n    - name: target-x\n', /^meltano install .* target-x$/],
    ['one that is added first', 'version: 1\n', /^meltano add loader target-jsonl && meltano install .* target-jsonl$/],
  ])('of Meltano loads with %s', (_what, project, command) => {
    const text = meltano.write(project, wanted);
    expect(meltano.next({ config: 'config.json', catalog: 'meltano.yml' }, text)).toMatch(command);
  });
});

test('a new project of Meltano loads as the example does, and keeps the state', () => {
  const text = PLATFORMS.meltano.write(undefined, { selection: selection(SOME), offers, written: {} });
  const project = parse(text) as Project;
  const example = parse(
    readFileSync(new URL('../../../../../examples/meltano/meltano.yml', import.meta.url), 'utf8'),
  ) as Project;
  expect(project.default_environment).toBe(example.default_environment);
  expect(project.environments).toEqual(example.environments);
  expect(example.plugins.loaders).toEqual(expect.arrayContaining([...project.plugins.loaders]));
  const [extractor] = project.plugins.extractors;
  expect(example.plugins.extractors[0]).toMatchObject({
    namespace: extractor!['namespace'],
    executable: extractor!['executable'],
    capabilities: extractor!['capabilities'],
  });
});

interface Project {
  readonly default_environment: string;
  readonly environments: unknown;
  readonly plugins: { readonly extractors: readonly JsonObject[]; readonly loaders: readonly JsonObject[] };
}
