import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly { readonly license?: { readonly id: string }; readonly expression?: string }[];
}

interface Bill {
  readonly bomFormat: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

interface Locked {
  readonly name?: string;
  readonly version: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const root = new URL('../', import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const { name, version, scripts } = json('package.json') as {
  readonly name: string;
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
};
const { packages } = json('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const shipped = Object.entries(packages)
  .filter(([path, { dev }]) => path !== '' && dev !== true)
  .map(([path, locked]) => ({ ...locked, name: locked.name ?? path.replace(/^.*node_modules\//, '') }));

describe('the bill of materials', () => {
  let bill: Bill;
  beforeAll(() => {
    bill = JSON.parse(
      execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: fileURLToPath(root), encoding: 'utf8' }),
    ) as Bill;
  });

  test('is of this version of this package', () => {
    const { component } = bill.metadata;
    expect([bill.bomFormat, component.name, component.purl]).toEqual(['CycloneDX', name, `pkg:npm/${name}@${version}`]);
  });

  test('names every package that ships, and no other', () => {
    const named = bill.components.map((component) => `${component.name}@${component.version}`);
    expect(named.sort()).toEqual([...new Set(shipped.map((each) => `${each.name}@${each.version}`))].sort());
    expect(named.length).toBeGreaterThan(30);
  });

  test('has the checksum of each, and a licence that allows shipping it', () => {
    const odd = bill.components.filter(({ hashes = [], licenses = [] }) => {
      const [{ license, expression } = {}] = licenses;
      return (
        hashes.every(({ alg }) => alg !== 'SHA-512') ||
        !/\b(MIT|ISC|BSD-[23]-Clause|Apache-2.0)\b/.test(license?.id ?? expression ?? '')
      );
    });
    expect(odd.map((component) => `${component.name}: ${JSON.stringify(component.licenses)}`)).toEqual([]);
  });
});

test('nothing that ships runs anything when it is installed', () => {
  expect(Object.keys(scripts).filter((script) => INSTALLING.has(script))).toEqual([]);
  expect(shipped.filter(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
});

/** What npm runs by itself. */
const INSTALLING = new Set([
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
]);
