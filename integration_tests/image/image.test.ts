import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { packageFiles, ROOT } from '../support/package.ts';
import { BASE_IMAGE, inside, inspect, saw } from './container.ts';

const CODE = '/airbyte/integration_code';
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A file or folder, as `find` tells of it. */
interface Entry {
  readonly kind: string;
  readonly mode: number;
  readonly owner: string;
  readonly path: string;
}

let base: readonly Entry[];
let entries: readonly Entry[];

beforeAll(async () => {
  base = await entriesOf(BASE_IMAGE);
  entries = await entriesOf();
});

test('#142 its labels say what metadata.yaml says', async () => {
  const labels = JSON.parse(await inspect('{{json .Config.Labels}}')) as Readonly<Record<string, string>>;
  const { data } = parse(text('metadata.yaml')) as { readonly data: Readonly<Record<string, string>> };
  expect(labels).toMatchObject({
    'io.airbyte.name': data['dockerRepository'],
    'io.airbyte.version': data['dockerImageTag'],
  });
  saw(`${labels['io.airbyte.name'] ?? ''} ${labels['io.airbyte.version'] ?? ''}`);
});

test('#143 AIRBYTE_ENTRYPOINT says what the entrypoint does, in words that a shell splits where they end', async () => {
  const entrypoint = JSON.parse(await inspect('{{json .Config.Entrypoint}}')) as readonly string[];
  const said = (await environment())['AIRBYTE_ENTRYPOINT'] ?? '';
  expect(said.split(' ')).toEqual(entrypoint);
  expect(entrypoint.filter((word) => !/^\/[\w./-]+$/.test(word))).toEqual([]);
  saw(said);
});

test('#144 it has the programs that platforms call, and they work', async () => {
  const script = 'echo first > /tmp/a && mv /tmp/a /tmp/b && sleep 0 && cat /tmp/b | tee /tmp/c && cat /tmp/c';
  expect(await inside(['sh', '-c', script])).toBe('first\nfirst');
});

test('#143 a shell that evaluates AIRBYTE_ENTRYPOINT gets the specification', async () => {
  const printed = await inside(['sh', '-c', 'cd / && eval "$AIRBYTE_ENTRYPOINT spec" | tee /tmp/spec']);
  expect((JSON.parse(printed) as { readonly spec: unknown }).spec).toEqual(JSON.parse(text('spec.json')));
});

test('#145 its user is airbyte, 1000:1000', async () => {
  const user = await inside(['id']);
  expect(user).toMatch(/^uid=1000\(airbyte\) gid=1000\(airbyte\) groups=1000\(airbyte\)$/);
  saw(user);
});

test('#147 it is for Linux, and its clock shows UTC', async () => {
  const platform = await inspect('{{.Os}}/{{.Architecture}}');
  const zone = await inside(['date', '+%Z']);
  expect([platform, zone]).toEqual([`linux/${process.arch === 'x64' ? 'amd64' : process.arch}`, 'UTC']);
  saw(`${platform}, ${zone}, ${await inside(['node', '--version'])}`);
});

test('its environment says nothing of where it was built', async () => {
  const known = ['AIRBYTE_ENTRYPOINT', 'NODE_ENV', 'NODE_VERSION', 'PATH', 'TZ', 'YARN_VERSION'];
  expect(Object.keys(await environment()).filter((name) => !known.includes(name))).toEqual([]);
});

test('it holds what the npm package holds, and the dependencies that package-lock.json pins', () => {
  const ours = entries.filter(({ kind, path }) => kind !== 'd' && path.startsWith(`${CODE}/`));
  const paths = ours.map(({ path }) => path.slice(CODE.length + 1));
  const modules = paths.filter((path) => path.startsWith('node_modules/'));
  const own = paths.filter((path) => !path.startsWith('node_modules/'));
  expect(own.sort()).toEqual(packageFiles());

  const { packages } = JSON.parse(text('package-lock.json')) as { packages: Record<string, { dev?: boolean }> };
  const pinned = Object.keys(packages).filter((path) => path !== '' && packages[path]?.dev !== true);
  const installed = new Set(
    modules.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^./][^/]*(?=\/)/.exec(path) ?? []),
  );
  expect([...installed].sort()).toEqual(pinned.sort());
  saw(`${own.length} files of its own, ${installed.size} packages with ${modules.length} files`);
});

test('nothing else was added to the base: no sources, no tools, no caches', () => {
  const before = new Set(base.map(({ path }) => path));
  const added = entries.map(({ path }) => path).filter((path) => !before.has(path) && !path.startsWith(`${CODE}/`));
  const copies = /^\/etc\/(passwd|group|g?shadow|sub[ug]id)-$/; // groupmod and usermod leave them
  expect(added.filter((path) => !copies.test(path)).sort()).toEqual([
    '/airbyte',
    CODE,
    '/airbyte/tmp',
    '/config',
    '/data',
    '/secrets',
    '/usr/local/bin/source-intercom',
    '/usr/local/bin/tap-intercom',
  ]);
  expect(entries.filter(({ path }) => /\/(npm|npx|yarn|corepack)$/.test(path))).toEqual([]);
});

test('who runs it cannot change the code', () => {
  const code = entries.filter(({ path }) => path === '/airbyte' || path.startsWith(CODE));
  expect(code.filter(({ kind, owner, mode }) => owner !== '0' || (kind !== 'l' && (mode & 0o022) !== 0))).toEqual([]);
  expect(code.filter(({ kind, mode }) => kind !== 'l' && (mode & 0o004) === 0)).toEqual([]);
});

test('it adds at most 15 MB to its base', async () => {
  const [size, before] = [await inspect('{{.Size}}'), await inspect('{{.Size}}', BASE_IMAGE)].map(Number);
  const added = (size! - before!) / 1e6;
  saw(`${added.toFixed(1)} MB added to ${(before! / 1e6).toFixed(0)} MB`);
  expect(added).toBeGreaterThan(1);
  expect(added).toBeLessThanOrEqual(15);
});

async function environment(): Promise<Readonly<Record<string, string>>> {
  const pairs = JSON.parse(await inspect('{{json .Config.Env}}')) as readonly string[];
  return Object.fromEntries(pairs.map((pair) => /^([^=]+)=(.*)$/.exec(pair)!.slice(1) as [string, string]));
}

/** Everything in an image, apart from what its container adds. */
async function entriesOf(image?: string): Promise<readonly Entry[]> {
  const printed = await inside(['find', '/', '-xdev', '-printf', '%y %m %U %p\\n'], {
    flags: ['--user', '0'],
    ...(image === undefined ? {} : { image }),
  });
  return printed.split('\n').map((line) => {
    const [kind = '', mode = '', owner = '', ...path] = line.split(' ');
    return { kind, mode: parseInt(mode, 8), owner, path: path.join(' ') };
  });
}
