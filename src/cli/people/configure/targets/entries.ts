import { isObject, type JsonObject } from '../../../../core/json.ts';
import { streams, type Stream } from '../../../../streams/index.ts';

/** An entry of a catalog, and the stream that it is of; undefined: none of ours. */
export interface Entry {
  readonly stream: Stream | undefined;
  readonly entry: JsonObject;
}

export function entriesIn(catalog: JsonObject, nameIn: (entry: JsonObject) => unknown): readonly Entry[] {
  const list: unknown = catalog['streams'];
  return (Array.isArray(list) ? (list as unknown[]) : [])
    .filter(isObject)
    .map((entry) => ({ stream: streams.find(({ name }) => name === nameIn(entry)), entry }));
}

/** The entries that are to stay, where they are, and then one for each other stream that is wanted. */
export function inOrder(before: readonly Entry[], wanted: readonly Stream[]): readonly Entry[] {
  const kept = before.filter(({ stream }) => stream === undefined || wanted.includes(stream));
  const known = new Set(kept.map(({ stream }) => stream));
  return [...kept, ...wanted.filter((stream) => !known.has(stream)).map((stream) => ({ stream, entry: {} }))];
}
