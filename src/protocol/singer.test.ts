import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../core/json.ts';
import type { JsonSchema } from '../core/schema.ts';
import type { Stream } from '../readers/stream.ts';
import type { Failure, SyncEvent } from '../sync/events.ts';
import { parseSingerCatalog } from './singer-selection.ts';
import { Bookmarks } from './singer-state.ts';
import { singerEncoder } from './singer.ts';

const streams = [
  { name: 'contacts', primaryKey: ['id'], cursor: 'updated_at' },
  { name: 'segments', primaryKey: ['id'], cursor: 'updated_at' },
  { name: 'tags', primaryKey: ['id'] },
] as unknown as readonly Stream[];
const NOW = Date.UTC(2026, 0);
const SCHEMA: JsonSchema = {
  type: 'object',
  properties: { id: { type: 'string' }, updated_at: { type: ['null', 'integer'] }, name: { type: ['null', 'string'] } },
};
const failure: Failure = { kind: 'transient', message: '503', cause: undefined };

function encoderFor(names: readonly string[], state?: unknown, catalog?: unknown) {
  const all = parseSingerCatalog(catalog, streams).streams;
  return singerEncoder(
    all.filter(({ stream }) => names.includes(stream.name)),
    new Bookmarks(state),
    () => NOW,
  );
}

/** The messages that events make. */
function messages(encoder: ReturnType<typeof encoderFor>, ...events: readonly SyncEvent[]): readonly JsonObject[] {
  const text = events.flatMap((event) => encoder.event(event)).join('');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonObject);
}

function started(stream: string): SyncEvent {
  return { type: 'stream_started', stream, schema: SCHEMA };
}

function records(stream: string, ...rows: readonly object[]): SyncEvent {
  return { type: 'records', stream, records: rows };
}

function checkpoint(stream: string, state: JsonObject): SyncEvent {
  return { type: 'checkpoint', stream, state, count: 1 };
}

describe('a stream', () => {
  test('begins with its schema, and has rows in its columns', () => {
    const encoder = encoderFor(['contacts']);
    const row = { id: '1', updated_at: 7, name: 'a\u2028b', more: true };
    expect(messages(encoder, started('contacts'), records('contacts', row, { id: '2' }))).toEqual([
      {
        type: 'SCHEMA',
        stream: 'contacts',
        schema: SCHEMA,
        key_properties: ['id'],
        bookmark_properties: ['updated_at'],
      },
      {
        type: 'RECORD',
        stream: 'contacts',
        record: { id: '1', updated_at: 7, name: 'a\u2028b' },
        time_extracted: '2026-01-01T00:00:00.000Z',
      },
      {
        type: 'RECORD',
        stream: 'contacts',
        record: { id: '2', updated_at: null, name: null },
        time_extracted: '2026-01-01T00:00:00.000Z',
      },
    ]);
    expect([encoder.event(records('contacts', row))].flat().join('')).toContain(String.raw`a\u2028b`);
  });

  test.each([
    ['that is read whole', 'contacts', [{ tap_stream_id: 'contacts', replication_method: 'FULL_TABLE' }]],
    ['without a cursor', 'tags', undefined],
  ])('%s has no bookmark properties', (_, name, entries) => {
    const encoder = encoderFor([name], undefined, entries && { streams: entries });
    expect(messages(encoder, started(name))[0]).not.toHaveProperty('bookmark_properties');
  });

  test('that nobody chose makes no message', () => {
    const encoder = encoderFor(['contacts']);
    expect(messages(encoder, started('tags'), records('tags', { id: '1' }), checkpoint('tags', { rows: 1 }))).toEqual(
      [],
    );
  });

  test('makes no rows before its schema', () => {
    expect(messages(encoderFor(['contacts']), records('contacts', { id: '1' }))).toEqual([]);
  });

  test('says nothing of what taps have no messages for', () => {
    const events: readonly SyncEvent[] = [
      { type: 'stream_running', stream: 'contacts' },
      { type: 'estimate', stream: 'contacts', rows: 5 },
      { type: 'log', level: 'warn', message: 'x' },
      { type: 'failed', failure },
      { type: 'stream_ended', stream: 'contacts', failure },
    ];
    expect(messages(encoderFor(['contacts']), ...events)).toEqual([]);
  });
});

describe('values', () => {
  test('that do not fit the type of the catalog are counted', () => {
    const properties = { ...SCHEMA.properties, name: { type: ['null', 'integer'] } };
    const catalog = { streams: [{ tap_stream_id: 'contacts', schema: { ...SCHEMA, properties } }] };
    const encoder = encoderFor(['contacts'], undefined, catalog);
    const made = messages(
      encoder,
      started('contacts'),
      records('contacts', { id: '1', name: 'x' }, { id: '2', name: 'y' }, { id: '3', name: '5' }),
    );
    expect(made.slice(1).map(({ record }) => (record as JsonObject)['name'])).toEqual([null, null, 5]);
    expect([...encoder.nulled]).toEqual([['contacts: name', 2]]);
  });

  test('that are too long for a line are cut, and counted', () => {
    const encoder = encoderFor(['contacts']);
    const long = 'é'.repeat(9_000_000);
    const [, row, short] = [
      ...messages(
        encoder,
        started('contacts'),
        records('contacts', { id: '1', name: long }, { id: '2', name: 'é'.repeat(4_000_000) }),
      ),
    ];
    const bytes = Buffer.byteLength(JSON.stringify(row));
    expect([bytes > 14_000_000, bytes < 16_000_000]).toEqual([true, true]);
    expect(long.startsWith((row!['record'] as { name: string }).name)).toBe(true);
    expect((short!['record'] as { name: string }).name.length).toBe(4_000_000);
    expect([...encoder.truncated]).toEqual([['contacts: name', 1]]);
  });
});

describe('the state', () => {
  const bookmark = (value: number): JsonObject => ({
    updated_at: value,
    replication_key: 'updated_at',
    replication_key_value: value,
  });

  test('has the bookmarks of all, and where the read is', () => {
    const encoder = encoderFor(['contacts', 'segments'], { bookmarks: { emails: 1 } });
    expect(
      messages(
        encoder,
        started('contacts'),
        started('segments'),
        checkpoint('segments', { updated_at: 5 }),
        checkpoint('contacts', { updated_at: 7, rows: 2 }),
      ),
    ).toMatchObject([
      {},
      {},
      { type: 'STATE', value: { bookmarks: { emails: 1, segments: bookmark(5) }, currently_syncing: 'contacts' } },
      {
        type: 'STATE',
        value: {
          bookmarks: { emails: 1, segments: bookmark(5), contacts: bookmark(7) },
          currently_syncing: 'contacts',
        },
      },
    ]);
    messages(encoder, { type: 'stream_ended', stream: 'contacts' });
    expect(JSON.parse(encoder.state())).toMatchObject({ value: { currently_syncing: 'segments' } });
    messages(encoder, { type: 'stream_ended', stream: 'segments', failure });
    expect(JSON.parse(encoder.state())).toEqual({
      type: 'STATE',
      value: { bookmarks: { emails: 1, segments: bookmark(5), contacts: bookmark(7) } },
    });
  });

  test('keeps the place of a read that broke off as a whole', () => {
    const encoder = encoderFor(['contacts']);
    messages(encoder, started('contacts'), {
      type: 'stream_ended',
      stream: 'contacts',
      failure: { ...failure, isShared: true },
    });
    expect(JSON.parse(encoder.state())).toMatchObject({ value: { currently_syncing: 'contacts' } });
  });

  test('forgets the place of a read of streams that are not read now, and of none', () => {
    const state = { bookmarks: {}, currently_syncing: 'tags' };
    expect(encoderFor(['contacts'], state).state()).not.toMatch(/currently_syncing/);
    expect(encoderFor(['tags'], state).state()).toMatch(/"currently_syncing":"tags"/);
  });
});
