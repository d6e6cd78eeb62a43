import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inPool } from '../../support/pool.ts';
import { run } from './process.ts';

/**
 * Installs each of the named requirements into a virtual environment of its own, in a cache that later runs find again.
 *
 * @returns the environments' folders by name
 * @throws Error if one cannot be installed, or a file has another hash than it should
 */
export async function prepareEnvironments(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  mkdirSync(CACHE, { recursive: true });
  const uv = join(await environment('uv', installUv), 'bin/uv');
  const folders = await inPool(names, (name) => environment(name, (folder) => installWith(uv, name, folder)), 2);
  return new Map(names.map((name, index) => [name, folders[index] ?? '']));
}

/** An environment in which uv, whoever calls it, installs nothing but what a file of requirements lists, with the hashes there. */
export function pinnedTo(name: string): NodeJS.ProcessEnv {
  return {
    ...UV,
    UV_REQUIRE_HASHES: '1',
    UV_CONSTRAINT: requirements(name),
    UV_BUILD_CONSTRAINT: requirements('build'),
  };
}

/** The environment of that name and these very requirements; made anew under another name, so that none is ever half made. */
async function environment(name: string, install: (folder: string) => Promise<void>): Promise<string> {
  const digest = createHash('sha256')
    .update(readFileSync(requirements(name)))
    .update(readFileSync(requirements('build')));
  const path = join(CACHE, `${name}-${digest.digest('hex').slice(0, 12)}`);
  if (existsSync(join(path, 'bin/python'))) return path;
  rmSync(path, { force: true });
  const folder = mkdtempSync(`${path}.`);
  try {
    await install(folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  if (!existsSync(path)) symlinkSync(folder, path);
  return path;
}

async function installUv(folder: string): Promise<void> {
  await inCache(['python3.11', '-m', 'venv', folder]);
  await inCache([
    join(folder, 'bin/python'),
    '-m',
    'pip',
    'install',
    '--quiet',
    '--require-hashes',
    '--requirement',
    requirements('uv'),
  ]);
}

async function installWith(uv: string, name: string, folder: string): Promise<void> {
  const python = join(folder, 'bin/python');
  await inCache([uv, 'venv', '--quiet', '--allow-existing', '--python', 'python3.11', folder]);
  await inCache([
    uv,
    'pip',
    'install',
    '--quiet',
    '--python',
    python,
    '--require-hashes',
    '--build-constraints',
    requirements('build'),
    '--requirement',
    requirements(name),
  ]);
}

async function inCache(words: readonly [string, ...string[]]): Promise<void> {
  await run({ words, cwd: CACHE, env: { ...process.env, ...UV } });
}

function requirements(name: string): string {
  return fileURLToPath(new URL(`../requirements/${name}.txt`, import.meta.url));
}

/** Where the environments are kept: some 1.2 GB. */
const CACHE =
  process.env['CLIENTS_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'source-intercom/clients');

const UV = { UV_CACHE_DIR: join(CACHE, 'uv'), UV_PYTHON_DOWNLOADS: 'never' };
