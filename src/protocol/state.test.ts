import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../core/json.ts';
import { parseJson } from '../core/parse-json.ts';
import type { Stream } from '../readers/stream.ts';
import { parseState } from './airbyte-input.ts';
import { Bookmarks } from './singer-state.ts';

const odd = fc.string({ unit: fc.constantFrom('a', '.', '"', '\\', '\0', '\u2028', '名', '😀'), maxLength: 5 });
/** What a stream may have saved. */
const saved = fc.record({
  updated_at: fc.integer({ min: 0, max: 4_000_000_000 }),
  sent: fc.dictionary(odd, odd, { maxKeys: 3 }),
});
const names = fc.constantFrom('contacts', 'companies', 'conversations', 'tickets', 'activity_logs');
const states = fc
  .array(fc.tuple(names, saved), { maxLength: 5 })
  .map((entries) => new Map<string, JsonObject>(entries));

/** A state as it is between two reads: text. */
function stored(state: unknown): unknown {
  return parseJson(JSON.stringify(state));
}

function streamOf(name: string): Stream {
  return { name, cursor: 'updated_at' } as unknown as Stream;
}

test('an Airbyte state comes back as it was saved, however the platform wraps it', () => {
  const message = ([name, state]: readonly [string, JsonObject]): JsonObject => ({
    type: 'STREAM',
    stream: { stream_descriptor: { name }, stream_state: state },
  });
  const wrappings: readonly ((all: ReadonlyMap<string, JsonObject>) => unknown)[] = [
    (all) => [...all].map(message),
    (all) => [...all].map((each) => ({ type: 'STATE', state: message(each) })),
    (all) => [{ type: 'GLOBAL', global: { stream_states: [...all].map((each) => message(each)['stream']) } }],
    (all) => [{ type: 'LEGACY', data: Object.fromEntries(all) }],
    (all) => Object.fromEntries(all),
  ];
  fc.assert(
    fc.property(states, fc.constantFrom(...wrappings), (all, wrap) => {
      expect(parseState(stored(wrap(all)))).toEqual(all);
    }),
  );
});

test('the last message of a stream is the one that counts', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(names, saved), { maxLength: 8 }), (messages) => {
      const wrapped = messages.map(([name, state]) => ({
        type: 'STREAM',
        stream: { stream_descriptor: { name }, stream_state: state },
      }));
      expect(parseState(stored(wrapped))).toEqual(new Map<string, JsonObject>(messages));
    }),
  );
});

test('a Singer state comes back as it was saved, and what others keep in it stays', () => {
  const others = fc.dictionary(fc.constantFrom('other_tap', 'version'), fc.json({ maxDepth: 2 }).map(parseJson));
  fc.assert(
    fc.property(states, others, fc.option(names, { nil: undefined }), (all, foreign, current) => {
      const bookmarks = new Bookmarks({ ...foreign, bookmarks: { foreign } });
      for (const [name, state] of all) bookmarks.set(streamOf(name), { ...state, rows: 7 });
      bookmarks.currentlySyncing = current;
      const again = new Bookmarks(stored(bookmarks.value()));
      for (const [name, state] of all) expect(again.stateOf(streamOf(name))).toEqual(state);
      expect(again.currentlySyncing).toBe(current);
      expect(stored(again.value())).toEqual(stored(bookmarks.value()));
      expect(again.value()).toMatchObject(stored(foreign) as object);
    }),
  );
});
