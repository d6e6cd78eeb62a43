import { deepEqual, equal, ok } from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { parseAllDocuments } from 'yaml';
import { read, type Snippet } from '../../scripts/pages.ts';
import { startSimulator } from '../../simulator/index.ts';
import { parseConfig } from '../../src/cli/config.ts';
import { optionsOf, readSpec } from '../../src/cli/spec.ts';
import { isObject } from '../../src/core/json.ts';
import { loadSchema, streams } from '../../src/index.ts';
import { parseCatalog, parseState } from '../../src/protocol/airbyte-input.ts';
import { Bookmarks } from '../../src/protocol/singer-state.ts';
import { readStreams } from '../engine/support/read.ts';
import { commandExists } from './commands.ts';
import { filesUnder } from './files.ts';
import { logLines, withoutNames } from './log-lines.ts';
import { meltano, type Meltano } from './meltano.ts';
import type { Shell } from './shell.ts';

/**
 * How a snippet is tried, by its language; shell snippets are run page by page instead. A language that is not here has no place
 * in a document until somebody says how its snippets are to be tried.
 *
 * @throws Error when it is wrong
 */
export const kinds: Readonly<Record<string, (snippet: Snippet, shell: Shell) => Promise<void> | void>> = {
  /** A recorded session: what stands behind `$ ` must be commands that there are. */
  async console({ text }) {
    const commands = [...text.matchAll(/^\$ (.+)$/gm)].map(([, command = '']) => command);
    ok(commands.length > 0, 'there is no command, which would begin with "$ "');
    for (const command of commands) await commandExists(command);
  },

  /** What the program would take: a configuration, a catalog or a state. */
  json({ text }) {
    const value: unknown = JSON.parse(text);
    ok(isObject(value) || Array.isArray(value));
    if ('access_token' in value) {
      expectNone(Object.keys(value).filter((key) => !options.includes(key)));
      parseConfig(value);
    } else if ('streams' in value) parseCatalog(value, streams);
    else if ('bookmarks' in value) new Bookmarks(value);
    else if (Array.isArray(value)) parseState(value);
    else if ('type' in value) parseState([value]);
    else {
      expectNone(Object.keys(value).filter((key) => !names.includes(key))); // the states of all streams, as old platforms store them
      parseState(value);
    }
  },

  /** The pictures of streams, which the generator draws. */
  mermaid({ page }) {
    equal(page, 'docs/streams.md');
  },

  /** Clients run the programs in `examples/`: a snippet may use what these use, and name what there is. */
  python({ text }) {
    const tried = filesUnder('examples')
      .filter((file) => file.endsWith('.py'))
      .map(read)
      .join('\n');
    const used = [...text.matchAll(/\b[a-z]\w*\.[A-Za-z]\w*(?=\()|\b[a-z]\w*=(?=[^=])/g)].map(([word]) => word);
    ok(used.length > 0);
    expectNone(used.filter((word) => !tried.includes(word)));
    const [, selected = ''] = /select_streams\(\[([^\]]*)\]\)/.exec(text) ?? [];
    expectNone(quoted(selected).filter((name) => !names.includes(name)));
    const [, config = ''] = /config=\{([^}]*)\}/.exec(text) ?? [];
    expectNone([...config.matchAll(/"(\w+)":/g)].filter(([, key = '']) => !options.includes(key)));
    expectNone([...text.matchAll(/\.bin\/([\w-]+)/g)].filter(([, name = '']) => !programs.includes(name)));
  },

  /** Queries of the tables that streams become: they have rows. */
  async sql({ text }) {
    const asked = names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
    const simulator = await startSimulator({ sizes: { contacts: 40, conversations: 60 } });
    try {
      const { rows } = await readStreams(simulator, asked);
      const database = new DatabaseSync(':memory:');
      for (const name of asked) {
        const columns = Object.keys(loadSchema(name).properties ?? {});
        database.exec(`create table "${name}" (${columns.map((column) => `"${column}"`).join()})`);
        const insert = database.prepare(`insert into "${name}" values (${columns.map(() => '?').join()})`);
        for (const row of rows[name]!) insert.run(...columns.map((column) => cell(row[column])));
      }
      ok(database.prepare(text).all().length > 0, 'brings no row');
    } finally {
      await simulator.close();
    }
  },

  /** Lines of a log, or a table of what is where in `src/`. */
  async text({ text }) {
    const lines = text.trimEnd().split('\n');
    if (lines.every((line) => /^(INFO|WARNING|ERROR) /.test(line))) {
      const known = await logLines();
      expectNone(lines.filter((line) => !known.has(withoutNames(line))));
    } else {
      const source = filesUnder('src');
      const paths = lines.map((line) => line.split(' ')[0]!.replace(/\/\*$/, '/'));
      expectNone(paths.filter((path) => !source.some((file) => file.startsWith(`src/${path}`))));
    }
  },

  /** Either stands in the source as it is, or is run with the simulator. */
  async ts({ page, text }, shell) {
    if (page === 'simulator/README.md') {
      const simulator = new URL('../../simulator/index.ts', import.meta.url).href;
      await shell.node(`import { startSimulator } from '${simulator}';\n${text}`);
    } else {
      ok(
        filesUnder('src').some((file) => read(file).includes(text)),
        'is not in the source as it stands here',
      );
    }
  },

  /** A meltano.yml, or objects of Kubernetes. An extractor is as in the project that Meltano runs. */
  yaml({ text }) {
    if (text.includes('executable:'))
      ok(read(MELTANO_YML).includes(text), `is not in ${MELTANO_YML} as it stands here`);
    const documents = parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>);
    ok(documents.length > 0);
    for (const document of documents) {
      if ('plugins' in document) meltano(document as unknown as Meltano);
      else equal(document['kind'], 'CronJob'); // which a test of its own runs
    }
  },
};

function expectNone(wrong: readonly unknown[]): void {
  deepEqual(wrong, []);
}

function quoted(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]+)"/g)].map(([, word = '']) => word);
}

function cell(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

const MELTANO_YML = 'examples/meltano/meltano.yml';
const options = Object.keys(optionsOf(readSpec()));
const names = streams.map(({ name }) => name as string);
const { bin } = JSON.parse(read('package.json')) as { readonly bin: Readonly<Record<string, string>> };
const programs = Object.keys(bin);
