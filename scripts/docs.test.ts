import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { optionsOf, readSpec } from '../src/cli/spec.ts';
import { isObject } from '../src/core/json.ts';
import { loadSchema, type JsonSchema } from '../src/core/schema.ts';
import { streams } from '../src/streams/index.ts';
import { withPermissions } from './generate-permissions.ts';
import { pages, read, root, snippetsOf } from './pages.ts';

const options = Object.keys(optionsOf(readSpec()));
const names = streams.map(({ name }) => name as string);

describe.each(pages())('%s', (page) => {
  const text = read(page);

  test('leads nowhere wrong', () => {
    const links = [...proseOf(text).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !leadsSomewhere(link, page))).toEqual([]);
  });

  test('calls scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    const called = [...text.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(([, script = '']) => script);
    expect(called.filter((script) => !(script in scripts))).toEqual([]);
  });

  test('shows files of the repository as they are', () => {
    const shown = snippetsOf(page).filter(({ mark }) => mark?.startsWith('same as: '));
    for (const { mark = '', text: block } of shown) expect(block).toBe(read(mark.slice('same as: '.length)));
  });
});

test('names in documents for users are streams, options, columns, or words of the protocols', () => {
  const known = new Set([...names, ...options, ...valuesOf(readSpec()), ...names.flatMap(columnsOf), ...OTHER_WORDS]);
  const unknown = FOR_USERS.flatMap((page) =>
    [...read(page).matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)]
      .map(([, word = '']) => word)
      .filter((word) => !known.has(word))
      .map((word) => `${page}: ${word}`),
  );
  expect([...new Set(unknown)]).toEqual([]);
});

test('docs/setup.md has the permissions that the streams need', async () => {
  const page = read('docs/setup.md');
  expect(await withPermissions(page)).toBe(page);
});

test('docs/setup.md quotes messages that there are', () => {
  const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => read(`src/${path}`).replaceAll('\\`', '`'))
    .join('\n');
  const [, errors = ''] = read('docs/setup.md').split('## What to do on errors');
  const quoted = [...errors.matchAll(/^\| ([^|]+?) +\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`` ?(.+?) ?``|`([^`]+)`/g)].map(([, double, single]) => double ?? single ?? ''),
  );
  expect(quoted.length).toBeGreaterThan(25);
  expect(quoted.filter((message) => !source.includes(message))).toEqual([]);
});

test('every name of the image is the one of metadata.yaml', () => {
  const [, image = ''] = /dockerRepository: (\S+)/.exec(read('metadata.yaml')) ?? [];
  const named = FOR_USERS.flatMap((page) => [...read(page).matchAll(/ghcr\.io\/[\w./-]+/g)].map(([name]) => name));
  expect([...new Set(named)]).toEqual([image]);
});

test('docs/operations.md names no more memory than was measured', () => {
  const peaks = [...read('docs/benchmarks.md').matchAll(/^\| connector +\|.*\| +(\d+) MB \|$/gm)].map(([, peak]) =>
    Number(peak),
  );
  const [, most] = /stayed below (\d+) MB/.exec(read('docs/operations.md')) ?? [];
  expect(peaks.length).toBeGreaterThan(0);
  expect(Math.max(...peaks)).toBeLessThan(Number(most));
});

function leadsSomewhere(link: string, from: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, from) : join(root, from, '..', path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Without what is fenced. */
function proseOf(text: string): string {
  return text.replaceAll(/```[\s\S]*?```/g, '');
}

function columnsOf(name: string): readonly string[] {
  const inside = (schema: JsonSchema): readonly string[] => [
    ...Object.entries(schema.properties ?? {}).flatMap(([column, each]) => [column, ...inside(each)]),
    ...(isObject(schema.items) ? inside(schema.items) : []),
  ];
  return inside(loadSchema(name));
}

function valuesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return isObject(value) || Array.isArray(value) ? Object.values(value as object).flatMap(valuesOf) : [];
}

const FOR_USERS = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => !['architecture.md', 'benchmarks.md'].includes(name))
    .map((name) => `docs/${name}`),
];

/** Words of Airbyte, Singer and Meltano, and of other connectors. */
const OTHER_WORDS = [
  ...['config_error', 'transient_error', 'system_error', 'stream_state', 'pip_url'],
  ...['parent_state', 'currently_syncing', 'conversation_message'],
  'location_city', // a column that `expand` makes
];
