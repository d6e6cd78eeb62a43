import { describe, expect, test } from '@jest/globals';
import type { JsonSchema } from '../core/schema.ts';
import type { Stream } from '../readers/stream.ts';
import type { Failure, SyncEvent } from '../sync/events.ts';
import { airbyteCatalog } from './airbyte-catalog.ts';
import { airbyteEncoder } from './airbyte.ts';

const NOW = 1_767_225_600_123;
const encoder = airbyteEncoder(
  () => NOW,
  (text) => text.replaceAll('secret', '****'),
);

/** What an event, or any of the other methods, printed: its lines, each ended. */
function lines(printed: string | readonly string[]): readonly unknown[] {
  const text = [printed].flat().join('');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function statusOf(status: string, more: object = {}): unknown {
  const stream_status = { stream_descriptor: { name: 'tags' }, status, ...more };
  return { type: 'TRACE', trace: { type: 'STREAM_STATUS', emitted_at: NOW, stream_status } };
}

const failure: Failure = { kind: 'config', message: 'a secret reason', cause: new Error('secret cause') };
const error = { message: 'a **** reason', failure_type: 'config_error' };

describe('events', () => {
  test.each<[string, SyncEvent, readonly unknown[]]>([
    [
      'a stream that starts',
      { type: 'stream_started', stream: 'tags', schema: { type: 'object' } },
      [statusOf('STARTED')],
    ],
    ['a stream that runs', { type: 'stream_running', stream: 'tags' }, [statusOf('RUNNING')]],
    ['a stream that is complete', { type: 'stream_ended', stream: 'tags' }, [statusOf('COMPLETE')]],
    [
      'a stream that failed',
      { type: 'stream_ended', stream: 'tags', failure },
      [
        statusOf('INCOMPLETE'),
        {
          type: 'TRACE',
          trace: { type: 'ERROR', emitted_at: NOW, error: { ...error, stream_descriptor: { name: 'tags' } } },
        },
      ],
    ],
    [
      'a stream that failed with all others',
      { type: 'stream_ended', stream: 'tags', failure: { ...failure, isShared: true } },
      [statusOf('INCOMPLETE')],
    ],
    [
      'a read that failed',
      { type: 'failed', failure },
      [{ type: 'TRACE', trace: { type: 'ERROR', emitted_at: NOW, error } }],
    ],
    [
      'an estimate',
      { type: 'estimate', stream: 'tags', rows: 7 },
      [
        {
          type: 'TRACE',
          trace: { type: 'ESTIMATE', emitted_at: NOW, estimate: { name: 'tags', type: 'STREAM', row_estimate: 7 } },
        },
      ],
    ],
    [
      'a word',
      { type: 'log', level: 'warn', message: 'no secret' },
      [{ type: 'LOG', log: { level: 'WARN', message: 'no ****' } }],
    ],
    [
      'a checkpoint',
      { type: 'checkpoint', stream: 'tags', state: { updated_at: 7 }, count: 3 },
      [
        {
          type: 'STATE',
          state: {
            type: 'STREAM',
            stream: { stream_descriptor: { name: 'tags' }, stream_state: { updated_at: 7 } },
            sourceStats: { recordCount: 3 },
          },
        },
      ],
    ],
  ])('%s', (_, event, expected) => {
    expect(lines(encoder.event(event))).toEqual(expected);
  });

  test('count records with a decimal point', () => {
    const printed = encoder.event({ type: 'checkpoint', stream: 'tags', state: { a: '}}' }, count: 0 });
    expect(printed).toMatch(/"stream_state":\{"a":"\}\}"\}\},"sourceStats":\{"recordCount":0\.0\}\}\}\n$/);
  });

  test('of our own mistakes have their stack, without secrets', () => {
    const [trace] = lines(encoder.event({ type: 'failed', failure: { ...failure, kind: 'system' } })) as [
      { trace: { error: { stack_trace: string } } },
    ];
    expect(trace.trace.error.stack_trace).toMatch(/^Error: \*\*\*\* cause\n +at /);
  });
});

describe('rows', () => {
  const head = { type: 'RECORD', record: { stream: 'tags', emitted_at: NOW } };
  const rows = (
    records: readonly object[],
    changes?: Extract<SyncEvent, { type: 'records' }>['changes'],
  ): readonly unknown[] =>
    lines(encoder.event({ type: 'records', stream: 'tags', records, ...(changes === undefined ? {} : { changes }) }));

  test('come as they are, secrets and all: they are data', () => {
    const row = { id: '1', name: 'secret \u2028', more: { a: [1, null] } };
    expect(rows([row, { id: '2' }])).toEqual([
      { ...head, record: { ...head.record, data: row } },
      { ...head, record: { ...head.record, data: { id: '2' } } },
    ]);
    expect(encoder.event({ type: 'records', stream: 'tags', records: [row] })[0]).toContain(String.raw`\u2028`);
  });

  test('say what had to be changed in them', () => {
    const changes = new Map([[1, [{ field: 'a.b', reason: 'type' as const }]]]);
    const meta = { changes: [{ field: 'a.b', change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' }] };
    expect(rows([{ id: '1' }, { id: '2' }], changes)).toEqual([
      { ...head, record: { ...head.record, data: { id: '1' } } },
      { ...head, record: { ...head.record, data: { id: '2' }, meta } },
    ]);
  });

  test('that are too large are cut, and say so, too', () => {
    const changes = new Map([[0, [{ field: 'n', reason: 'type' as const }]]]);
    const [row, whole] = rows(
      [
        { id: '1', body: 'é'.repeat(9_000_000) },
        { id: '2', body: 'é'.repeat(4_000_000) },
      ],
      changes,
    ) as {
      record: { data: { body: string }; meta?: unknown };
    }[];
    expect(Buffer.byteLength(row!.record.data.body)).toBeGreaterThan(14_000_000);
    expect(Buffer.byteLength(JSON.stringify(row))).toBeLessThan(16_000_000);
    expect(row!.record.meta).toEqual({
      changes: [
        { field: 'n', change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' },
        { field: 'body', change: 'TRUNCATED', reason: 'SOURCE_RECORD_SIZE_LIMITATION' },
      ],
    });
    expect([whole!.record.meta, whole!.record.data.body.length]).toEqual([undefined, 4_000_000]);
  });
});

describe('words', () => {
  test.each([
    ['debug', 'DEBUG'],
    ['info', 'INFO'],
    ['warn', 'WARN'],
    ['error', 'ERROR'],
    ['fatal', 'FATAL'],
  ] as const)('of level %s are %s', (level, name) => {
    expect(lines(encoder.log(level, 'a secret', 'secret stack'))).toEqual([
      { type: 'LOG', log: { level: name, message: 'a ****', stack_trace: '**** stack' } },
    ]);
  });

  test('of a wait say until when it lasts', () => {
    const reasons = [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: 1001 } }];
    expect(lines(encoder.status('tags', 'RUNNING', 1000.6))).toEqual([statusOf('RUNNING', { reasons })]);
  });
});

describe('the catalog', () => {
  const schema: JsonSchema = { type: 'object', properties: { id: { type: 'string' } } };
  const offer = (facts: object) => ({
    stream: { name: 'tags', primaryKey: ['a', 'b'], ...facts } as unknown as Stream,
    schema,
  });

  test('says how each stream can be read', () => {
    const key = { source_defined_primary_key: [['a'], ['b']] };
    expect(airbyteCatalog([offer({}), offer({ cursor: 'updated_at' })])).toEqual({
      streams: [
        { name: 'tags', json_schema: schema, supported_sync_modes: ['full_refresh'], ...key, is_resumable: false },
        {
          name: 'tags',
          json_schema: schema,
          supported_sync_modes: ['full_refresh', 'incremental'],
          source_defined_cursor: true,
          default_cursor_field: ['updated_at'],
          ...key,
          is_resumable: true,
        },
      ],
    });
  });

  test('without streams is a mistake', () => {
    expect(() => airbyteCatalog([])).toThrow('no stream');
  });
});
