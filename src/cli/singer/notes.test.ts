import { expect, test } from '@jest/globals';
import type { Failure, SyncEvent } from '../../sync/events.ts';
import { Notes } from './notes.ts';

function notes() {
  const said: string[] = [];
  const clock = { time: 1_000_000, now: () => clock.time };
  return { said, clock, notes: new Notes((level, message) => said.push(`${level}: ${message}`), clock) };
}

const failure: Failure = { kind: 'transient', message: '503', cause: undefined };

function ended(more: Partial<Extract<SyncEvent, { type: 'stream_ended' }>> = {}): SyncEvent {
  return { type: 'stream_ended', stream: 'tags', ...more };
}

test('a wait is said once a minute, with how long it lasts', () => {
  const { notes: each, said, clock } = notes();
  for (let count = 0; count < 13; count++) {
    each.wait(clock.time + 2500);
    clock.time += 5000;
  }
  const line = 'info: Waiting 2.5 s for the rate limit of the workspace.';
  expect(said).toEqual([line, line]);
});

test('the end of a stream says how many rows it had, in the form of a metric', () => {
  const { notes: each, said } = notes();
  each.follow({ type: 'records', stream: 'tags', records: [{}, {}] });
  each.follow({ type: 'records', stream: 'teams', records: [{}] });
  each.follow({ type: 'records', stream: 'tags', records: [{}] });
  each.follow(ended());
  each.follow(ended({ stream: 'admins' }));
  const metric = (value: number, endpoint: string): string =>
    `info: METRIC: {"type":"counter","metric":"record_count","value":${value},"tags":{"endpoint":"${endpoint}"}}`;
  expect(said).toEqual([metric(3, 'tags'), metric(0, 'admins')]);
});

test('values that were sent as null are counted by column', () => {
  const { notes: each, said } = notes();
  const change = { field: 'name', reason: 'type' } as const;
  const changes = new Map([
    [0, [change, { ...change, field: 'id' }]],
    [1, [change]],
  ]);
  each.follow({ type: 'records', stream: 'tags', records: [{}, {}], changes });
  each.follow({ type: 'records', stream: 'tags', records: [{}], changes: new Map([[0, [change]]]) });
  each.follow(ended());
  expect(said.slice(0, -1)).toEqual([
    'warn: tags: 3 values of name are not of its type, and were sent as null.',
    'warn: tags: 1 values of id are not of its type, and were sent as null.',
  ]);
});

test('a failure is said for its stream; one that all share is said elsewhere', () => {
  const { notes: each, said } = notes();
  each.follow(ended({ failure }));
  expect(said.at(-1)).toBe('error: tags: 503');
  const before = said.length;
  each.follow(ended({ failure: { ...failure, isShared: true } }));
  expect(said.length).toBe(before);
});

test('what the read says is passed on, and what has messages of its own is not', () => {
  const { notes: each, said } = notes();
  each.follow({ type: 'log', level: 'warn', message: 'careful' });
  each.follow({ type: 'stream_started', stream: 'tags', schema: { type: 'object' } });
  each.follow({ type: 'checkpoint', stream: 'tags', state: {}, count: 0 });
  each.follow({ type: 'failed', failure });
  expect(said).toEqual(['warn: careful']);
});
