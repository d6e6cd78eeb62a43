import { at, isObject, textOf, type JsonObject } from '../../../../core/json.ts';
import { streams, type Stream } from '../../../../streams/index.ts';
import { optionsOf, readSpec, type Option } from '../../../spec.ts';
import type { Selection } from '../choose-streams.ts';
import type { Wanted } from './platform.ts';

/** The extractor's name, and the program's. */
export const NAME = 'tap-intercom';

/** The streams that an extractor reads; those that it reads field by field included. */
export function selectionOf({ select, metadata }: JsonObject): Selection {
  const wanted = new Set(patternsIn(select).filter(isPositive).map(streamIn));
  const chosen = streams.filter(({ name }) => wanted.has(name) || wanted.has('*'));
  const isWhole = ({ name, cursor }: Stream): boolean =>
    cursor === undefined || [name, '*'].some((each) => at(metadata, `${each}.${METHOD}`) === 'FULL_TABLE');
  return new Map(chosen.map((stream) => [stream, isWhole(stream) ? 'full_refresh' : 'incremental']));
}

/** What of an extractor is to be as the user wants it. */
export function pluginFor(before: JsonObject, { selection, written }: Wanted): JsonObject {
  const options = Object.entries(optionsOf(readSpec())).filter(([, { airbyte_hidden: isHidden }]) => isHidden !== true);
  const used = options.filter(([name]) => name in written);
  const settings = Array.isArray(before['settings']) ? (before['settings'] as readonly unknown[]) : [];
  const described = new Set(settings.filter(isObject).map(({ name }) => name));
  const added = used.filter(([name]) => !described.has(name)).map(([name, option]) => settingOf(name, option));
  return {
    namespace: before['namespace'] ?? NAME.replaceAll('-', '_'),
    executable: before['executable'] ?? `./node_modules/.bin/${NAME}`,
    capabilities: before['capabilities'] ?? ['catalog', 'discover', 'state', 'about'],
    settings: [...settings, ...added],
    config: configFor(before['config'], options, written),
    select: patternsFor(patternsIn(before['select']), [...selection.keys()]),
    metadata: metadataFor(before['metadata'], selection),
  };
}

function settingOf(name: string, { type, airbyte_secret: isSecret }: Option): JsonObject {
  const kind = name === 'start_date' ? 'date_iso8601' : KINDS[type];
  return { name, kind, ...(isSecret === true ? { sensitive: true } : {}) };
}

function configFor(
  before: unknown,
  options: readonly (readonly [string, Option])[],
  written: JsonObject,
): JsonObject | undefined {
  const ours = new Set(options.map(([name]) => name));
  const others = Object.entries(isObject(before) ? before : {}).filter(([name]) => !ours.has(name));
  const values = options
    .filter(([name, { airbyte_secret: isSecret }]) => isSecret !== true && name in written)
    .map(([name]) => [name, written[name]] as const);
  const all = [...others, ...values];
  return all.length === 0 && before === undefined ? undefined : Object.fromEntries(all);
}

/** Patterns of streams that stay are kept, whatever fields they choose. */
function patternsFor(before: readonly string[], chosen: readonly Stream[]): readonly string[] {
  const names = new Set(chosen.map(({ name }) => name as string));
  const kept = before.filter(
    (pattern) => names.has(streamIn(pattern)) || (!isPositive(pattern) && streamIn(pattern) === '*'),
  );
  const known = new Set(kept.filter(isPositive).map(streamIn));
  return [...kept, ...[...names].filter((name) => !known.has(name)).map((name) => `${name}.*`)];
}

function metadataFor(before: unknown, selection: Selection): JsonObject | undefined {
  const said = isObject(before) ? before : {};
  const result: Record<string, unknown> = { ...said };
  for (const [{ name, cursor }, mode] of selection) {
    if (cursor === undefined) continue;
    const own = isObject(said[name]) ? said[name] : undefined;
    const isWhole = at({ own, all: said['*'] }, `all.${METHOD}`) === 'FULL_TABLE';
    if (mode === 'full_refresh') result[name] = { ...own, [METHOD]: 'FULL_TABLE' };
    else if (own?.[METHOD] !== undefined || isWhole) result[name] = { ...own, [METHOD]: 'INCREMENTAL' };
  }
  return Object.keys(result).length === 0 && before === undefined ? undefined : result;
}

function patternsIn(select: unknown): readonly string[] {
  return Array.isArray(select) ? (select as readonly unknown[]).map(textOf) : [];
}

function isPositive(pattern: string): boolean {
  return !pattern.startsWith('!');
}

function streamIn(pattern: string): string {
  return pattern.replace(/^!/, '').split('.')[0] ?? '';
}

const METHOD = 'replication-method';

const KINDS: Readonly<Record<Option['type'], string>> = {
  array: 'array',
  boolean: 'boolean',
  integer: 'integer',
  number: 'decimal',
  string: 'string',
};
