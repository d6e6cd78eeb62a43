import { describe, expect, test } from '@jest/globals';
import { omit } from '../core/json.ts';
import type { Schemas } from '../generated/schemas.ts';
import { ApiError } from '../intercom/api.ts';
import { sum } from '../readers/figure.ts';
import { exact } from '../readers/figure.ts';
import type { Filter, Source, WalkContext } from '../readers/reader.ts';
import { NOW } from '../readers/testing/context.ts';
import type { Selected } from './enrol.ts';
import type { Plan } from './plan.ts';
import { about, least, part, recordsOf, whole } from './testing/glance.ts';
import { glancing, planning, selectedOf, type PlanSetting } from './testing/planning.ts';

async function streamsOf(selected: readonly Selected[], setting: PlanSetting = {}): Promise<Plan['streams']> {
  return (await planning(selected, setting).planned()).streams;
}

/** A condition whose value is looked up in a list of Intercom's. */
function lookedUp(path: string): Partial<Source<object>> {
  const tagged = async ({
    directory,
  }: {
    readonly directory: WalkContext['directory'];
  }): Promise<readonly Filter[]> => {
    await directory.resolve(path as 'tags', ['a']);
    return [];
  };
  return { filters: [tagged] };
}

describe('a plan', () => {
  test('tries the token, and counts that', async () => {
    const { planned, requests } = planning([]);
    expect(await planned()).toEqual({ streams: [], calls: exact(1), limit: undefined });
    expect(requests.map(({ path }) => path)).toEqual(['/me']);
  });

  test('of a token that is refused is none', async () => {
    const refused = new ApiError('bad_token', 'config', 'Refused');
    await expect(planning([], { answer: () => Promise.reject(refused) }).planned()).rejects.toBe(refused);
  });

  test('tells what may be sent', async () => {
    const limit = { perMinute: 1000, left: 900 };
    expect((await planning([], { limit }).planned()).limit).toBe(limit);
  });

  test('names streams in the order in which they were chosen, whatever comes first in a read', async () => {
    const costly = { ...glancing(() => whole([])).walked, childEndpoint: 'GET /y', childCalls: 'each' } as const;
    const selected = [selectedOf('contacts', costly), selectedOf('tags', glancing(() => whole([])).walked)];
    expect((await streamsOf(selected)).map(({ stream }) => stream)).toEqual(['contacts', 'tags']);
  });

  test('says rows and calls of each stream, and of all calls the sum', async () => {
    const tags = selectedOf('tags', glancing(() => whole(recordsOf(3))).walked);
    const rest = { ...part(recordsOf(3), about(500)), calls: about(4) };
    const contacts = selectedOf('contacts', glancing(() => rest).walked);
    const { planned } = planning([tags, contacts]);
    expect(await planned()).toEqual({
      streams: [
        { stream: 'tags', rows: exact(3), calls: exact(1) },
        { stream: 'contacts', rows: about(500), calls: about(4) },
      ],
      calls: about(1 + 1 + 4),
      limit: undefined,
    });
  });

  test('says of a walk that cannot be looked at that it takes a call at least, and of its rows nothing', async () => {
    const { walked } = glancing(() => whole([]));
    const blind = { ...walked, walk: omit(walked.walk, 'glance') };
    expect(await streamsOf([selectedOf('tags', blind)])).toEqual([{ stream: 'tags', calls: least(1) }]);
  });

  test('counts what the columns of all streams cost before any is read', async () => {
    const contacts = selectedOf('contacts', glancing(() => whole([])).walked);
    const { planned } = planning([{ ...contacts, stream: { ...contacts.stream, attributes: 'contact' } }], {
      config: { expand: ['custom_attributes'] },
    });
    const { streams, calls } = await planned();
    expect(calls).toEqual(sum([exact(2), ...streams.map((each) => each.calls)]));
  });

  test('looks as a read of this moment would', async () => {
    const { walked, looks } = glancing(({ skip }) => {
      skip('left out', 'a');
      return whole([]);
    });
    await streamsOf([selectedOf('tags', walked, { since: 100 })]);
    expect(looks).toMatchObject([{ startedAt: NOW, wants: [{ since: 100, filters: [] }] }]);
    expect(looks[0]).not.toHaveProperty('orderBy');
  });

  test('looks by creation where the read goes so', async () => {
    const { walked, looks } = glancing(() => whole([]));
    await streamsOf([selectedOf('tags', walked, { isIncremental: false })], { config: { order_by: 'created_at' } });
    expect(looks).toMatchObject([{ orderBy: 'created_at' }]);
  });
});

describe('what is asked for once', () => {
  test('counts for the first stream of the pass that needs it, beside the pages', async () => {
    const { walked } = glancing(async ({ once }) => {
      await once({ method: 'GET', path: '/first', purpose: '' });
      return whole(recordsOf(2));
    });
    const selected = [selectedOf('tags', { ...walked, ...lookedUp('tags') }), selectedOf('contacts', walked)];
    expect((await streamsOf(selected)).map(({ calls }) => calls)).toEqual([exact(3), exact(0)]);
  });

  test('is asked once for all passes, and counts once', async () => {
    const selected = (['tags', 'contacts', 'segments'] as const).map((name) =>
      selectedOf(name, { ...glancing(() => whole([])).walked, ...lookedUp(name === 'segments' ? 'admins' : 'tags') }),
    );
    const { planned, requests } = planning(selected, { answer: () => ({ data: [], admins: [] }) });
    const { calls } = await planned();
    expect(requests.map(({ path }) => path).sort()).toEqual(['/admins', '/me', '/tags']);
    expect(calls).toEqual(exact(3 + 3));
  });

  test('is not the same with another query', async () => {
    const selected = (['tags', 'contacts'] as const).map((name) =>
      selectedOf(
        name,
        glancing(async ({ once }) => {
          await once({ method: 'GET', path: '/pages', query: { of: name }, purpose: '' });
          return { ...whole([]), calls: exact(0) };
        }).walked,
      ),
    );
    expect((await planning(selected).planned()).calls).toEqual(exact(1 + 2));
  });
});

describe('streams that share a walk', () => {
  const rows = (): readonly object[] => [{}, {}];

  test('share the look and the pages, which count for the first', async () => {
    const { walked, looks } = glancing(() => ({ ...part(recordsOf(2), exact(200)), calls: exact(4) }));
    const selected = [selectedOf('tags', walked), selectedOf('contacts', { ...walked, rows })];
    expect(await streamsOf(selected)).toEqual([
      { stream: 'tags', rows: exact(200), calls: exact(4) },
      { stream: 'contacts', rows: about(400), calls: exact(0), sharesWith: 'tags' },
    ]);
    expect(looks).toHaveLength(1);
  });

  test('share what is asked for each record, which counts for the first', async () => {
    const { walked } = glancing(() => ({ ...part(recordsOf(2), exact(200)), calls: exact(4) }));
    const details: Source<object> = {
      ...walked,
      childEndpoint: 'GET /x/{id}',
      isOneRow: true,
      rows: ({ id }: { readonly id: string }, { once }) =>
        once({ method: 'GET', path: `/x/${id}`, purpose: '' }) as never,
    };
    const selected = [selectedOf('tags', walked), selectedOf('contacts', details), selectedOf('segments', details)];
    expect((await streamsOf(selected)).map(({ calls }) => calls)).toEqual([exact(4), exact(200), exact(0)]);
  });

  test('are each looked at by what they want of it, where that differs', async () => {
    const { walked, looks } = glancing(({ wants }) => {
      const all = wants.some(({ since }) => since === undefined);
      return { ...part([], exact(all ? 500 : 20)), calls: exact(all ? 5 : 1) };
    });
    const selected = [
      selectedOf('tags', walked, { since: 100 }),
      selectedOf('contacts', walked),
      selectedOf('segments', walked, { since: 100 }),
    ];
    expect(await streamsOf(selected)).toEqual([
      { stream: 'tags', rows: exact(20), calls: exact(5) },
      { stream: 'contacts', rows: exact(500), calls: exact(0), sharesWith: 'tags' },
      { stream: 'segments', rows: exact(20), calls: exact(0), sharesWith: 'tags' },
    ]);
    expect(looks.map(({ wants }) => wants.map(({ since }) => since))).toEqual([[100, undefined], [100], [undefined]]);
  });

  test('take what they want of a look that saw everything', async () => {
    const { walked, looks } = glancing(() => whole(recordsOf(10)));
    const selected = [selectedOf('tags', walked, { since: 7 }), selectedOf('contacts', walked)];
    expect((await streamsOf(selected)).map((each) => each.rows)).toEqual([exact(3), exact(10)]);
    expect(looks).toHaveLength(1);
  });

  test('are looked at with the query that all of them need', async () => {
    const { walked, looks } = glancing(() => whole([]));
    const selected = [
      selectedOf('tags', { ...walked, query: { display_as: 'plaintext' } }),
      selectedOf('contacts', { ...walked, query: { include_archived: true } }),
    ];
    await streamsOf(selected);
    expect(looks.map(({ query }) => query)).toEqual([{ display_as: 'plaintext', include_archived: true }]);
  });

  test.each([
    ['no more than a look takes, if records are the rows', 0, 3, 0],
    ['two for each stream, if rows are made of them', 3, 0, 6],
    ['two for each stream, if one of them makes rows', 1, 2, 6],
    ['no more than sixteen', 12, 0, 16],
  ])('may look at records with requests: %s', async (_, made, plain, most) => {
    const { walked, looks } = glancing(() => whole([]));
    const sources = [
      ...Array<Source<object>>(made).fill({ ...walked, rows }),
      ...Array<Source<object>>(plain).fill(walked),
    ];
    await streamsOf(sources.map((each, index) => selectedOf(NAMES[index]!, each)));
    expect(looks.map((each) => each.looks)).toEqual([most]);
  });

  test('that want something else do not make the look of the others longer', async () => {
    const { walked, looks } = glancing(() => part([]));
    await streamsOf([
      selectedOf('tags', walked),
      selectedOf('contacts', { ...walked, rows }, { since: 100 }),
      selectedOf('segments', { ...walked, rows }, { since: 100 }),
    ]);
    expect(looks.slice(1).map((each) => [each.wants[0]?.since, each.looks])).toEqual([
      [undefined, 0],
      [100, 4],
    ]);
  });
});

const NAMES: readonly (keyof Schemas)[] = [
  'activity_logs',
  'admins',
  'articles',
  'brands',
  'calls',
  'collections',
  'companies',
  'contacts',
  'conversations',
  'segments',
  'tags',
  'tickets',
];
