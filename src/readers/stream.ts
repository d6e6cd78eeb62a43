import type { Config } from '../generated/config.ts';
import type { Schemas } from '../generated/schemas.ts';
import type { Source } from './reader.ts';

export type Attributed = 'company' | 'contact' | 'conversation';

/** The keys a schema names; open schemas also carry an index signature, which would allow any key. */
type KnownKey<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] } & string;
type TimeKey<T> = { [K in KnownKey<T>]: NonNullable<T[K]> extends number ? K : never }[KnownKey<T>];

export interface Definition<N extends keyof Schemas> {
  /** What people call it; the report's name where the stream is one of the twelve reports. */
  readonly title: string;
  readonly primaryKey: readonly [KnownKey<Schemas[N]>, ...KnownKey<Schemas[N]>[]];
  /** Unix-seconds field by which the stream is incremental. Absent: full refresh only. */
  readonly cursor?: TimeKey<Schemas[N]>;
  /** The permission of the access token that it needs, as the Developer Hub names it. */
  readonly permission: string;
  /** Whose attributes the workspace defines: the fields of the stream's `custom_attributes`. */
  readonly attributes?: Attributed;
  readonly read: Source<Schemas[N]> | ((config: Config) => Source<Schemas[N]>);
}

export interface Stream {
  readonly name: keyof Schemas;
  readonly title: string;
  readonly primaryKey: readonly string[];
  readonly cursor?: string;
  readonly permission: string;
  readonly attributes?: Attributed;
  readonly source: (config: Config) => Source<object>;
}

/**
 * Declares a stream. Nearly nothing at run time; at compile time it ties key, cursor and reader to one schema.
 *
 * @param name - Its name on the wire, and of its file in schemas/. Renaming one is a breaking change.
 */
export function stream<N extends keyof Schemas>(name: N, definition: Definition<N>): Stream {
  const { read, ...facts } = definition;
  return Object.freeze({ name, ...facts, source: typeof read === 'function' ? read : () => read });
}
