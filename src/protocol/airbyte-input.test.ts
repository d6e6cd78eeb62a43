import { describe, expect, test } from '@jest/globals';
import type { Stream } from '../readers/stream.ts';
import { parseCatalog, parseState } from './airbyte-input.ts';

const known = ['tags', 'teams'].map((name) => ({ name }) as Stream);
const entry = (name: string, mode = 'incremental') => ({
  stream: { name, json_schema: {} },
  sync_mode: mode,
  destination_sync_mode: 'append',
});

describe('a catalog', () => {
  test('says which streams to read, and how', () => {
    const { streams, unknown } = parseCatalog(
      { streams: [entry('teams'), entry('tags', 'full_refresh'), entry('nobody')] },
      known,
    );
    expect(streams.map(({ stream, isIncremental }) => [stream.name, isIncremental])).toEqual([
      ['teams', true],
      ['tags', false],
    ]);
    expect(unknown).toEqual(['nobody']);
  });

  test('may be empty, and names a stream once', () => {
    expect(parseCatalog({ streams: [] }, known).streams).toEqual([]);
    expect(
      parseCatalog({ streams: [entry('tags'), entry('tags', 'full_refresh')] }, known).streams.map(
        ({ isIncremental }) => isIncremental,
      ),
    ).toEqual([true]);
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'no list "streams"'],
    ['a list', [], 'no list "streams"'],
    ['without streams', {}, 'no list "streams"'],
    ["Singer's", { streams: [{ tap_stream_id: 'tags', metadata: [] }] }, 'Singer'],
    ['what discover prints', { streams: [{ name: 'tags', json_schema: {} }] }, 'wrapped'],
    ['with a nameless stream', { streams: [{ stream: {} }] }, 'no stream with a name'],
    ['without a mode', { streams: [{ stream: { name: 'tags' } }] }, 'sync_mode'],
    ['with a strange mode', { streams: [entry('tags', 'cdc')] }, 'sync_mode'],
    ['with unknown streams only', { streams: [entry('x'), entry('y')] }, '"x", "y"'],
  ])('that is %s is refused', (_, catalog, message) => {
    expect(() => parseCatalog(catalog, known)).toThrow(message);
  });
});

describe('a state', () => {
  const descriptor = { name: 'tags' };
  const own = { stream_descriptor: descriptor, stream_state: { updated_at: 7 } };
  const found = [['tags', { updated_at: 7 }]];

  test.each<[string, unknown, unknown[]]>([
    ['nothing', undefined, []],
    ['null', null, []],
    ['empty text', '', []],
    ['an empty list', [], []],
    ['an empty object', {}, []],
    ['per stream', [{ type: 'STREAM', stream: own }], found],
    ['one message', { type: 'STREAM', stream: own }, found],
    ['a whole line', [{ type: 'STATE', state: { type: 'STREAM', stream: own } }], found],
    [
      'of a namespace',
      [{ type: 'STREAM', stream: { ...own, stream_descriptor: { ...descriptor, namespace: null } } }],
      found,
    ],
    ['without a type', [{ stream: own }], found],
    ['with old data beside', [{ type: 'STREAM', stream: own, data: { tags: { updated_at: 1 } } }], found],
    ['of null', [{ type: 'STREAM', stream: { stream_descriptor: descriptor, stream_state: null } }], []],
    ['of nothing', [{ type: 'STREAM', stream: { stream_descriptor: descriptor } }], []],
    ['global', [{ type: 'GLOBAL', global: { shared_state: {}, stream_states: [own] } }], found],
    ['global without streams', [{ type: 'GLOBAL', global: {} }], []],
    ['legacy', [{ type: 'LEGACY', data: { tags: { updated_at: 7 } } }], found],
    ['legacy without data', [{ type: 'LEGACY', data: null }], []],
    ['one object for all', { tags: { updated_at: 7 } }, found],
    ['one object for all, of an old platform', { data: { tags: { updated_at: 7 } } }, found],
    [
      'twice, of which the last counts',
      [{ stream: { ...own, stream_state: { updated_at: 1 } } }, { stream: own }],
      found,
    ],
    ['twice, at last of null', [{ stream: own }, { stream: { ...own, stream_state: null } }], []],
    ['one object for all, with nothing for one', { tags: { updated_at: 7 }, teams: null }, found],
  ])('%s', (_, state, expected) => {
    expect([...parseState(state)]).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ['text', 'x', 'list of state messages'],
    ['a number', 5, 'list of state messages'],
    ["Singer's", { bookmarks: {} }, 'Singer'],
    ["Singer's line", { type: 'STATE', value: { bookmarks: {} } }, 'Singer'],
    ['a list of texts', ['x'], 'not an object'],
    ['a list of what says nothing', [{ foo: 1 }], 'none of "stream", "global" and "data"'],
    ['of text', [{ stream: { ...own, stream_state: '2026-01-01' } }], 'the state of stream "tags" is not an object'],
    ['an object of texts', { tags: '2026-01-01' }, 'the state of stream "tags" is not an object'],
    ['an object of other things', { page: 7 }, 'the state of stream "page" is not an object'],
    ['without a name', [{ type: 'STREAM', stream: { stream_state: {} } }], 'of which stream'],
  ])('that is %s is refused', (_, state, message) => {
    expect(() => parseState(state)).toThrow(message);
  });
});
