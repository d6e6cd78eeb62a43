/** The connector as a library: streams, and what happens while they are read. */
export { parseConfig } from './cli/config.ts';
export { ConnectorError, type ErrorKind } from './core/errors.ts';
export { loadSchema, type JsonSchema } from './core/schema.ts';
export { systemClock, type Clock } from './core/time.ts';
export type { Config } from './generated/config.ts';
export type { Api, Request } from './intercom/api.ts';
export { resolveBaseUrl } from './intercom/base-url.ts';
export { createApi, type ApiOptions } from './intercom/client.ts';
export type { Stream } from './readers/stream.ts';
export { streams } from './streams/index.ts';
export type { Change, Failure, SyncEvent } from './sync/events.ts';
export { shapesOf } from './sync/shapes.ts';
export { sync, type Selected, type SyncOptions, type Usage } from './sync/sync.ts';
