import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { streams } from '../src/streams/index.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const readme = read('README.md');

/** Fenced blocks that a comment in front of them marks: `<!-- run -->`, `<!-- file: config.json -->`. */
const blocks = [...readme.matchAll(/<!-- (run|file: (\S+)) -->\n\n```\w+\n([\s\S]*?)```/g)].map(
  ([, mark = '', file, text = '']) => ({ isCommand: mark === 'run', file, text }),
);

describe('the quick start of the README', () => {
  let simulator: Simulator;
  let folder: string;

  beforeAll(async () => {
    const token = /"access_token": "([^"]+)"/.exec(readme)?.[1];
    simulator = await startSimulator({ sizes: { contacts: 40, conversations: 20 }, ...(token ? { token } : {}) });
    folder = mkdtempSync(join(tmpdir(), 'source-intercom-readme-'));
    for (const [name, file] of [
      ['source-intercom', 'src/source.ts'],
      ['tap-intercom', 'src/tap.ts'],
    ] as const) {
      const program = `#!/bin/sh\nexec '${process.execPath}' '${join(root, file)}' "$@"\n`;
      writeFileSync(join(folder, name), program, { mode: 0o755 });
    }
  });

  afterAll(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  test('works as it is written', async () => {
    const environment = {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
      SOURCE_INTERCOM_API_URL: simulator.url,
    };
    for (const { isCommand, file, text } of blocks) {
      if (file !== undefined) writeFileSync(join(folder, file), text);
      if (isCommand) await promisify(execFile)('sh', ['-e', '-c', text], { cwd: folder, env: environment });
    }

    const records = (name: string, stream = ''): number =>
      readFileSync(join(folder, name), 'utf8').split(`{"type":"RECORD"${stream}`).length - 1;
    const ofContacts = ',"stream":"contacts"';
    expect(blocks.filter(({ isCommand }) => isCommand).length).toBeGreaterThan(1);
    expect(records('first.jsonl')).toBeGreaterThan(59);
    expect(records('second.jsonl')).toBe(0);
    expect([records('tap-first.jsonl', ofContacts), records('tap-second.jsonl', ofContacts)]).toEqual([40, 0]);
  }, 60_000);
});

test('the README names the streams that there are', () => {
  const table = readme.split('## Streams')[1]?.split('\n## ')[0] ?? '';
  const cells = [...table.matchAll(/^\| (`[^|]*)\|/gm)].map(([, cell = '']) => cell);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));

  expect(named.sort()).toEqual(streams.map(({ name }) => name as string).sort());
  expect(table).toContain(`${streams.length} streams`);
});

test.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/architecture.md'])(
  '%s leads nowhere wrong',
  (name) => {
    const text = read(name);
    const folder = join(root, name, '..');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const called = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);

    expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
    expect(called.filter((script) => !(script in scripts))).toEqual([]);
  },
);
