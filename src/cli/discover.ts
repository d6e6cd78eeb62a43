import type { AirbyteCatalog } from '../generated/airbyte.ts';
import type { Config } from '../generated/config.ts';
import { airbyteCatalog } from '../protocol/airbyte-catalog.ts';
import { remembering } from '../readers/once.ts';
import { streams } from '../streams/index.ts';
import { needsAttributes, shapesOf } from '../sync/shapes.ts';
import { connect, type Session } from './session.ts';

/** Every stream, as its rows look under the configuration. Asks Intercom only where the workspace decides about columns. */
export async function discover(config: Config, session: Session): Promise<AirbyteCatalog> {
  const api = needsAttributes(config) ? await connect(config, session) : undefined;
  const once = remembering((request) => (api === undefined ? Promise.resolve({}) : api.send(request, session.signal)));
  const shapes = await shapesOf(streams, config, once, session.log);
  return airbyteCatalog([...shapes].map(([stream, { schema }]) => ({ stream, schema })));
}
