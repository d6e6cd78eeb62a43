import { beforeEach, describe, expect, test } from '@jest/globals';
import { ApiError, type ApiFailure } from '../intercom/api.ts';
import { contextOf, NOW, type TestContext } from '../readers/testing/context.ts';
import type { Part } from './batch.ts';
import { breakOff, emit, finish } from './emit.ts';
import type { SyncEvent } from './events.ts';
import type { Member } from './member.ts';
import { memberOf, membersOf } from './testing/member.ts';

let now: number;
let context: TestContext;

beforeEach(() => {
  now = NOW;
  context = contextOf(() => ({}), { now: () => now });
});

const part = (member: Member, count = 0, more: Partial<Part> = {}): Part => ({
  member,
  rows: Array.from({ length: count }, (_, id) => ({ id })),
  sent: [],
  ...more,
});
const emitted = (given: Part, through?: number) => [...emit(given, through, context)];
const failed = (failure: ApiFailure) => new ApiError(failure, 'config', `Reading things: ${failure}`);

/** What went out, in short. */
function brief(events: Iterable<SyncEvent>): unknown[] {
  return [...events].map((event) => {
    switch (event.type) {
      case 'records':
        return event.records.length;
      case 'checkpoint':
        return { ...event.state, count: event.count };
      case 'stream_ended':
        return event.failure === undefined ? 'ended' : `ended: ${event.failure.message}`;
      case 'log':
        return `${event.level}: ${event.message}`;
      default:
        return event.type;
    }
  });
}

/** Drains a generator that throws in the end. */
function untilThrown(events: Iterable<SyncEvent>): { readonly sent: unknown[]; readonly thrown: unknown } {
  const sent: SyncEvent[] = [];
  try {
    for (const event of events) sent.push(event);
  } catch (thrown) {
    return { sent: brief(sent), thrown };
  }
  return { sent: brief(sent), thrown: undefined };
}

const CURSOR = 'updated_at';

describe('a part of a batch', () => {
  test('goes out as its shape has it, after word that the stream runs, which comes once', () => {
    const changes = new Map([[0, [{ field: 'name', reason: 'type' as const }]]]);
    const read = memberOf({
      shape: {
        schema: { type: 'object' },
        apply: (rows) => ({ records: rows.map((row) => ({ ...row, x: 1 })), changes }),
      },
    });
    expect([...emitted(part(read, 1)), ...emitted(part(read, 1))]).toEqual([
      { type: 'stream_running', stream: 'things' },
      { type: 'records', stream: 'things', records: [{ id: 0, x: 1 }], changes },
      { type: 'records', stream: 'things', records: [{ id: 0, x: 1 }], changes },
    ]);
    expect(read.total).toBe(2);
  });

  test('without rows says only that the stream runs', () => {
    const read = memberOf();
    expect(brief([...emitted(part(read), NOW), ...emitted(part(read), NOW + 1)])).toEqual(['stream_running']);
  });

  test('of a stream that ended does not go out', () => {
    const read = memberOf();
    read.ended = true;
    expect(emitted(part(read, 3), NOW)).toEqual([]);
  });
});

describe('a state', () => {
  test('follows the rows that it speaks for, and counts them, since the one before it', () => {
    const read = memberOf();
    const parts = [[2], [3, 100], [0, 101], [1], [1, 102]] as const;
    expect(brief(parts.flatMap(([count, through]) => emitted(part(read, count), through)))).toEqual([
      ...['stream_running', 2, 3, { [CURSOR]: 100, count: 5 }],
      ...[1, 1, { [CURSOR]: 102, count: 2 }],
    ]);
  });

  test('does not come for a promise that says no more than the one before it, nor less than what was saved', () => {
    const read = memberOf({ saved: 100 });
    expect(brief([99, 100, 101, 101].flatMap((through) => emitted(part(read, 1), through)))).toEqual([
      ...['stream_running', 1, 1, 1, { [CURSOR]: 101, count: 3 }, 1],
    ]);
  });

  test('names the rows that went out and that the next read will meet', () => {
    const read = memberOf();
    const sent = [{ id: 'a', value: 102, digest: 'd' }];
    expect(brief(emitted(part(read, 1, { sent }), 100))).toEqual([
      ...['stream_running', 1, { [CURSOR]: 100, sent: { a: '2.d' }, count: 1 }],
    ]);
  });

  test('of rows that go by their own dates says nothing of the promise about their parents', () => {
    const read = memberOf({ source: { dueBy: 'row', parents: 'all' }, saved: 50 });
    expect(brief([...emitted(part(read, 1), 100), ...emitted(part(read, 1), 200)])).toEqual(['stream_running', 1, 1]);
    now += 60;
    expect(brief(emitted(part(read, 1), 300))).toEqual([1, { [CURSOR]: 50, count: 3 }]);
  });

  test('comes once a minute from a stream that sends nothing, as it was', () => {
    const read = memberOf({ saved: 50 });
    const signs = [0, 59.999, 60, 61, 119.999, 120].map((passed) => {
      now = NOW + passed;
      return brief(emitted(part(read)));
    });
    const alive = (more: object) => [{ [CURSOR]: 50, ...more, count: 0 }];
    expect(signs).toEqual([['stream_running'], [], alive({}), [], [], alive({ rows: 0 })]);
  });

  test('that had a reason to come makes the minute begin again', () => {
    const read = memberOf();
    emitted(part(read));
    now += 50;
    expect(emitted(part(read, 1), 100).length).toBe(2);
    now += 59;
    expect(emitted(part(read))).toEqual([]);
    now += 1;
    expect(brief(emitted(part(read)))).toEqual([{ [CURSOR]: 100, rows: 1, count: 0 }]);
  });
});

describe('a stream whose rows cannot be made', () => {
  test('ends with the cause and the state that holds, whatever the page promises', () => {
    const read = memberOf({ saved: 50 });
    expect(brief(emitted(part(read, 2)))).toEqual(['stream_running', 2]);
    expect(brief(emitted(part(read, 0, { error: failed('no_permission') }), 100))).toEqual([
      { [CURSOR]: 50, count: 2 },
      'ended: Reading things: no_permission',
    ]);
    expect(emitted(part(read, 1), 200)).toEqual([]);
  });

  test('ends with the state again that it sent before', () => {
    const read = memberOf();
    emitted(part(read, 2), 100);
    expect(brief(emitted(part(read, 0, { error: failed('no_permission') }), 100))).toEqual([
      ...[{ [CURSOR]: 100, rows: 2, count: 0 }, 'ended: Reading things: no_permission'],
    ]);
  });

  test('says that it ran, too', () => {
    const error = new Error('It broke');
    expect(brief(emitted(part(memberOf({ saved: 50 }), 0, { error })))).toEqual([
      ...['stream_running', { [CURSOR]: 50, count: 0 }, expect.stringMatching(/^ended: .*It broke/)],
    ]);
  });

  test('because the token is refused stops everything', () => {
    const error = failed('bad_token');
    expect(() => emitted(part(memberOf(), 0, { error }))).toThrow(error);
  });

  test.each(['unavailable', 'gone'] as const)(
    'because the workspace lacks it (%s) ends well, and warned of',
    (failure) => {
      expect(brief(emitted(part(memberOf({ saved: 50 }), 0, { error: failed(failure) }), 100))).toEqual([
        'stream_running',
        expect.stringMatching(`warn: things: .* does not have it, .* Reading things: ${failure}`),
        { [CURSOR]: 50, count: 0 },
        'ended',
      ]);
    },
  );

  test.each(['unavailable', 'gone'] as const)(
    'for such a reason (%s) fails all the same once there were rows',
    (failure) => {
      const read = memberOf({ saved: 50 });
      emitted(part(read, 1));
      expect(brief(emitted(part(read, 0, { error: failed(failure) })))).toEqual([
        { [CURSOR]: 50, count: 1 },
        `ended: Reading things: ${failure}`,
      ]);
    },
  );
});

describe('a stream that has everything', () => {
  test('ends with the state of the last promise, also if nothing of it had come', () => {
    const read = memberOf();
    expect([...finish(read, 100)]).toEqual([
      { type: 'stream_running', stream: 'things' },
      { type: 'checkpoint', stream: 'things', state: { [CURSOR]: 100 }, count: 0 },
      { type: 'stream_ended', stream: 'things' },
    ]);
    expect(read.ended).toBe(true);
  });

  test.each([0, 3])('ends with a state although that says nothing new, and with the %i rows since the last', (more) => {
    const read = memberOf();
    emitted(part(read, 2), 100);
    emitted(part(read, more));
    expect(brief(finish(read, 100))).toEqual([{ [CURSOR]: 100, rows: 2 + more, count: more }, 'ended']);
  });

  test('and promises nothing keeps the state that it had', () => {
    expect(brief(finish(memberOf({ saved: 50 }), undefined))).toEqual([
      'stream_running',
      { [CURSOR]: 50, count: 0 },
      'ended',
    ]);
  });
});

describe('a walk that breaks off', () => {
  const broken = (error: unknown, members: Readonly<Record<string, Member>>) =>
    untilThrown(breakOff(Object.values(members), error, 100, context));

  test('leaves each stream that had not ended with its cause, and the state up to what is out', () => {
    const [done, walked, byOwnDates] = membersOf({
      done: {},
      walked: { saved: 50 },
      byOwnDates: { saved: 60, source: { dueBy: 'row', parents: 'all' } },
    });
    done!.ended = true;
    emitted(part(byOwnDates!, 2));
    const events = [...breakOff([done!, walked!, byOwnDates!], new Error('It broke'), 100, context)];
    expect(events.flatMap((event) => ('stream' in event ? [event.stream] : []))).toEqual([
      ...['walked', 'walked', 'walked', 'byOwnDates', 'byOwnDates'],
    ]);
    expect(brief(events)).toEqual([
      ...['stream_running', { [CURSOR]: 100, count: 0 }, expect.stringMatching(/^ended: .*It broke/)],
      ...[{ [CURSOR]: 60, count: 2 }, expect.stringMatching(/^ended: .*It broke/)],
    ]);
    expect([walked!.ended, byOwnDates!.ended]).toEqual([true, true]);
  });

  test.each(['unavailable', 'gone'] as const)(
    'before anything came of what the workspace lacks (%s) ends well',
    (failure) => {
      expect(broken(failed(failure), { a: memberOf({ saved: 50 }) })).toEqual({
        sent: [
          expect.stringMatching(`warn: things: .* does not have it, .* Reading things: ${failure}`),
          ...['stream_running', { [CURSOR]: 50, count: 0 }, 'ended'],
        ],
        thrown: undefined,
      });
    },
  );

  test.each(['unavailable', 'gone'] as const)(
    'for such a reason (%s) fails once anything had come, rows or not',
    (failure) => {
      const read = memberOf();
      emitted(part(read));
      expect(broken(failed(failure), { read })).toEqual({
        sent: [{ [CURSOR]: 100, count: 0 }, `ended: Reading things: ${failure}`],
        thrown: undefined,
      });
    },
  );

  test('because the token is refused ends its streams, then the read', () => {
    const error = failed('bad_token');
    expect(broken(error, { a: memberOf() })).toEqual({
      sent: ['stream_running', { [CURSOR]: 100, count: 0 }, 'ended: Reading things: bad_token'],
      thrown: error,
    });
  });

  test('because the read is stopped saves what is out, and blames no stream', () => {
    const read = memberOf();
    emitted(part(read, 2));
    context.stop.abort();
    const error = new Error('Stopped');
    expect(broken(error, { read })).toEqual({ sent: [{ [CURSOR]: 100, count: 2 }], thrown: error });
  });
});
