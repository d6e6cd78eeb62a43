import { describe, expect, test } from '@jest/globals';
import { ConnectorError } from '../core/errors.ts';
import { ApiError } from '../intercom/api.ts';
import { exact } from '../readers/figure.ts';
import type { Source } from '../readers/reader.ts';
import { recordsOf, whole } from './testing/glance.ts';
import { glancing, planning, selectedOf } from './testing/planning.ts';

const lacking = new ApiError('no_permission', 'config', 'Reading tags: 403', { status: 403 });

function failing(error: unknown): Source<object> {
  return glancing(() => {
    throw error;
  }).walked;
}

describe('a stream that could not be read', () => {
  test('is said to fail, with what the user would be told; others are planned', async () => {
    const { walked } = glancing(() => whole(recordsOf(3)));
    const { planned } = planning([selectedOf('tags', failing(lacking)), selectedOf('contacts', walked)]);
    const { streams, calls } = await planned();
    expect(streams).toEqual([
      { stream: 'tags', calls: exact(0), failure: { kind: 'config', message: 'Reading tags: 403', cause: lacking } },
      { stream: 'contacts', rows: exact(3), calls: exact(1) },
    ]);
    expect(calls).toEqual(exact(2));
  });

  test('because its walk fails, fails with all that share that', async () => {
    const read = failing(lacking);
    const { streams } = await planning([selectedOf('tags', read), selectedOf('contacts', read)]).planned();
    expect(streams.map(({ stream, failure }) => [stream, failure?.cause])).toEqual([
      ['tags', lacking],
      ['contacts', lacking],
    ]);
  });

  test('because a configured name stands for nothing leaves the walk to the others', async () => {
    const unclear = new ConnectorError('config', 'No such tag');
    const { walked, looks } = glancing(() => whole(recordsOf(3)));
    const selected = [
      selectedOf('tags', { ...walked, filters: [() => Promise.reject(unclear)] }, { since: 100 }),
      selectedOf('contacts', walked),
      selectedOf('segments', walked),
    ];
    const { streams } = await planning(selected).planned();
    expect(streams).toEqual([
      { stream: 'tags', calls: exact(0), failure: { kind: 'config', message: 'No such tag', cause: unclear } },
      { stream: 'contacts', rows: exact(3), calls: exact(1) },
      { stream: 'segments', rows: exact(3), calls: exact(0), sharesWith: 'contacts' },
    ]);
    expect(looks.map(({ wants }) => wants)).toEqual([[{ since: undefined, filters: [] }]]);
  });

  test('and is alone in its pass, is not looked at', async () => {
    const { walked, looks } = glancing(() => whole([]));
    const unclear = { ...walked, filters: [() => Promise.reject(new Error('No such tag'))] };
    const { streams } = await planning([selectedOf('tags', unclear)]).planned();
    expect(streams.map(({ failure }) => failure?.kind)).toEqual(['system']);
    expect(looks).toEqual([]);
  });

  test.each([0, 1, 2])(
    'because its rows cannot be made fails alone, and the pages count for the first of the others: %j',
    async (broken) => {
      const { walked } = glancing(() => whole(recordsOf(3)));
      const rows = (): never => {
        throw lacking;
      };
      const names = ['tags', 'contacts', 'segments'] as const;
      const selected = names.map((name, index) => selectedOf(name, index === broken ? { ...walked, rows } : walked));
      const { streams } = await planning(selected).planned();
      expect(streams.map(({ failure }) => failure?.cause)).toEqual(
        names.map((_, index) => (index === broken ? lacking : undefined)),
      );
      const others = streams.filter((_, index) => index !== broken);
      expect(others.map(({ rows, calls, sharesWith }) => [rows, calls, sharesWith])).toEqual([
        [exact(3), exact(1), undefined],
        [exact(3), exact(0), others[0]?.stream],
      ]);
    },
  );
});

test.each(['is looked up', 'is looked at'])(
  'a plan that is stopped while something %s blames no stream',
  async (when) => {
    const stopped = new Error('Stopped');
    const stop = (): never => {
      setting.stop.abort(stopped);
      throw new Error('Cut off');
    };
    const { walked } = glancing(when === 'is looked at' ? stop : () => whole([]));
    const read = when === 'is looked at' ? walked : { ...walked, filters: [stop] };
    const setting = planning([selectedOf('tags', read)]);
    await expect(setting.planned()).rejects.toBe(stopped);
  },
);
