import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../core/json.ts';
import type { Request } from '../intercom/api.ts';
import { exact } from '../readers/figure.ts';
import type { Figure, Glance, RowContext } from '../readers/reader.ts';
import { contextOf } from '../readers/testing/context.ts';
import type { Member } from './member.ts';
import { prospect } from './prospect.ts';
import { about, least, part, recordsOf, whole } from './testing/glance.ts';
import { memberOf } from './testing/member.ts';
import { prospectOf, type Making } from './testing/prospect-of.ts';

type Make = (record: JsonObject, context: RowContext) => Promise<readonly object[]> | readonly object[];

function ask(path: string, query?: Request['query']): Request {
  return { method: 'GET', path, purpose: 'Reading', ...(query === undefined ? {} : { query }) };
}

/** A source whose rows `make` makes, asking Intercom for something. */
function asking(make: Make, more: Making = {}): Making {
  return { childEndpoint: 'GET /x/{id}', rows: make, ...more };
}

/** A source whose records hold so many rows in a field, or have to be asked for. */
function holding(more: Making = {}): Making {
  return asking(async ({ id, rows, cut }, { once, onCut }) => {
    if (typeof rows === 'number') return recordsOf(rows);
    if (typeof cut === 'number') onCut?.(cut);
    await once(ask(`/x/${String(id)}`));
    throw new Error('Nothing was to be asked');
  }, more);
}

describe('of records that something is asked for', () => {
  test.each<[string, Glance, Figure | undefined, Figure]>([
    ['one call for each, and unknown rows', whole(recordsOf(4)), undefined, exact(4)],
    ['one call for each that is counted', part(recordsOf(4), exact(100)), undefined, exact(100)],
    ['about one for each, if they are reckoned', part(recordsOf(4), about(100)), undefined, about(100)],
    ['none, and no rows, if there are none', whole([]), exact(0), exact(0)],
    ['at least one for each, if none was seen', part([], exact(100)), undefined, least(100)],
    ['nobody knows how many, if they are not counted', part(recordsOf(4)), undefined, least(0)],
  ])('a stream makes %s', async (_, glance, rows, calls) => {
    const found = await prospectOf(holding(), glance);
    expect(found).toEqual({ ...(rows === undefined ? {} : { rows }), calls });
  });

  test('a stream has as many rows as there are records, if each makes one', async () => {
    expect(await prospectOf(holding({ isOneRow: true }), part(recordsOf(4), exact(100)))).toEqual({
      rows: exact(100),
      calls: exact(100),
    });
  });

  test('a stream asks for those that are due, and no others', async () => {
    expect((await prospectOf(holding(), whole(recordsOf(10)), { saved: 8 })).calls).toEqual(exact(2));
  });

  test.each<[string, Glance, Figure, Figure]>([
    ['of all', whole([{ rows: 2 }, { rows: 5 }, {}]), about(13), exact(1)],
    ['of some', part([{ rows: 2 }, { rows: 4 }, {}, {}], exact(100)), about(400), about(50)],
  ])(
    'only where a list is cut, the cut ones %s are taken to be longer than any other',
    async (_, glance, rows, calls) => {
      const records = glance.records.map((record, index) => ({ id: String(index), ...record }));
      expect(await prospectOf(holding(), { ...glance, records })).toEqual({ rows, calls });
    },
  );

  test('only where a list is cut, rows are unknown if the others are empty', async () => {
    const records = [{ id: 'a', rows: 0 }, { id: 'b' }];
    expect(await prospectOf(holding(), whole(records))).toEqual({ calls: exact(1) });
  });

  test('rows are about as many as the records say that their lists have', async () => {
    const records = [
      { id: 'a', cut: 30 },
      { id: 'b', rows: 2 },
    ];
    expect(await prospectOf(holding(), whole(records))).toEqual({ rows: about(32), calls: exact(1) });
  });

  test('a list that comes in pages may take more calls than the first', async () => {
    const paged = asking(({ id }, { once }) => once(ask(`/x/${String(id)}`, { per_page: 50 })) as never);
    expect((await prospectOf(paged, whole(recordsOf(4)))).calls).toEqual(least(4));
  });

  test('a list that comes in pages where some records ask is reckoned', async () => {
    const paged = asking(({ id, rows }, { once }) =>
      rows === undefined ? (once(ask(`/x/${String(id)}`, { per_page: 50 })) as never) : [],
    );
    const records = recordsOf(4, (index) => (index === 0 ? {} : { rows: 0 }));
    expect((await prospectOf(paged, part(records, exact(100)))).calls).toEqual(about(25));
  });

  test('a stream makes the calls that each record asks for side by side, also those that are asked for a moment later', async () => {
    const two = asking(async ({ id }, { once, api, signal }) => {
      const later = async (): Promise<never> => {
        await Promise.resolve();
        return api.send(ask(`/y/${String(id)}`), signal) as never;
      };
      return Promise.all([once(ask(`/x/${String(id)}`)), later()]);
    });
    expect((await prospectOf(two, whole(recordsOf(3)))).calls).toEqual(exact(6));
  });

  test('a stream makes one call where a record asks for the same twice', async () => {
    const twice = asking(async ({ id }, { once }) =>
      Promise.all([once(ask(`/x/${String(id)}`)), once(ask(`/x/${String(id)}`, {})), once(ask('/z', { page: 2 }))]),
    );
    expect((await prospectOf(twice, whole(recordsOf(3)))).calls).toEqual(exact(6));
  });
});

describe('of several streams that ask for something of the same records', () => {
  const glance = part(recordsOf(4), exact(100));
  const asked = async (members: readonly Member[]): Promise<readonly Figure[]> => {
    const known = new Map<string, Set<string>>();
    const calls: Figure[] = [];
    for (const member of members)
      calls.push(
        (
          await prospect(
            member,
            glance,
            known,
            contextOf(() => ({})),
          )
        ).calls,
      );
    return calls;
  };

  test('the first makes the calls that the next would make as well', async () => {
    const [first, next] = [memberOf({ source: holding() }), memberOf({ source: holding() })];
    expect(await asked([first, next])).toEqual([exact(100), exact(0)]);
  });

  test('each makes those that no other makes', async () => {
    const other = asking(({ id }, { once }) => once(ask(`/x/${String(id)}`, { deep: true })) as never);
    expect(await asked([memberOf({ source: holding() }), memberOf({ source: other })])).toEqual([
      exact(100),
      exact(100),
    ]);
  });
});
