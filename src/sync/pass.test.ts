import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../intercom/api.ts';
import type { Page, WalkContext } from '../readers/reader.ts';
import { all, contextOf, NOW } from '../readers/testing/context.ts';
import type { SyncEvent } from './events.ts';
import { readPass, type Pass } from './pass.ts';
import { Tally } from './tally.ts';
import { membersOf, walking, type FakeMember } from './testing/member.ts';

interface Thing {
  readonly id: string;
  readonly updated_at?: number | null;
}

const things = (...values: readonly number[]): Thing[] =>
  values.map((value) => ({ id: String(value), updated_at: value }));
/** So many of them, from a second on, one in each. */
const row = (count: number, from = 1) => things(...Array.from({ length: count }, (_, index) => from + index));
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A pass over pages, and what its walk was asked. */
function reading(
  pages: readonly (Page<object> | Error)[],
  streams: Readonly<Record<string, FakeMember>>,
  { isAscending = true, ...more }: Partial<Pass> & { readonly isAscending?: boolean } = {},
) {
  const asked: WalkContext[] = [];
  const walk = { pulled: 0, isClosed: false };
  async function* read(wanted: WalkContext): AsyncGenerator<Page<object>> {
    asked.push(wanted);
    try {
      for (const page of pages) {
        await tick();
        if (page instanceof Error) throw page;
        walk.pulled++;
        yield page;
      }
    } finally {
      walk.isClosed = true;
    }
  }
  const source = walking(read, { ascending: isAscending });
  const context = contextOf(() => ({}));
  const members = membersOf(streams, source);
  const events = readPass({ walk: source.walk, members, tally: new Tally(), ...more }, context);
  return { events, asked, walk, context, members };
}

const makes = (rows: (record: Thing) => unknown): FakeMember => ({
  source: { childEndpoint: 'GET /things/{id}', rows: rows as never },
});
const asking = makes(({ id }) => [{ id }]);

/** What went out of one stream: how many rows, states, and how it ended. */
function brief(events: readonly SyncEvent[], name: string): string[] {
  return events.flatMap((event) => {
    if (!('stream' in event) || event.stream !== name) return [];
    if (event.type === 'records') return [`${event.records.length} rows`];
    if (event.type === 'checkpoint') return [`to ${String(event.state['updated_at'])}`];
    return event.type === 'stream_ended' ? [event.failure?.message ?? 'ended'] : [];
  });
}
const END = NOW - 600;

describe('a pass', () => {
  test('tells its streams and their looks before it asks for anything', async () => {
    const { events, asked } = reading([], { a: {}, b: {} });
    const told = [(await events.next()).value, (await events.next()).value];
    expect(told).toEqual(
      ['a', 'b'].map((name) => ({ type: 'stream_started', stream: name, schema: { type: 'object', title: name } })),
    );
    expect(asked).toEqual([]);
  });

  test('asks once for what its streams want together', async () => {
    const filters = [{ field: 'role', operator: '=', value: 'user' }] as const;
    const { events, asked } = reading([], {
      a: { saved: 100, filters, source: { query: { x: true } } },
      b: { saved: 200, source: { query: { y: 1 }, parents: 'all', dueBy: 'row' } },
    });
    await all(events);
    expect(asked.map(({ wants, query }) => ({ wants, query }))).toEqual([
      {
        wants: [
          { since: 100, filters },
          { since: undefined, filters: [] },
        ],
        query: { x: true, y: 1 },
      },
    ]);
    expect(asked[0]).not.toHaveProperty('orderBy');
  });

  test('asks in the order of creation if it is to', async () => {
    const { events, asked } = reading([], { a: {} }, { orderBy: 'created_at' });
    await all(events);
    expect(asked[0]).toMatchObject({ orderBy: 'created_at' });
  });

  test('brings each stream what is due to it of every page, and a state behind it', async () => {
    const pages = [
      { records: row(3), through: 3 },
      { records: row(2, 4), through: 5 },
      { records: [], through: END },
    ];
    const events = await all(reading(pages, { a: {}, b: { saved: 3 } }).events);
    expect(brief(events, 'a')).toEqual(['3 rows', 'to 3', '2 rows', 'to 5', `to ${END}`, 'ended']);
    expect(brief(events, 'b')).toEqual(['1 rows', '2 rows', 'to 5', `to ${END}`, 'ended']);
  });

  test('tells how much there will be before the first rows, once', async () => {
    const pages = [1, 2].map((id) => ({ records: things(id), total: 2 }));
    const types = (await all(reading(pages, { a: {} }).events)).map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual(['stream_started', 'estimate', 'stream_running', 'records']);
    expect(types.filter((type) => type === 'estimate').length).toBe(1);
  });
});

describe('at its end a pass promises', () => {
  const byOwnDates: FakeMember = { source: { parents: 'all', dueBy: 'row', rows: () => [] } };
  const pages = [{ records: row(2), through: 2 }, { records: row(1, 3) }];

  test('what an ordered walk promised last; for rows by their own dates, the moment of its beginning', async () => {
    const events = await all(reading(pages, { a: {}, b: byOwnDates }).events);
    expect(brief(events, 'a')).toEqual(['2 rows', 'to 2', '1 rows', 'to 2', 'ended']);
    expect(brief(events, 'b')).toEqual([`to ${END}`, 'ended']);
  });

  test('the moment of its beginning where the walk has no order', async () => {
    const unordered = reading([{ records: things(9, 5) }, { records: things(7) }], { a: {} }, { isAscending: false });
    expect(brief(await all(unordered.events), 'a')).toEqual(['2 rows', '1 rows', `to ${END}`, 'ended']);
  });

  test.each([{}, asking])('nothing, and says so, where fewer came than Intercom counts', async (stream) => {
    const partial = [{ records: row(2) }, { records: row(30), isPartial: true as const }, { records: row(1, 50) }];
    const events = await all(reading(partial, { a: { saved: 1, ...stream }, b: {} }).events);
    expect(brief(events, 'a').slice(-2)).toEqual(['to 1', 'ended']);
    expect(events.filter(({ type }) => type === 'log')).toEqual([
      { type: 'log', level: 'warn', message: expect.stringMatching(/^a, b: fewer records came/) as unknown },
    ]);
  });
});

describe('a stream that asks something for each record', () => {
  test('sends rows and states in small steps, and so do those beside it', async () => {
    const { events } = reading(
      [
        { records: row(45), through: 45 },
        { records: [], through: END },
      ],
      { asking, other: {} },
    );
    const steps = ['20 rows', 'to 20', '20 rows', 'to 40', '5 rows', 'to 45', `to ${END}`, 'ended'];
    const seen = await all(events);
    expect([brief(seen, 'asking'), brief(seen, 'other')]).toEqual([steps, steps]);
  });

  test.each([
    [19, ['19']],
    [20, ['20']],
    [21, ['20', '1']],
    [40, ['20', '20']],
  ])('takes %i records in steps of %j', async (count, steps) => {
    const seen = brief(await all(reading([{ records: row(count) }], { asking }).events), 'asking');
    expect(seen.filter((each) => each.endsWith('rows'))).toEqual(steps.map((each) => `${each} rows`));
  });

  test('alone makes the steps small', async () => {
    const seen = brief(await all(reading([{ records: row(45), through: 45 }], { other: {} }).events), 'other');
    expect(seen).toEqual(['45 rows', 'to 45', 'to 45', 'ended']);
  });

  test('promises nothing that its page does not, neither more nor earlier', async () => {
    const pages = [{ records: row(25) }, { records: row(45, 26), through: 50 }];
    expect(brief(await all(reading(pages, { asking }).events), 'asking')).toEqual([
      ...['20 rows', '5 rows', '20 rows', 'to 45', '20 rows', 'to 50', '5 rows', 'to 50', 'ended'],
    ]);
  });

  test.each([NOW + 1e7, null])(
    'goes by no time that is wrong (%p): what stands behind it is not out yet',
    async (wrong) => {
      const records = row(45).map((record) => (record.id === '20' ? { ...record, updated_at: wrong } : record));
      const seen = brief(await all(reading([{ records, through: 45 }], { asking }).events), 'asking');
      expect(seen.slice(0, 4)).toEqual(['20 rows', 'to 19', '20 rows', 'to 40']);
    },
  );

  test('is asked ahead, and no further than five steps beyond the one that goes out', async () => {
    const started: string[] = [];
    const slowly = async ({ id }: Thing) => {
      started.push(id);
      for (let wait = 0; wait < 20; wait++) await tick();
      return [{ id }];
    };
    const pages = Array.from({ length: 50 }, (_, page) => ({ records: row(20, 20 * page) }));
    for await (const { type } of reading(pages, { a: makes(slowly), b: {} }).events) if (type === 'records') break;
    expect(started.length).toBe(6 * 20);
  });
});

test('without such a stream, a single page is prepared beyond the one that goes out', async () => {
  const { events, walk } = reading(
    Array.from({ length: 50 }, (_, page) => ({ records: row(20, 20 * page) })),
    { a: {} },
  );
  for await (const { type } of events) {
    if (type !== 'records') continue;
    for (let wait = 0; wait < 20; wait++) await tick();
    break;
  }
  expect(walk).toEqual({ pulled: 2, isClosed: true });
});

describe('a stream that fails', () => {
  const refused = new ApiError('no_permission', 'config', 'May not');
  const pages = [
    { records: row(3), through: 3 },
    { records: row(3, 4), through: 6 },
    { records: row(3, 7), through: 9 },
  ];
  const failing = (after: number) => makes(({ id }) => (Number(id) > after ? Promise.reject(refused) : [{ id }]));

  test('leaves with the state of what it sent, and the others go on', async () => {
    const events = await all(reading(pages, { a: failing(4), b: {} }).events);
    expect(brief(events, 'a')).toEqual(['3 rows', 'to 3', 'to 3', 'May not']);
    expect(brief(events, 'b')).toEqual(['3 rows', 'to 3', '3 rows', 'to 6', '3 rows', 'to 9', 'to 9', 'ended']);
  });

  test('ends the walk if it was the last', async () => {
    const many = Array.from({ length: 50 }, (_, page) => ({ records: things(page) }));
    const { events, walk } = reading(many, { a: failing(-1), b: failing(2) });
    const seen = await all(events);
    expect([brief(seen, 'a').at(-1), brief(seen, 'b').at(-1)]).toEqual(['May not', 'May not']);
    expect(walk.pulled).toBeLessThan(20);
    expect(walk.isClosed).toBe(true);
  });
});

describe('a walk that breaks', () => {
  test('has sent what came before, and saved it', async () => {
    const pages = [{ records: row(3), through: 3 }, { records: row(2, 4) }, new Error('It broke')];
    const { events, members } = reading(pages, { a: {}, b: { saved: 2 } });
    const seen = await all(events);
    expect(brief(seen, 'a')).toEqual(['3 rows', 'to 3', '2 rows', 'to 3', expect.stringMatching('It broke')]);
    expect(brief(seen, 'b')).toEqual(['2 rows', 'to 3', '2 rows', 'to 3', expect.stringMatching('It broke')]);
    expect(members.map(({ ended }) => ended)).toEqual([true, true]);
  });

  test('ends the read if the token is refused', async () => {
    const error = new ApiError('bad_token', 'config', '401');
    await expect(all(reading([error], { a: {} }).events)).rejects.toBe(error);
  });
});

test('no state passes a row that has not gone out, and every row goes out once, whatever times records show', async () => {
  const shown = fc.constantFrom<'right' | 'none' | 'future'>('right', 'right', 'right', 'none', 'future');
  const options = fc.record({
    looks: fc.array(shown, { maxLength: 130, size: 'max' }),
    size: fc.integer({ min: 1, max: 65 }),
    breaksAt: fc.option(fc.nat({ max: 4 }), { nil: Infinity }),
    failsAt: fc.option(fc.nat({ max: 130 }), { nil: Infinity }),
    isAsking: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(options, async ({ looks, size, breaksAt, failsAt, isAsking }) => {
      const records = looks.map((look, index): Thing => {
        const time = { right: index + 1, none: null, future: NOW + 1e7 }[look];
        return { id: String(index + 1), updated_at: time };
      });
      const pages: (Page<object> | Error)[] = [];
      for (let start = 0; start < records.length; start += size) {
        const page = records.slice(start, start + size);
        const through = page.map(({ updated_at }) => updated_at).findLast((time) => time != null && time < NOW);
        pages.push(through == null ? { records: page } : { records: page, through });
      }
      const isBroken = breaksAt < pages.length;
      if (isBroken) pages.splice(breaksAt, 0, new Error('It broke'));
      const failing = makes(({ id }) => (Number(id) === failsAt ? Promise.reject(new Error('It failed')) : [{ id }]));
      const { events } = reading(pages, { a: isAsking ? failing : {}, b: {} });
      const out = { a: 0, b: 0 };
      const counted = { a: 0, b: 0 };
      for await (const event of events) {
        if (event.type === 'records')
          for (const { id } of event.records as Thing[]) expect(id).toBe(String(++out[event.stream as 'a' | 'b']));
        if (event.type !== 'checkpoint') continue;
        const name = event.stream as 'a' | 'b';
        counted[name] += event.count;
        expect(counted[name]).toBe(out[name]);
        const promised = Math.min(Number(event.state['updated_at'] ?? 0), records.length + 1);
        expect(out[name]).toBeGreaterThanOrEqual(promised - 1);
      }
      expect(counted).toEqual(out);
      if (!isBroken) expect(out.b).toBe(records.length);
    }),
    { numRuns: Number(process.env['RUNS'] ?? 60) },
  );
});
