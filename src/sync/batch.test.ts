import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../intercom/api.ts';
import type { RowContext, Source } from '../readers/reader.ts';
import { contextOf, NOW } from '../readers/testing/context.ts';
import { prepareBatch, type Part } from './batch.ts';
import { memberOf, membersOf, type FakeMember } from './testing/member.ts';

interface Thing {
  readonly id: string;
  readonly updated_at?: number;
}

const thing = (id: string, updated_at = NOW - 5000): Thing => ({ id, updated_at });
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
const ids = ({ rows }: Part) => (rows as readonly Thing[]).map(({ id }) => id);
const context = contextOf(() => ({}));

/** A source that asks something for each record. */
function asking(rows: (record: Thing, context: RowContext) => unknown, more: Partial<Source<object>> = {}): FakeMember {
  return { source: { childEndpoint: 'GET /things/{id}', rows: rows as NonNullable<Source<object>['rows']>, ...more } };
}

describe('of a page, every member', () => {
  test('takes what is due by its own state and conditions, in the order in which it came', async () => {
    const members = membersOf({
      all: {},
      later: { saved: 200 },
      b: { filters: [{ field: 'id', operator: '=', value: 'b' }] },
      doubled: { source: { rows: ({ id }: Thing) => [{ id: `${id}1` }, { id: `${id}2` }] } },
    });
    const page = { records: [thing('c', 300), thing('a', 100), thing('b', 200)] };
    const { parts } = await prepareBatch(page, members, context);
    expect(parts.map((part) => [part.member.name, ids(part), part.error])).toEqual([
      ['all', ['c', 'a', 'b'], undefined],
      ['later', ['c', 'b'], undefined],
      ['b', ['b'], undefined],
      ['doubled', ['c1', 'c2', 'a1', 'a2', 'b1', 'b2'], undefined],
    ]);
  });

  test('takes no part once it has ended, and asks for nothing', async () => {
    const members = membersOf({ a: asking(() => Promise.reject(new Error('Asked'))), b: {} });
    members[0]!.ended = true;
    const { parts } = await prepareBatch({ records: [thing('a')] }, members, context);
    expect(parts.map((part) => [part.member.name, part.error])).toEqual([['b', undefined]]);
  });

  test('gets its rows in the order of the records, however long each takes', async () => {
    const slowly = async ({ id }: Thing) => {
      for (let wait = 9 - Number(id); wait > 0; wait--) await tick();
      return [{ id }];
    };
    const [part] = (
      await prepareBatch({ records: [1, 2, 3].map((id) => thing(`${id}`)) }, [memberOf(asking(slowly))], context)
    ).parts;
    expect(ids(part!)).toEqual(['1', '2', '3']);
  });

  test.each([{}, { through: 7 }, { through: 7, isPartial: true as const }])(
    'hears what the page promises: %j',
    async (page) => {
      const { through, isPartial } = await prepareBatch({ records: [], ...page }, [memberOf()], context);
      expect([through, isPartial]).toEqual([page.through, page.isPartial === true]);
    },
  );

  test('shares with the others what they ask for as well, as long as the batch lasts', async () => {
    const asked = contextOf(({ path }) => ({ path }));
    const ask = async ({ id }: Thing, { once }: RowContext) => [
      await once({ method: 'GET', path: `/things/${id}`, purpose: '' }),
    ];
    const members = membersOf({ details: asking(ask), parts: asking(ask) });
    const { parts } = await prepareBatch({ records: [thing('a'), thing('b')] }, members, asked);
    expect(parts.map(({ rows }) => rows)).toEqual([1, 2].map(() => [{ path: '/things/a' }, { path: '/things/b' }]));
    expect(asked.requests.map(({ path }) => path)).toEqual(['/things/a', '/things/b']);
    await prepareBatch({ records: [thing('a')] }, members, asked);
    expect(asked.requests.length).toBe(3);
  });
});

describe('to be remembered are', () => {
  const noted = ({ sent }: Part) => sent.map(({ id, value }) => [id, value]);
  const times = [NOW - 700, NOW - 601, NOW - 600, NOW - 10];
  const records = [...times.map((time) => thing(String(time), time)), { id: 'none' }];

  test.each([
    ['records that the promise does not pass', { through: NOW - 601 }, [NOW - 601, NOW - 600, NOW - 10]],
    ['without a promise, records that the end of the walk will not pass', {}, [NOW - 600, NOW - 10]],
  ])('%s', async (_, page, kept) => {
    const [part] = (await prepareBatch({ records, ...page }, [memberOf()], context)).parts;
    expect(ids(part!)).toEqual(records.map(({ id }) => id));
    expect(noted(part!)).toEqual(kept.map((time) => [String(time), time]));
  });

  test('records, not what is made of them', async () => {
    const read = memberOf({ source: { rows: ({ id }: Thing) => [{ id: `${id}1` }, { id: `${id}2` }] } });
    const [part] = (await prepareBatch({ records: [thing('a', NOW)] }, [read], context)).parts;
    expect(noted(part!)).toEqual([['a', NOW]]);
  });

  test.each(['transient', 'gone'] as const)(
    'no records that were left out (%s): the next read tries them again',
    async (failure) => {
      const rows = ({ id }: Thing) => {
        if (id === 'b') throw new ApiError(failure, 'transient', 'Not now');
        return [{ id }];
      };
      const made = asking(rows, { skipFailed: () => true });
      const page = { records: ['a', 'b', 'c'].map((id) => thing(id, NOW)), through: NOW - 600 };
      const read = memberOf(made);
      const [part] = (await prepareBatch(page, [read], context)).parts;
      read.remember(part!.sent);
      const next = memberOf({ ...made, saved: NOW - 600, state: read.checkpoint(NOW - 600, true)! });
      expect([ids(part!), page.records.filter((record) => next.wants({ ...record })).map(({ id }) => id)]).toEqual([
        ['a', 'c'],
        ['b'],
      ]);
    },
  );

  test('rows that go by their own dates, whatever the page promises of its records', async () => {
    const read = memberOf({ source: { dueBy: 'row', parents: 'all', rows: () => records } });
    const [part] = (await prepareBatch({ records: [thing('a', 0)], through: NOW - 650 }, [read], context)).parts;
    expect(noted(part!)).toEqual([NOW - 600, NOW - 10].map((time) => [String(time), time]));
  });
});

describe('rows that go by their own dates', () => {
  const own: Partial<Source<object>> = { dueBy: 'row', parents: 'all' };
  const since = NOW - 3000;

  test('are asked for of every record, from the saved second on; what is older, or went out, stays behind', async () => {
    const first = memberOf({ ...asking(() => [thing('b', since + 1)], own), saved: since });
    const [before] = (await prepareBatch({ records: [thing('p', 0)] }, [first], { ...context, startedAt: since }))
      .parts;
    first.remember(before!.sent);
    const asked: unknown[] = [];
    const make = (_: Thing, { since }: RowContext) => {
      asked.push(since);
      return [thing('a', since! - 1), thing('b', since! + 1), thing('c', since), { id: 'd' }];
    };
    const next = memberOf({ ...asking(make, own), saved: since, state: first.checkpoint(since, true)! });
    const [part] = (await prepareBatch({ records: [thing('p', 0)] }, [next], context)).parts;
    expect(ids(part!)).toEqual(['c', 'd']);
    expect(asked).toEqual([since]);
  });

  test('alone are asked for from a second on: those of a record that changed all belong to it', async () => {
    const asked: unknown[] = [];
    const read = memberOf({ ...asking((_, { since }) => asked.push(since) && []), saved: since });
    await prepareBatch({ records: [thing('p')], through: NOW }, [read], context);
    await prepareBatch({ records: [thing('p', NOW)], through: NOW }, [read], context);
    expect(asked).toEqual([undefined]);
  });
});

describe('the first record that a stream asks something for', () => {
  const records = ['a', 'b', 'c'].map((id) => thing(id));
  const held = () => {
    const started: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const rows = async ({ id }: Thing) => {
      started.push(id);
      if (started.length === 1) await promise;
      return [{ id }];
    };
    return { read: memberOf(asking(rows)), started, resolve, reject };
  };

  test('is tried alone, and the others of its batch and the next wait for it', async () => {
    const { read, started, resolve } = held();
    const batches = [records.slice(0, 2), records.slice(2)].map((each) =>
      prepareBatch({ records: each }, [read], context),
    );
    for (let wait = 0; wait < 5; wait++) await tick();
    expect(started).toEqual(['a']);
    resolve(undefined);
    const prepared = await Promise.all(batches);
    expect(prepared.map(({ parts }) => ids(parts[0]!))).toEqual([['a', 'b'], ['c']]);
    expect(started.toSorted()).toEqual(['a', 'b', 'c']);
  });

  test('costs one call where it is refused, in the batches after it too', async () => {
    const { read, started, reject } = held();
    const refused = new ApiError('no_permission', 'config', 'May not');
    const batches = [records.slice(0, 2), records.slice(2)].map((each) =>
      prepareBatch({ records: each }, [read], context),
    );
    reject(refused);
    const prepared = await Promise.all(batches);
    expect(prepared.map(({ parts }) => [parts[0]!.rows, parts[0]!.sent, parts[0]!.error])).toEqual([
      [[], [], refused],
      [[], [], refused],
    ]);
    expect(started).toEqual(['a']);
  });

  test('is the first that is due', async () => {
    const { read, started, resolve } = held();
    const [none] = (await prepareBatch({ records: [] }, [read], context)).parts;
    expect([none!.error, started]).toEqual([undefined, []]);
    const batch = prepareBatch({ records }, [read], context);
    await tick();
    expect(started).toEqual(['a']);
    resolve(undefined);
    expect(ids((await batch).parts[0]!)).toEqual(['a', 'b', 'c']);
  });

  test('does not hold up rows that are made without asking', async () => {
    const started: string[] = [];
    const rows = async ({ id }: Thing) => {
      started.push(id);
      await tick();
      return [{ id }];
    };
    const read = memberOf({ source: { rows } });
    const batch = prepareBatch({ records }, [read], context);
    expect(started).toEqual(['a', 'b', 'c']);
    expect(ids((await batch).parts[0]!)).toEqual(['a', 'b', 'c']);
  });
});

describe('a failure', () => {
  const details = { status: 500, code: 'server_error', cause: new Error('Why') };
  const transient = new ApiError('transient', 'transient', 'Reading parts: 500.', details);
  const failing = async (error: Error, more: Partial<Source<object>> = {}, record: object = thing('b')) => {
    const told = contextOf(() => ({}));
    const rows = (each: Thing) => {
      if (each === record) throw error;
      return [{ id: each.id }];
    };
    const members = membersOf({ parts: asking(rows, more), others: {} });
    const { parts } = await prepareBatch({ records: [thing('a'), record, thing('c')] }, members, told);
    expect(parts[1]!.rows.length).toBe(3);
    return { ...parts[0]!, skipped: told.skipped, logged: told.logged };
  };
  const skipping = { skipFailed: () => true };
  const stopping = { skipFailed: () => false };

  test.each([{}, skipping, stopping])(
    'of a record that is gone since it was listed leaves it out, by name',
    async (more) => {
      const part = await failing(new ApiError('gone', 'system', '404'), more);
      expect(ids(part)).toEqual(['a', 'c']);
      expect([part.error, part.skipped, part.logged]).toEqual([
        undefined,
        ['parts: deleted since it was listed: b'],
        [],
      ]);
    },
  );

  test('that the user allows to leave out is told with its cause', async () => {
    const part = await failing(transient, skipping);
    expect(ids(part)).toEqual(['a', 'c']);
    expect([part.error, part.skipped]).toEqual([undefined, ['parts: left out because it failed: b']]);
    expect(part.logged).toEqual([expect.stringMatching(/parts: left out b, .*Reading parts: 500\./)]);
  });

  test.each(['bad_token', 'no_permission'] as const)('of the token (%s) is none of a record', async (failure) => {
    const error = new ApiError(failure, 'config', '401');
    const part = await failing(error, skipping);
    expect(part).toMatchObject({ rows: [], sent: [], skipped: [], logged: [] });
    expect(part.error).toBe(error);
  });

  test('that the user might allow to leave out says for which conversation, and how', async () => {
    const part = await failing(transient, stopping);
    expect(part).toMatchObject({ rows: [], sent: [], skipped: [], logged: [] });
    expect(part.error).toBeInstanceOf(ApiError);
    expect(part.error).toMatchObject({
      failure: 'transient',
      kind: 'transient',
      ...details,
      message: expect.stringMatching(
        /^Reading parts: 500\. It was conversation b; set skip_failed_conversations /,
      ) as unknown,
    });
  });

  test.each([
    [thing('b'), 'It was the record b.'],
    [{ updated_at: NOW - 5000 }, 'It was the record without an id.'],
  ])('that nobody expected says for which record', async (record, where) => {
    const error = new ApiError('unexpected', 'system', 'Reading parts: no JSON.');
    const part = await failing(error, {}, record);
    expect(part.error).toMatchObject({ failure: 'unexpected', message: `Reading parts: no JSON. ${where}` });
  });

  test.each<[string, Error, Partial<Source<object>>]>([
    ['that no record is to blame for', transient, {}],
    ['that the user has to mend', new ApiError('refused', 'config', 'Reading parts: 400.'), stopping],
    ['of our own', new Error('Broken'), skipping],
  ])('%s stays as it is', async (_, error, more) => {
    const part = await failing(error, more);
    expect(part.error).toBe(error);
    expect(part.skipped).toEqual([]);
  });
});
