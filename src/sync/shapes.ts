import type { JsonObject } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import { loadSchema, type JsonSchema } from '../core/schema.ts';
import type { Config } from '../generated/config.ts';
import { ApiError, type Request } from '../intercom/api.ts';
import type { Source } from '../readers/reader.ts';
import type { Attributed, Stream } from '../readers/stream.ts';
import { attributeTypes } from './attributes.ts';
import { shape, type AttributeTypes, type Shape } from './shape.ts';

/** Whether the columns depend on the workspace, so that it has to be asked. */
export function needsAttributes({ expand }: Config): boolean {
  return expand.includes('custom_attributes');
}

/** How the rows of streams look under a configuration; asks for the workspace's attributes where they become columns. */
export async function shapesOf(
  streams: readonly Stream[],
  config: Config,
  once: (request: Request) => Promise<JsonObject>,
  log: Log,
): Promise<ReadonlyMap<Stream, Shape>> {
  const models = new Set(needsAttributes(config) ? streams.flatMap(({ attributes }) => attributes ?? []) : []);
  const types = new Map<Attributed, AttributeTypes>();
  const asked = await Promise.allSettled(
    [...models].map(async (model) => {
      types.set(model, await attributeTypes(model, once).catch((error: unknown) => withoutTypes(error, model, log)));
    }),
  );
  for (const answer of asked) if (answer.status === 'rejected') throw answer.reason;
  return new Map(streams.map((stream) => [stream, shapeOf(stream, config, types)]));
}

function shapeOf(stream: Stream, config: Config, types: ReadonlyMap<Attributed, AttributeTypes>): Shape {
  const { expanded } = stream.source(config);
  const lists = expanded === undefined ? {} : listsOf(expanded);
  const attributes = (stream.attributes && types.get(stream.attributes)) ?? {};
  return shape(loadSchema(stream.name), { timestamps: config.timestamps, expand: config.expand, lists, attributes });
}

function listsOf({ schema, columns }: NonNullable<Source<object>['expanded']>): Readonly<Record<string, JsonSchema>> {
  const { properties = {} } = loadSchema(schema);
  return Object.fromEntries(Object.entries(properties).filter(([column]) => columns.includes(column)));
}

/** A workspace that does not show its attributes is read all the same; one that cannot be reached is not. */
function withoutTypes(error: unknown, model: Attributed, log: Log): AttributeTypes {
  const isRefused = error instanceof ApiError && (error.failure === 'no_permission' || error.failure === 'unavailable');
  if (!isRefused) throw error;
  log('warn', `The custom attributes of a ${model} cannot become columns of their own: ${error.message}`);
  return {};
}
