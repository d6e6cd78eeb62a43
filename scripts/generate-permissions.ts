import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { parseConfig } from '../src/cli/config.ts';
import { needsOf } from '../src/cli/permissions.ts';
import { streams } from '../src/streams/index.ts';
import { root } from './generate-sources.ts';

/** What every permission is for. */
export interface Permission {
  readonly name: string;
  /** Streams that cannot be read without it, */
  readonly always: readonly string[];
  /** and those that need it for some of their records. */
  readonly sometimes: readonly string[];
}

/** Every permission that a stream needs under the default configuration, the one that most need first. */
export function permissions(): readonly Permission[] {
  const needs = streams.map((stream) => needsOf(stream, config));
  const names = new Set(needs.flatMap(({ always, sometimes }) => [...always, ...sometimes]));
  return [...names]
    .map((name) => ({
      name,
      always: needs.filter(({ always }) => always.includes(name)).map((need) => need.name),
      sometimes: needs.filter(({ sometimes }) => sometimes.includes(name)).map((need) => need.name),
    }))
    .sort((a, b) => Number(isNone(a)) - Number(isNone(b)) || b.always.length - a.always.length);
}

/** A page with its table of permissions brought up to date. @throws Error when the page has no place for it */
export async function withPermissions(page: string): Promise<string> {
  const [, before, after] =
    /^([\s\S]*<!-- permissions:[^>]*-->\n)[\s\S]*?(<!-- end of permissions -->[\s\S]*)$/.exec(page) ?? [];
  if (before === undefined || after === undefined) throw new Error('docs/setup.md has no place for the permissions');
  const file = fileURLToPath(new URL('docs/setup.md', root));
  return format(`${before}\n${table()}\n\n${after}`, { ...(await resolveConfig(file)), parser: 'markdown' });
}

function table(): string {
  return [
    '| Permission | Streams that need it |',
    '| --- | --- |',
    ...permissions().map(({ name, always, sometimes }) => {
      const some = sometimes.length === 0 ? '' : `; for some of their records ${codes(sometimes)}`;
      return `| ${name} | ${codes(always)}${some} |`;
    }),
  ].join('\n');
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** Of some streams Intercom documents no permission. */
export function isNone({ name }: Permission): boolean {
  return name.startsWith('none ');
}

const config = parseConfig({ access_token: 'none' });
