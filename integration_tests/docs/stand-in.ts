// What stands in for the programs of snippets that need a network or Docker: refuses what the real one, or this project, would not take.
// Of an image, it runs the program; everything else is looked at and not done.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pages, read, root } from '../../scripts/pages.ts';
import { filesUnder } from './files.ts';

const { name, version, repository, scripts } = JSON.parse(read('package.json')) as {
  readonly name: string;
  readonly version: string;
  readonly repository: { readonly url: string };
  readonly scripts: Readonly<Record<string, string>>;
};
const { dockerRepository: image } = (parse(read('metadata.yaml')) as { data: { dockerRepository: string } }).data;

const programs: Readonly<Record<string, (words: readonly string[]) => number | undefined>> = {
  docker([command, ...words]) {
    if (command === 'run') return runImage(words);
    const named = words.find((word) => word.includes(name)) ?? '';
    if (command === 'build') demand(words.at(-1) === '.' && existsSync(join(root, 'Dockerfile')), 'builds no image');
    else demand(command === 'push', `does not ${String(command)}`);
    const [, tag] = /:([^:/]+)$/.exec(named) ?? [];
    demand(named !== '' && (tag === undefined || tag === version), `names another image or version: ${named}`);
    return 0;
  },
  git([command, url = '', folder = name]) {
    demand(
      command === 'clone' && `git+${url.replace(/(\.git)?$/, '.git')}` === repository.url,
      'clones something else',
    );
    mkdirSync(folder);
    return 0;
  },
  meltano([command = '', ...words]) {
    demand(['add', 'config', 'install', 'invoke', 'lock', 'run', 'schedule'].includes(command), `has no ${command}`);
    const described = pages().map(read).join('\n');
    const plugins = words.filter((word) => /^(tap|target)-/.test(word));
    demand(
      plugins.every((plugin) => described.includes(`name: ${plugin}`) || plugin.startsWith('target-')),
      'plugins',
    );
    return 0;
  },
  npm([command = '', ...words]) {
    const [first = ''] = words.filter((word) => !word.startsWith('-'));
    if (command === 'run') demand(first in scripts, `has no script ${first}`);
    else if (command === 'install') demand([name, `${name}@${version}`, '.'].includes(first), `installs ${first}`);
    else demand(['ci', 'test'].includes(command), `does not ${command}`);
    return 0;
  },
  pip([command, ...words]) {
    const known = filesUnder('integration_tests/clients/requirements').filter((file) => file.endsWith('.in'));
    const tried = known.flatMap((file) => read(file).match(/^[\w.-]+/gm) ?? []);
    const unknown = words.filter((word) => !tried.includes(word.replace(/[=<>~[].*/, '')));
    demand(command === 'install' && unknown.length === 0, `installs what no client is tested with: ${unknown.join()}`);
    return 0;
  },
  python([script = '']) {
    const found = filesUnder('examples').some((file) => file.endsWith(`/${script}`));
    demand(found, `runs ${script}, which is in no example`);
    return 0;
  },
};

/** docker run: paths in the container become those outside. */
function runImage(words: readonly string[]): number {
  const mounts: (readonly [inside: string, outside: string])[] = [];
  let program = 'source';
  let index = 0;
  for (; words[index]?.startsWith('-'); index++) {
    const option = words[index]!;
    if (['--rm', '-i', '--init', '--read-only'].includes(option)) continue;
    const value = words[++index] ?? '';
    const [outside = '', inside = ''] = value.split(':');
    if (option === '-v') mounts.push([inside, outside]);
    else if (option === '--entrypoint') program = value.replace('-intercom', '');
    else demand(['--cpus', '--memory', '--tmpfs', '--user', '-e'].includes(option), `has no option ${option}`);
  }
  const [named = '', ...rest] = words.slice(index);
  demand([image, `${image}:${version}`, name, `${name}:${version}`].includes(named), `runs another image: ${named}`);
  const mapped = rest.map((word) =>
    mounts.reduce((path, [inside, outside]) => path.replace(new RegExp(`^${inside}(?=/|$)`), outside), word),
  );
  const unmounted = mapped.filter((word) => /^\/(data|config|secrets)\b/.test(word));
  demand(unmounted.length === 0, `does not mount ${unmounted.join()}`);
  const file = join(root, 'dist', `${program}.js`);
  return spawnSync(process.execPath, [file, ...mapped], { stdio: 'inherit' }).status ?? 1;
}

function demand(holds: boolean, complaint: string): void {
  if (holds) return;
  process.stderr.write(`${process.argv.slice(2).join(' ')}: ${complaint}\n`);
  process.exit(64);
}

const [program = '', ...words] = process.argv.slice(2);
process.exitCode = programs[program]?.(words) ?? 127;
