import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly 'timeout-minutes'?: number;
}

interface Update {
  readonly 'package-ecosystem': string;
  readonly directory: string;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = new URL('../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const files = readdirSync(new URL('.github/workflows/', root));
const workflow = (file: string): Workflow => parse(text(`.github/workflows/${file}`)) as Workflow;
const steps = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap((job) => job.steps ?? []);
const { engines, scripts } = JSON.parse(text('package.json')) as {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};

describe.each(files)('%s', (file) => {
  const { permissions, jobs } = workflow(file);

  test('pins every action by commit, and says which version that is', () => {
    const used = [...text(`.github/workflows/${file}`).matchAll(/uses: (.+)/g)].map(([, name = '']) => name);
    const foreign = used.filter((name) => !name.startsWith('./'));
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.filter((name) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(name))).toEqual([]);
  });

  test('may only read, but for what a job says, and leaves no token behind', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const checkouts = steps(workflow(file)).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  test('runs what there is', () => {
    const commands = steps(workflow(file)).map(({ run = '' }) => run);
    const called = commands.flatMap((run) =>
      [...run.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('ends by itself, whatever hangs', () => {
    const endless = Object.entries(jobs).filter(([, job]) => job.uses === undefined && !job['timeout-minutes']);
    expect(endless.map(([name]) => name)).toEqual([]);
  });
});

test('a bot renews packages, actions and what the clients need', () => {
  const { updates } = parse(text('.github/dependabot.yml')) as { readonly updates: readonly Update[] };
  expect(updates.map((each) => each['package-ecosystem'])).toEqual(['npm', 'github-actions', 'pip']);
  expect(updates.filter(({ directory }) => !existsSync(new URL(`.${directory}`, root)))).toEqual([]);
});

test('the same action has the same commit everywhere', () => {
  const used = new Set(files.flatMap((file) => steps(workflow(file)).flatMap(({ uses }) => uses ?? [])));
  const names = [...used].map((name) => name.split('@')[0]);
  expect(names.length).toBe(new Set(names).size);
});

test('tests run on the least Node that package.json allows, and on 24', () => {
  const versions = workflow('ci.yml').jobs['node']?.strategy?.matrix['node'] ?? [];
  expect(versions).toContain(`${engines.node.replace('>=', '')}.0`);
  expect(versions).toContain('24');
});

test.each(['ci.yml', 'release.yml'])('the image of %s is for amd64 and arm64', (file) => {
  const builds = steps(workflow(file)).filter(({ uses }) => uses?.startsWith('docker/build-push-action@'));
  expect(builds.map((build) => build.with?.['platforms'])).toEqual(['linux/amd64,linux/arm64']);
});

test('nothing is published that was not tested, and all of it with provenance', () => {
  const { jobs } = workflow('release.yml');
  expect(jobs['tests']?.uses).toBe('./.github/workflows/ci.yml');
  for (const name of ['npm', 'image']) expect(jobs[name]?.needs).toEqual(['ready', 'tests']);
  expect(jobs['npm']?.permissions).toMatchObject({ 'id-token': 'write' });
  expect(jobs['npm']?.steps?.map(({ run }) => run)).toContain('npm publish --provenance --access public');
  expect(jobs['image']?.steps?.at(-1)?.with).toMatchObject({ provenance: 'mode=max', sbom: true, push: true });
});

test('what ships is audited, and no other outcome than a clean one passes', () => {
  const audit = workflow('ci.yml').jobs['audit'];
  const commands = audit?.steps?.flatMap(({ run = '' }) => run) ?? [];
  expect(commands).toEqual(expect.arrayContaining(['npm audit --omit=dev', 'npm audit signatures --omit=dev']));
  expect(JSON.stringify(audit)).not.toContain('continue-on-error');
});

test('a release has the bill of materials', () => {
  const commands = workflow('release.yml').jobs['notes']?.steps?.map(({ run = '' }) => run) ?? [];
  expect(commands).toContain('npm run --silent sbom >sbom.cdx.json');
  expect(commands.at(-1)).toMatch(/gh release create .* sbom\.cdx\.json\s*$/);
});
