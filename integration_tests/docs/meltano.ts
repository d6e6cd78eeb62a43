import { deepEqual, ok } from 'node:assert/strict';
import { pages, read, snippetsOf } from '../../scripts/pages.ts';
import { parseConfig } from '../../src/cli/config.ts';
import { optionsOf, readSpec } from '../../src/cli/spec.ts';
import { streams } from '../../src/index.ts';

export interface Meltano {
  readonly plugins: Readonly<Record<string, readonly Plugin[]>>;
  readonly jobs?: readonly { readonly name: string; readonly tasks: readonly string[] }[];
  readonly schedules?: readonly { readonly job: string }[];
}

interface Plugin {
  readonly name: string;
  readonly inherit_from?: string;
  readonly executable?: string;
  readonly capabilities?: readonly string[];
  readonly settings?: readonly { readonly name: string }[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly select?: readonly string[];
}

/** @throws Error when a meltano.yml names what there is not */
export function meltano({ plugins, jobs = [], schedules = [] }: Meltano): void {
  const taps = plugins['extractors'] ?? [];
  const described = pages().flatMap((page) => snippetsOf(page).filter(({ language }) => language === 'yaml'));
  const known = new Set(
    described.flatMap(({ text }) => [...text.matchAll(/- name: (tap-\S+)/g)].map(([, name]) => name)),
  );
  for (const { inherit_from: from, executable, capabilities = [], settings = [], config = {}, select = [] } of taps) {
    ok(executable === undefined ? known.has(from) : programs.includes(executable.replace(/^.*\//, '')));
    deepEqual(
      capabilities.filter((each) => !CAPABILITIES.includes(each)),
      [],
    );
    deepEqual(
      [...settings.map(({ name }) => name), ...Object.keys(config)].filter((name) => !options.includes(name)),
      [],
    );
    parseConfig({ access_token: 'none', ...config });
    deepEqual(
      select.filter((each) => !names.includes(each.replace(/^!/, '').split('.')[0]!)),
      [],
    );
  }
  const called = jobs.flatMap(({ tasks }) => tasks.flatMap((task) => task.split(' ')));
  deepEqual(
    called.filter((name) => name.startsWith('tap-') && !taps.some((tap) => tap.name === name)),
    [],
  );
  deepEqual(
    schedules.filter(({ job }) => !jobs.some(({ name }) => name === job)),
    [],
  );
}

const options = Object.keys(optionsOf(readSpec()));
const names = streams.map(({ name }) => name as string);
const { bin } = JSON.parse(read('package.json')) as { readonly bin: Readonly<Record<string, string>> };
const programs = Object.keys(bin);
const CAPABILITIES = ['catalog', 'discover', 'state', 'about'];
