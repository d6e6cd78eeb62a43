import type { JsonSchema } from '../core/schema.ts';
import type { Config } from '../generated/config.ts';
import { remembering } from '../readers/once.ts';
import type { Stream } from '../readers/stream.ts';
import { streams } from '../streams/index.ts';
import { needsAttributes, shapesOf } from '../sync/shapes.ts';
import { connect, type Session } from './session.ts';

/** A stream that is on offer, and how its rows look. */
export interface Offer {
  readonly stream: Stream;
  readonly schema: JsonSchema;
}

/** Every stream, as its rows look under the configuration. Asks Intercom only where the workspace decides about columns. */
export async function discover(config: Config, session: Session): Promise<readonly Offer[]> {
  const api = needsAttributes(config) ? await connect(config, session) : undefined;
  const once = remembering((request) => (api === undefined ? Promise.resolve({}) : api.send(request, session.signal)));
  const shapes = await shapesOf(streams, config, once, session.log);
  return [...shapes].map(([stream, { schema }]) => ({ stream, schema }));
}
