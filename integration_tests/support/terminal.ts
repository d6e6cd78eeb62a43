import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  /** The API's address. */
  readonly api: string;
  readonly cwd: string;
  /** Milliseconds to wait for something to be shown. Default: half a minute. */
  readonly patience?: number;
}

/** How a program in a terminal ended. */
export interface Ending {
  readonly exitCode: number | null;
  /** Whether the terminal is set as before, and shows its cursor. */
  readonly isRestored: boolean;
}

/**
 * The program in a terminal that types and reads like a person: a pseudo-terminal, for which `script` of util-linux has to be there,
 * and a screen that understands what the program sends it.
 */
export class Screen {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, scrollback: 1000, allowProposedApi: true });
  readonly #patience: number;
  readonly #watchers = new Set<() => void>();
  #raw = '';
  /** Resolves when the program has ended. */
  readonly ended: Promise<Ending>;

  constructor(words: readonly string[], { api, cwd, patience = 30_000 }: TerminalOptions) {
    this.#patience = patience;
    this.#child = spawn('script', ['-qec', SCRIPT, '/dev/null'], {
      cwd,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: '/nonexistent',
        SHELL: '/bin/sh',
        TERM: 'xterm-256color',
        SOURCE_INTERCOM_API_URL: api,
        NODE_PROGRAM: process.execPath,
        PROGRAM: fileURLToPath(new URL('../../dist/source.js', import.meta.url)),
        WORDS: words.map((word) => `'${word}'`).join(' '),
      },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#raw += text;
      this.#terminal.write(text, () => {
        for (const watcher of this.#watchers) watcher();
      });
    });
    this.ended = this.#end();
    this.ended.catch(() => undefined);
  }

  /** What is on the screen, and what has left it at the top. */
  get text(): string {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  }

  /** Resolves when the end of what is shown passes. @throws Error with the screen if it does not in time, or the program has ended */
  async shows(pattern: RegExp): Promise<void> {
    const isShown = (): boolean => pattern.test(this.text);
    let alarm: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (isShown()) resolve();
      };
      const fail = (why: string): void => {
        reject(new Error(`${why} ${String(pattern)}:\n${this.text}`));
      };
      alarm = setTimeout(() => {
        fail('The screen does not show');
      }, this.#patience);
      void this.ended.then(() => {
        if (isShown()) resolve();
        else fail('The program ended without showing');
      });
      this.#watchers.add(look);
      look();
    }).finally(() => {
      clearTimeout(alarm);
      this.#watchers.clear();
    });
  }

  /** Types keys, some of them by name, one after the other. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.#child.stdin.write(KEYS[key] ?? key);
  }

  /** Ends what may be left, whatever it does. */
  close(): void {
    this.#child.kill('SIGKILL');
  }

  /** A signal for the program itself. */
  signal(name: 'TERM'): void {
    const [, id = ''] = /process (\d+)/.exec(this.#raw) ?? [];
    process.kill(Number(id), `SIG${name}`);
  }

  async #end(): Promise<Ending> {
    const [exitCode] = (await once(this.#child, 'close')) as [number | null];
    await new Promise<void>((resolve) => {
      this.#terminal.write('', resolve);
    });
    const isShown = this.#raw.lastIndexOf('\u001b[?25h') >= this.#raw.lastIndexOf('\u001b[?25l');
    return { exitCode, isRestored: isShown && this.#raw.includes('set as before') };
  }
}

export const COLUMNS = 100;
const ROWS = 45;

/** Runs the program as a shell does that somebody sits at, and says whether the terminal is set afterwards as it was. */
const SCRIPT = `
  stty rows ${ROWS} cols ${COLUMNS}
  before=$(stty -g)
  eval "set -- $WORDS"
  trap : INT
  sh -c 'printf "\\033]0;process %s\\007" $$; exec "$@"' sh "$NODE_PROGRAM" "$PROGRAM" "$@"
  code=$?
  [ "$before" = "$(stty -g)" ] && printf '\\033]0;set as before\\007'
  exit $code`;

const KEYS: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  space: ' ',
  up: '\u001b[A',
  down: '\u001b[B',
  backspace: '\u007f',
  escape: '\u001b',
  'ctrl-c': '\u0003',
  'ctrl-d': '\u0004',
};
