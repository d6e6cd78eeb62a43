import { describe, expect, test } from '@jest/globals';
import { exact } from '../readers/figure.ts';
import type { Figure, Glance, RowContext } from '../readers/reader.ts';
import { contextOf, NOW } from '../readers/testing/context.ts';
import { prospect } from './prospect.ts';
import { about, least, part, recordsOf, whole } from './testing/glance.ts';
import { memberOf } from './testing/member.ts';
import { prospectOf, type Making } from './testing/prospect-of.ts';

describe('of records that are the rows', () => {
  const since5 = { saved: 5 };

  test.each<[string, Glance, { readonly saved?: number }, Figure | undefined]>([
    ['all, if all were seen and are due', whole(recordsOf(7)), {}, exact(7)],
    ['those that are due, if all were seen', whole(recordsOf(7)), since5, exact(2)],
    ['none, if there are none', whole([]), {}, exact(0)],
    ['as many as are counted, if what was seen is due', part(recordsOf(7), exact(300)), {}, exact(300)],
    ['about as many as are reckoned, if what was seen is due', part(recordsOf(7), about(300)), {}, about(300)],
    ['a part, if of what was seen a part is due', part(recordsOf(10), exact(300)), since5, about(150)],
    ['at least a part, if there are at least so many', part(recordsOf(10), least(300)), since5, least(150)],
    ['as many as are counted, if none was seen', part([], exact(300)), {}, exact(300)],
    ['unknown, if nobody counts them', part(recordsOf(7)), {}, undefined],
    ['unknown, if nobody counts them and a part is due', part(recordsOf(10)), since5, undefined],
  ])('a stream has %s, and makes no calls of its own', async (_, glance, options, rows) => {
    const found = await prospectOf({}, glance, options);
    expect(found).toEqual({ ...(rows === undefined ? {} : { rows }), calls: exact(0) });
  });
});

describe('of records that rows are made from without asking', () => {
  const made: Making = { rows: ({ rows }: { readonly rows: number }) => recordsOf(rows) };

  test.each<[string, Glance, Figure | undefined]>([
    ['the rows of all, if all were seen', whole(recordsOf(4, (index) => ({ rows: index }))), exact(6)],
    ['none, if all were seen and have none', whole(recordsOf(4, () => ({ rows: 0 }))), exact(0)],
    [
      'about so many for each, if some were seen',
      part(
        recordsOf(4, () => ({ rows: 3 })),
        exact(100),
      ),
      about(300),
    ],
    [
      'about none, if those that were seen have none',
      part(
        recordsOf(4, () => ({ rows: 0 })),
        exact(100),
      ),
      about(0),
    ],
    ['none, if there are no records', part([], exact(0)), exact(0)],
    ['unknown, if none was seen', part([], exact(100)), undefined],
    ['unknown, if nobody counts the records', part(recordsOf(4, () => ({ rows: 3 }))), undefined],
  ])('a stream has %s, and makes no calls of its own', async (_, glance, rows) => {
    const found = await prospectOf(made, glance);
    expect(found).toEqual({ ...(rows === undefined ? {} : { rows }), calls: exact(0) });
  });

  test('a stream has as many as there are records, if each makes one', async () => {
    const one = { ...made, isOneRow: true };
    expect(
      (
        await prospectOf(
          one,
          part(
            recordsOf(4, () => ({ rows: 0 })),
            exact(100),
          ),
        )
      ).rows,
    ).toEqual(exact(100));
  });

  test('a stream has those of records that are due', async () => {
    const glance = whole(recordsOf(10, () => ({ rows: 3 })));
    expect((await prospectOf(made, glance, { saved: 8 })).rows).toEqual(exact(6));
  });
});

describe('what rows are made with', () => {
  const seen = async (more: Making): Promise<RowContext> => {
    const contexts: RowContext[] = [];
    const source: Making = {
      ...more,
      rows: (_: object, context) => {
        context.skip('left out', 'a');
        context.log('warn', 'left out');
        contexts.push(context);
        return [];
      },
    };
    const context = contextOf(() => ({}));
    await prospect(memberOf({ source, saved: NOW - 5 }), whole([{ id: 'a', updated_at: NOW }]), new Map(), context);
    expect([context.skipped, context.logged]).toEqual([[], []]);
    return contexts[0]!;
  };

  test('tells from when on rows that go by their own dates are wanted, and says nothing to people', async () => {
    expect((await seen({ dueBy: 'row' })).since).toBe(NOW - 5);
    expect((await seen({ dueBy: 'walked' })).since).toBeUndefined();
  });

  test('that breaks, breaks the prospect: it is no answer that was not asked for', async () => {
    const broken = () => {
      throw new TypeError('Broken');
    };
    await expect(prospectOf({ rows: broken }, whole(recordsOf(1)))).rejects.toThrow('Broken');
  });
});
