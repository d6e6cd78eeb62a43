import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Screen } from '../integration_tests/support/terminal.ts';
import { startSimulator } from '../simulator/index.ts';
import { root } from './pages.ts';

/** A run of `configure` in a terminal, as somebody sees it who answers its questions. */
export interface Recording {
  /** A menu, while something is looked for in it. */
  readonly menu: string;
  /** The whole run, from the command to its end. */
  readonly run: string;
}

/** Answers the questions of the built program, which asks a simulated workspace. */
export async function record(): Promise<Recording> {
  const simulator = await startSimulator({ sizes: { companies: 2500 } });
  const cwd = mkdtempSync(join(tmpdir(), 'source-intercom-record-'));
  const screen = new Screen(['configure'], { api: simulator.url, cwd });
  try {
    await answer(screen, 'Access token', simulator.token, 'enter');
    await answer(screen, 'What is to read with it', 'enter');
    await answer(screen, 'The twelve reports', 'users_by_company', 'tab', 'enter');
    await answer(screen, 'What other connectors have', 'enter');
    await answer(screen, 'What no other connector has', 'enter');
    await answer(screen, 'Company', 'works 20');
    await screen.shows(/\(\d+ matches\)/);
    screen.press('tab');
    await screen.shows(/◼ [^└]*└$/);
    const menu = screen.text.slice(screen.text.lastIndexOf('◆'));
    screen.press('enter');
    for (const title of ['Option to Expand', 'Skip Failed', 'Conversation Status', 'Sync mode'])
      await answer(screen, title, 'enter');
    await answer(screen, 'Start Date', '2025-01-01', 'enter');
    const { exitCode } = await screen.ended;
    if (exitCode !== 0) throw new Error(`The run ended with ${String(exitCode)}:\n${screen.text}`);
    return { menu: `${COMMAND}...\n${tidy(menu)}`, run: COMMAND + tidy(screen.text) };
  } finally {
    screen.close();
    await simulator.close();
    rmSync(cwd, { recursive: true });
  }
}

/** A page with its recordings brought up to date. @throws Error when it has no place for one */
export function withRecording(page: string, { menu, run }: Recording): string {
  return place(place(page, 'a menu', menu), 'a run', run);
}

function place(page: string, name: string, text: string): string {
  const pattern = new RegExp(`(<!-- recorded: ${name} -->\n\n\`\`\`console\n)[\\s\\S]*?(\`\`\`\n)`);
  if (!pattern.test(page)) throw new Error(`The page has no place for ${name}.`);
  return page.replace(pattern, (_all, before: string, after: string) => before + text + after);
}

async function answer(screen: Screen, title: string, ...keys: readonly string[]): Promise<void> {
  await screen.shows(new RegExp(`◆ {2}${title}`));
  screen.press(...keys);
}

function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return `${lines.join('\n').trimEnd()}\n`;
}

const COMMAND = '$ source-intercom configure\n';

if (import.meta.main) {
  const readme = join(root, 'README.md');
  writeFileSync(readme, withRecording(readFileSync(readme, 'utf8'), await record()));
}
