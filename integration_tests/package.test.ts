import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../simulator/index.ts';
import { configure } from './support/catalogs.ts';
import { check, read, spec } from './support/commands.ts';
import { runConnector, type RunOptions } from './support/connector.ts';
import { packageFiles, ROOT } from './support/package.ts';
import { startWorkspace } from './support/workspace.ts';

/** The Node that runs the tests comes first: it is the one that npm and the installed programs get. */
const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);

test('the package holds what runs, what describes it, and nothing else', async () => {
  const [packed] = JSON.parse(await npm('pack', '--dry-run', '--json')) as [
    { readonly files: readonly { readonly path: string }[] },
  ];
  const expected = packageFiles();

  expect(expected.filter((path) => path.startsWith('schemas/')).length).toBeGreaterThan(50);
  expect(expected).toContain('dist/source.js');
  expect(packed.files.map(({ path }) => path).sort()).toEqual(expected);
});

describe('installed into an empty folder, and run from elsewhere', () => {
  let folder: string;
  let simulator: Simulator;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'source-intercom-package-'));
    simulator = await startWorkspace();
    await npm('pack', '--silent', '--pack-destination', folder);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    const installed = join(folder, 'installed');
    await npm('install', '--prefix', installed, '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball));
  }, 120_000);

  afterAll(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  const bin = (name: string): string => join(folder, 'installed', 'node_modules', '.bin', name);
  const installed = (name = 'source-intercom'): RunOptions => ({
    executable: [bin(name)],
    cwd: '/',
    env: { PATH },
    api: simulator.url,
  });

  test.each(['source-intercom', 'tap-intercom'])('%s speaks Airbyte', async (name) => {
    const config = { access_token: simulator.token };
    const { specs } = await spec(installed(name));
    expect(specs).toEqual([JSON.parse(readFileSync(join(ROOT, 'spec.json'), 'utf8'))]);
    const { connectionStatuses } = await check(config, installed(name));
    expect(connectionStatuses.map(({ status }) => status)).toEqual(['SUCCEEDED']);
    const run = await read({ config, catalog: configure(['contacts', 'tags'], 'full_refresh') }, installed(name));
    expect(run.exitCode).toBe(0);
    expect(run.rows('contacts').length).toBe([...simulator.world.contacts.all()].length);
    expect(run.rows('tags').length).toBe([...simulator.world.tags.all()].length);
  });

  test.each(['source-intercom', 'tap-intercom'])('%s speaks Singer', async (name) => {
    const run = await runConnector(['--config', 'ENV', '--discover'], {
      ...installed(name),
      env: { PATH, TAP_INTERCOM_ACCESS_TOKEN: simulator.token },
      text: true,
    });
    const { streams } = JSON.parse(run.stdout) as { readonly streams: readonly { readonly stream: string }[] };
    expect(streams.map(({ stream }) => stream)).toContain('contacts');
  });

  test('nothing of it runs anything when it is installed', () => {
    const modules = join(folder, 'installed', 'node_modules');
    const files = readdirSync(modules, { recursive: true, encoding: 'utf8' });
    const manifests = files.filter((file) => /(?:^|node_modules\/)(?:@[^/]+\/)?[^/]+\/package\.json$/.test(file));
    const running = manifests.filter((file) => {
      const { scripts = {} } = JSON.parse(readFileSync(join(modules, file), 'utf8')) as Manifest;
      return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
    });
    expect(manifests.length).toBeGreaterThan(30);
    // npm compiles what has a binding.gyp, without being told to.
    expect([running, files.filter((file) => file.endsWith('binding.gyp'))]).toEqual([[], []]);
  });

  test('it can be imported', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', 'import { streams } from "source-intercom"; console.log(streams.length)'],
      { cwd: join(folder, 'installed') },
    );
    expect(Number(stdout)).toBeGreaterThan(50);
  });
});

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
}

async function npm(...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', words, { cwd: ROOT, env: { ...process.env, PATH } });
  return stdout;
}
