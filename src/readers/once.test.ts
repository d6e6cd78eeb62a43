import { expect, test } from '@jest/globals';
import { ApiError, type ApiFailure } from '../intercom/api.ts';
import { remembering } from './once.ts';

const tags = { method: 'GET', path: '/tags', purpose: 'Reading' } as const;

test('a request is sent once, whoever asks for it and for what purpose', async () => {
  let sent = 0;
  const once = remembering(() => Promise.resolve({ sent: ++sent }));
  const answers = await Promise.all([
    once(tags),
    once({ ...tags, purpose: 'Looking up' }),
    once({ ...tags, query: {} }),
  ]);
  expect(answers).toEqual([{ sent: 1 }, { sent: 1 }, { sent: 1 }]);
  expect(await once({ ...tags, query: { page: 2 } })).toEqual({ sent: 2 });
});

test.each<[ApiFailure, number]>([
  ['transient', 2],
  ['gone', 1],
  ['no_permission', 1],
])('after a failure that is %s, it is sent %i times', async (failure, count) => {
  let sent = 0;
  const once = remembering(() => {
    sent++;
    return Promise.reject(new ApiError(failure, 'system', 'failed'));
  });
  await expect(Promise.all([once(tags), once(tags)])).rejects.toThrow('failed');
  await expect(once(tags)).rejects.toThrow('failed');
  expect(sent).toBe(count);
});
