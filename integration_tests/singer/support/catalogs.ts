import type { Metadata, SingerCatalog, SingerEntry } from '../../../src/protocol/singer-catalog.ts';
import type { JsonObject } from '../../support/run.ts';
import { tap, type TapOptions } from './tap.ts';

export type { SingerCatalog, SingerEntry } from '../../../src/protocol/singer-catalog.ts';

/** The catalog that `--discover` prints. */
export async function discover(config: unknown, options: TapOptions = {}): Promise<SingerCatalog> {
  const run = await tap({ config }, { prints: 'document', ...options, more: ['--discover'] });
  return JSON.parse(run.stdout) as SingerCatalog;
}

/** A catalog in which these streams are selected, and no others. */
export function select({ streams }: SingerCatalog, names: readonly string[]): SingerCatalog {
  return { streams: streams.map((entry) => choose(entry, { selected: names.includes(entry.tap_stream_id) })) };
}

/** A catalog written by hand: streams by their names alone. */
export function selecting(names: readonly string[]): JsonObject {
  const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
  return { streams: names.map((name) => ({ tap_stream_id: name, stream: name, schema: {}, metadata })) };
}

/** An entry whose metadata says more of the stream, or of a field. */
export function choose(entry: SingerEntry, more: JsonObject, ...field: readonly string[]): SingerEntry {
  const breadcrumb = field.flatMap((name) => ['properties', name]);
  const isMeant = (each: Metadata): boolean => JSON.stringify(each.breadcrumb) === JSON.stringify(breadcrumb);
  if (!entry.metadata.some(isMeant)) throw new Error(`${entry.stream} has no ${breadcrumb.join('.')}`);
  return {
    ...entry,
    metadata: entry.metadata.map((each) =>
      isMeant(each) ? { breadcrumb, metadata: { ...each.metadata, ...more } } : each,
    ),
  };
}

/** One entry of a catalog, as it may be changed. @throws Error if there is none */
export function entryOf({ streams }: SingerCatalog, name: string): SingerEntry {
  const found = streams.find(({ tap_stream_id: id }) => id === name);
  if (found === undefined) throw new Error(`There is no stream ${name}`);
  return found;
}

/** What the metadata say of a stream, or of a field. */
export function metadataOf(entry: SingerEntry, ...field: readonly string[]): JsonObject | undefined {
  const known = indexed.get(entry) ?? new Map(entry.metadata.map((each) => [each.breadcrumb.join('/'), each.metadata]));
  indexed.set(entry, known);
  return known.get(field.flatMap((name) => ['properties', name]).join('/'));
}

const indexed = new WeakMap<SingerEntry, ReadonlyMap<string, JsonObject>>();
