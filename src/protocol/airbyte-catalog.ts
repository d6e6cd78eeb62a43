import type { JsonObject } from '../core/json.ts';
import type { JsonSchema } from '../core/schema.ts';
import type { AirbyteCatalog, AirbyteStream } from '../generated/airbyte.ts';
import type { Stream } from '../readers/stream.ts';

/** What `discover` offers. */
export function airbyteCatalog(
  streams: readonly { readonly stream: Stream; readonly schema: JsonSchema }[],
): AirbyteCatalog {
  const [first, ...others] = streams.map(airbyteStream);
  if (first === undefined) throw new Error('There is no stream');
  return { streams: [first, ...others] };
}

function airbyteStream({ stream, schema }: { readonly stream: Stream; readonly schema: JsonSchema }): AirbyteStream {
  const { name, primaryKey, cursor } = stream;
  return {
    name,
    json_schema: schema as unknown as JsonObject,
    supported_sync_modes: cursor === undefined ? ['full_refresh'] : ['full_refresh', 'incremental'],
    ...(cursor === undefined ? {} : { source_defined_cursor: true, default_cursor_field: [cursor] }),
    source_defined_primary_key: primaryKey.map((field) => [field]),
    is_resumable: cursor !== undefined,
  };
}
