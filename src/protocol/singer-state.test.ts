import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../core/json.ts';
import type { Stream } from '../readers/stream.ts';
import { Bookmarks } from './singer-state.ts';

const contacts = { name: 'contacts', cursor: 'updated_at' } as Stream;
const tags = { name: 'tags' } as Stream;
const TEXT = '2026-01-01T00:00:00Z';

const AIRBYTE = /this is the state of the Airbyte protocol. Call source-intercom read/;

describe('what is stored for a stream', () => {
  test.each<[string, unknown, JsonObject]>([
    [
      'in our form',
      { updated_at: 7, sent: { a: '0.x' }, replication_key: 'updated_at', replication_key_value: 7 },
      { updated_at: 7, sent: { a: '0.x' } },
    ],
    ['as a text', TEXT, { updated_at: TEXT }],
    ['as a number', 7, { updated_at: 7 }],
    ['as an object', { updated_at: TEXT }, { updated_at: TEXT }],
    ['as nothing', null, {}],
    ['as an empty object', {}, {}],
    ['by the Meltano SDK', { replication_key: 'updated_at', replication_key_value: TEXT }, { updated_at: TEXT }],
    ['by the Meltano SDK with a value of null', { replication_key: 'updated_at', replication_key_value: null }, {}],
    [
      'by the Meltano SDK while it ran',
      {
        replication_key_value: 7,
        starting_replication_value: 1,
        replication_key_signpost: 9,
        progress_markers: { replication_key_value: 8 },
      },
      { updated_at: 7 },
    ],
    [
      'by parents, of which the earliest counts',
      { partitions: [{ replication_key_value: 9 }, { replication_key_value: TEXT }, { context: {} }, null] },
      { updated_at: 9 },
    ],
    ['by parents that say nothing', { partitions: [{ context: {} }] }, {}],
    ['under another name', { company_updated_at: 7 }, { company_updated_at: 7 }],
  ])('%s', (_, bookmark, expected) => {
    expect(new Bookmarks({ bookmarks: { contacts: bookmark } }).stateOf(contacts)).toEqual(expected);
  });

  test('is nothing for a stream that is always read whole', () => {
    expect(new Bookmarks({ bookmarks: { tags: { rows: 7 } } }).stateOf(tags)).toEqual({});
  });
});

describe('a state', () => {
  const value = { bookmarks: { contacts: { updated_at: 7 } } };

  test.each<[string, unknown, JsonObject]>([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['an empty text', '', {}],
    ['an empty object', {}, {}],
    ['nothing but where a read was', { currently_syncing: 'tags' }, {}],
    ['bookmarks of null', { bookmarks: null }, {}],
    ['a value', value, { updated_at: 7 }],
    ['a message', { type: 'STATE', value }, { updated_at: 7 }],
    ['a message of nothing', { type: 'STATE', value: {} }, {}],
    ['several values', [{ bookmarks: {} }, value], { updated_at: 7 }],
    [
      'several messages',
      [
        { type: 'STATE', value: { bookmarks: {} } },
        { type: 'STATE', value },
      ],
      { updated_at: 7 },
    ],
  ])('may be %s', (_, state, expected) => {
    expect(new Bookmarks(state).stateOf(contacts)).toEqual(expected);
  });

  test.each<[string, unknown, RegExp]>([
    ['a list of messages', [{ type: 'STREAM', stream: { stream_descriptor: { name: 'contacts' } } }], AIRBYTE],
    ['a message among those of a tap', [value, { type: 'STREAM', stream: {} }], AIRBYTE],
    ['a message before those of a tap', [{ type: 'STREAM', stream: {} }, value], AIRBYTE],
    ['an empty list', [], AIRBYTE],
    ['a line of another form', { type: 'STATE', state: {} }, AIRBYTE],
    ['a line', { type: 'STATE', state: { type: 'STREAM', stream: {} } }, AIRBYTE],
    ['one message', { type: 'STREAM', stream: { stream_descriptor: {} } }, AIRBYTE],
    ['one state', { stream_descriptor: { name: 'contacts' }, stream_state: {} }, AIRBYTE],
    ['one object for all', { contacts: { updated_at: 7 } }, /no "bookmarks"/],
    ['one object for all in a message', { type: 'STATE', value: { contacts: { updated_at: 7 } } }, /no "bookmarks"/],
    ['a text', 'x', /must be a JSON object/],
    ['a number', 7, /must be a JSON object/],
    ['a list of bookmarks', { bookmarks: [] }, /"bookmarks" of the state must be an object/],
    ['a text for bookmarks', { bookmarks: 'contacts' }, /"bookmarks" of the state must be an object/],
  ])('of another kind, %s, is refused', (_, state, message) => {
    expect(() => new Bookmarks(state)).toThrow(message);
  });
});

describe('the state that goes out', () => {
  test('has what was stored by others, and for others, as it was', () => {
    const stored = { bookmarks: { emails: { page: 1 }, contacts: TEXT, tags: null }, extra: { a: 1 } };
    expect(new Bookmarks(stored).value()).toEqual(stored);
  });

  test('has a bookmark in the words of both dialects, without what only tells states apart', () => {
    const bookmarks = new Bookmarks({ bookmarks: { contacts: TEXT, emails: 1 } });
    bookmarks.set(contacts, { updated_at: 9, sent: { a: '0.x' }, rows: 3 });
    bookmarks.set(tags, { rows: 4 });
    const bookmark = { updated_at: 9, sent: { a: '0.x' }, replication_key: 'updated_at', replication_key_value: 9 };
    expect(bookmarks.value()).toEqual({ bookmarks: { contacts: bookmark, emails: 1, tags: {} } });
    expect(new Bookmarks(bookmarks.value()).stateOf(contacts)).toEqual({ updated_at: 9, sent: { a: '0.x' } });
  });

  test('names the stream that is being read, as long as one is', () => {
    const bookmarks = new Bookmarks({ bookmarks: {}, currently_syncing: 'tags' });
    expect([bookmarks.currentlySyncing, bookmarks.value()]).toEqual([
      'tags',
      { bookmarks: {}, currently_syncing: 'tags' },
    ]);
    bookmarks.currentlySyncing = undefined;
    expect(bookmarks.value()).toEqual({ bookmarks: {} });
    expect(new Bookmarks({ currently_syncing: null }).currentlySyncing).toBeUndefined();
  });
});
