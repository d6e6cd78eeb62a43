import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { startSimulator, type Simulator } from '../simulator/index.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

let simulator: Simulator;
let programs: string;
let folder: string;

beforeAll(async () => {
  programs = temporary();
  for (const [name, file] of [
    ['source-intercom', 'src/source.ts'],
    ['tap-intercom', 'src/tap.ts'],
  ] as const)
    writeFileSync(join(programs, name), `#!/bin/sh\nexec '${process.execPath}' '${join(root, file)}' "$@"\n`, {
      mode: 0o755,
    });
  simulator = await startSimulator({ token: 'your-access-token', sizes: { contacts: 40, conversations: 20 } });
});

beforeEach(() => {
  folder = temporary();
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

afterAll(async () => {
  rmSync(programs, { recursive: true });
  await simulator.close();
});

test('the quick start of the README works as it is written', async () => {
  for (const { file, text } of marked(read('README.md'))) {
    if (file === undefined) await shell(`set -e\n${text}`);
    else writeFileSync(join(folder, file), text);
  }
  expect(rowsIn('first.jsonl')).toBeGreaterThan(59);
  expect(rowsIn('second.jsonl')).toBe(0);
  expect([rowsIn('tap-first.jsonl', 'contacts'), rowsIn('tap-second.jsonl', 'contacts')]).toEqual([40, 0]);
}, 60_000);

test('the CronJob of docs/operations.md reads, keeps the state, and reads on', async () => {
  const [, yaml = ''] = /<!-- cron -->\n\n```yaml\n([\s\S]*?)```/.exec(read('docs/operations.md')) ?? [];
  const job = parse(yaml) as CronJob;
  const [container] = job.spec.jobTemplate.spec.template.spec.containers;
  const settings = container.env.map(({ name, value }) => [name, value ?? simulator.token] as const);
  const [script] = container.args;
  const run = (): Promise<unknown> => shell(script.replaceAll('/data', folder), Object.fromEntries(settings));

  await run();
  const [first = ''] = readdirSync(folder).filter((name) => name.startsWith('rows-'));
  expect(rowsIn(first, 'contacts')).toBe(40);
  const state = readFileSync(join(folder, 'state.json'), 'utf8');

  rmSync(join(folder, first));
  simulator.trouble.tokens.set(simulator.token, { refusedWith: 'token_revoked' });
  await expect(run()).rejects.toMatchObject({ code: 1 });
  expect(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'))).toMatchObject({ value: valueOf(state) });

  simulator.trouble.clear();
  for (const name of readdirSync(folder).filter((each) => each.startsWith('rows-'))) rmSync(join(folder, name));
  await run();
  const [second = ''] = readdirSync(folder).filter((name) => name.startsWith('rows-'));
  expect(rowsIn(second, 'contacts')).toBe(0);
}, 60_000);

interface CronJob {
  readonly spec: { readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: Pod } } } };
}

interface Pod {
  readonly containers: readonly [
    { readonly args: readonly [string]; readonly env: readonly { readonly name: string; readonly value?: string }[] },
  ];
}

/** Fenced blocks that a comment in front of them marks: `<!-- run -->`, `<!-- file: config.json -->`. */
function marked(page: string): readonly { readonly file?: string | undefined; readonly text: string }[] {
  return [...page.matchAll(/<!-- (?:run|file: (\S+)) -->\n\n```\w+\n([\s\S]*?)```/g)].map(([, file, text = '']) => ({
    file,
    text,
  }));
}

function shell(text: string, variables: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const env = {
    ...process.env,
    PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
    SOURCE_INTERCOM_API_URL: simulator.url,
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/snippets'),
    ...variables,
  };
  return promisify(execFile)('sh', ['-c', text], { cwd: folder, env });
}

function rowsIn(file: string, stream?: string): number {
  const start = `{"type":"RECORD"${stream === undefined ? '' : `,"stream":"${stream}"`}`;
  return readFileSync(join(folder, file), 'utf8').split(start).length - 1;
}

function valueOf(state: string): unknown {
  return (JSON.parse(state) as { readonly value: unknown }).value;
}

function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'source-intercom-docs-'));
}
