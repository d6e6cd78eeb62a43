import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/pages.ts';

/**
 * A folder in which shell snippets run. The PATH has the programs that documents may call, and nothing else: a snippet that calls
 * another one fails, until somebody says here how that one is to be tried.
 */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'source-intercom-docs-'));
  readonly #programs = mkdtempSync(join(tmpdir(), 'source-intercom-path-'));
  readonly #env: Readonly<Record<string, string>>;

  constructor(api: string) {
    this.#env = { PATH: this.#programs, HOME: this.folder, SOURCE_INTERCOM_API_URL: api };
    for (const name of ['source', 'tap']) this.#program(`${name}-intercom`, join(root, `dist/${name}.js`));
    for (const name of STAND_INS) this.#program(name, join(root, 'integration_tests/docs/stand-in.ts'), name);
    for (const name of TOOLS) {
      const found = ['/usr/bin', '/bin'].map((folder) => join(folder, name)).find((path) => existsSync(path));
      if (found !== undefined) symlinkSync(found, join(this.#programs, name));
    }
  }

  /** @throws Error with what the snippet wrote to stderr, when it fails */
  async run(text: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const env = { ...this.#env, NODE_COMPILE_CACHE: CACHE, ...variables };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-e', '-c', text], {
      cwd: this.folder,
      env,
      maxBuffer: 2 ** 28,
    });
    return stdout;
  }

  /** Runs a program in TypeScript. @throws Error when it fails */
  async node(text: string): Promise<void> {
    this.write('snippet.ts', text);
    await promisify(execFile)(process.execPath, ['--no-warnings', join(this.folder, 'snippet.ts')]);
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.folder, file, '..'), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** How many records a file has, of one stream or of all. */
  rowsIn(file: string, stream?: string): number {
    const start = `{"type":"RECORD"${stream === undefined ? '' : `,"stream":"${stream}"`}`;
    return this.read(file).split(start).length - 1;
  }

  close(): void {
    for (const folder of [this.folder, this.#programs]) rmSync(folder, { recursive: true });
  }

  #program(name: string, file: string, ...words: readonly string[]): void {
    const quoted = [process.execPath, '--no-warnings', file, ...words].map((word) => `'${word}'`).join(' ');
    writeFileSync(join(this.#programs, name), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  }
}

const STAND_INS = ['docker', 'git', 'meltano', 'npm', 'pip', 'python'];

const TOOLS = [
  'awk',
  'cat',
  'cp',
  'date',
  'grep',
  'head',
  'ls',
  'mkdir',
  'mv',
  'rm',
  'sed',
  'sort',
  'tail',
  'tee',
].concat(['touch', 'tr', 'wc']);

const CACHE = join(root, 'node_modules/.cache/integration_tests');
