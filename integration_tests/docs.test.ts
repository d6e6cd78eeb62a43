import { readdirSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pages, read, snippetsOf } from '../scripts/pages.ts';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { commandExists } from './docs/commands.ts';
import { cronJob } from './docs/cron-job.ts';
import { kinds } from './docs/kinds.ts';
import { Shell } from './docs/shell.ts';

const snippets = pages().flatMap((page) => snippetsOf(page));
const files = (page: string) =>
  snippets.flatMap(({ page: from, mark = '', text }) =>
    from === page && mark.startsWith('file: ') ? [{ file: mark.slice('file: '.length), text }] : [],
  );

let simulator: Simulator;
let shell: Shell;

beforeAll(async () => {
  simulator = await startSimulator({ token: 'your-access-token', sizes: { contacts: 40, conversations: 20 } });
});

beforeEach(() => {
  shell = new Shell(simulator.url);
});

afterEach(() => {
  shell.close();
});

afterAll(() => simulator.close());

describe('what is typed into a shell', () => {
  const typed = [...new Set(snippets.filter(({ language }) => language === 'sh').map(({ page }) => page))];

  test.each(typed)('in %s works, from top to bottom, with the files of the quick start', async (page) => {
    for (const { file, text } of files('README.md')) shell.write(file, text);
    for (const { text } of snippets.filter((each) => each.page === page && each.language === 'sh'))
      await shell.run(text);
    if (page === 'README.md') quickStart();
    if (page === 'docs/setup.md') setup();
  });

  function setup(): void {
    expect(shell.rowsIn('rows.jsonl')).toBeGreaterThan(59);
    expect([shell.rowsIn('more.jsonl'), shell.rowsIn('tap-rows.jsonl', 'contacts')]).toEqual([0, 40]);
    expect(JSON.parse(shell.read('tap-state.json'))).toMatchObject({ type: 'STATE' });
  }

  test('may not call programs of which nobody said how to try them', async () => {
    await expect(shell.run('curl --version')).rejects.toMatchObject({ code: 127 });
    await expect(shell.run('docker run --rm other/image read')).rejects.toMatchObject({ code: 64 });
    await expect(shell.run('npm run nothing')).rejects.toMatchObject({ code: 64 });
  });

  function quickStart(): void {
    expect(shell.rowsIn('first.jsonl')).toBeGreaterThan(59);
    expect(shell.rowsIn('second.jsonl')).toBe(0);
    expect([shell.rowsIn('tap-first.jsonl', 'contacts'), shell.rowsIn('tap-second.jsonl', 'contacts')]).toEqual([
      40, 0,
    ]);
  }
});

test.each(snippets.filter(({ language }) => language !== 'sh'))(
  '$page, line $line: the $language is right',
  async (snippet) => {
    const attempt = kinds[snippet.language];
    expect(Object.keys(kinds)).toContain(snippet.language);
    await attempt?.(snippet, shell);
  },
);

test('commands inside of sentences exist, and so do their options', async () => {
  const prose = pages().flatMap((page) => [
    ...read(page)
      .replaceAll(/```[\s\S]*?```/g, '')
      .matchAll(/`([^`\n]+)`/g),
  ]);
  const commands = prose.map(([, code = '']) => code).filter((code) => /^(source|tap)-intercom -?-?[a-z]/.test(code));
  expect(commands.length).toBeGreaterThan(2);
  for (const command of new Set(commands)) await commandExists(command);
});

test('the CronJob of docs/operations.md reads, keeps the state, and reads on', async () => {
  const { env, args } = cronJob();
  const settings = env.map(({ name, value }) => [name, value ?? simulator.token] as const);
  const [script] = args;
  // As `sh -c`: nothing but what the script says ends it.
  const run = () => shell.run(`set +e\n${script.replaceAll('/data', shell.folder)}`, Object.fromEntries(settings));
  const written = (): readonly string[] => readdirSync(shell.folder).filter((name) => name.startsWith('rows-'));
  const forget = (): void => {
    for (const name of written()) rmSync(`${shell.folder}/${name}`);
  };
  const state = (): unknown => (JSON.parse(shell.read('state.json')) as { readonly value: unknown }).value;

  await run();
  expect(shell.rowsIn(written()[0]!, 'contacts')).toBe(40);
  const saved = state();

  forget();
  simulator.trouble.tokens.set(simulator.token, { refusedWith: 'token_revoked' });
  await expect(run()).rejects.toMatchObject({ code: 1 });
  expect(state()).toEqual(saved);

  forget();
  simulator.trouble.clear();
  await run();
  expect(shell.rowsIn(written()[0]!, 'contacts')).toBe(0);
});
