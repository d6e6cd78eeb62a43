import type { AirbyteStream } from './run.ts';

export type SyncMode = 'full_refresh' | 'incremental';

/** An entry of a configured catalog. */
export interface ConfiguredStream {
  readonly stream: Pick<AirbyteStream, 'name'> & Partial<AirbyteStream>;
  readonly sync_mode: SyncMode;
  readonly destination_sync_mode: string;
}

export interface ConfiguredCatalog {
  readonly streams: readonly ConfiguredStream[];
}

/**
 * A configured catalog of streams that discover offers, or of names.
 *
 * @param mode - `incremental` holds for the streams that can; the others are read whole
 */
export function configure(streams: readonly (AirbyteStream | string)[], mode: SyncMode): ConfiguredCatalog {
  return {
    streams: streams.map((stream) => ({
      stream: typeof stream === 'string' ? { name: stream } : stream,
      sync_mode: typeof stream === 'string' || canBeIncremental(stream) ? mode : 'full_refresh',
      destination_sync_mode: mode === 'incremental' ? 'append_dedup' : 'overwrite',
    })),
  };
}

export function canBeIncremental({ supported_sync_modes: modes }: AirbyteStream): boolean {
  return modes.includes('incremental');
}

/** What identifies a row of a stream. */
export function keyOf(
  row: Readonly<Record<string, unknown>>,
  { source_defined_primary_key: keys = [] }: AirbyteStream,
) {
  return keys.map(([field = '']) => JSON.stringify(row[field] ?? null)).join('/');
}
