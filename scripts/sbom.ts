import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Prints a bill of materials of what ships, as package-lock.json has it (CycloneDX).
 *
 * `npm sbom --omit=dev` would leave out what development needs as well, such as `debug`, though it ships; so npm is shown a project that has
 * no development. The folder's name becomes that of the project.
 */
const { name, devDependencies, ...manifest } = read('package.json') as Manifest;
const { packages, ...lock } = read('package-lock.json') as Lock;
const { devDependencies: locked, ...root } = packages[''] ?? {};
const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
if (JSON.stringify(devDependencies) !== JSON.stringify(locked))
  throw new Error('package-lock.json is of another package.json.');

const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
try {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name, ...manifest }));
  const production = { ...lock, packages: { '': root, ...Object.fromEntries(shipped) } };
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(production));
  const words = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  console.log(execFileSync('npm', words, { cwd: project, encoding: 'utf8' }).trim());
} finally {
  rmSync(folder, { recursive: true });
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
}

interface Manifest {
  readonly name: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Partial<Manifest> & { readonly dev?: boolean }>>;
}
