import { ApiError, type Request } from '../intercom/api.ts';
import type { ReadContext } from '../readers/reader.ts';
import type { Stream } from '../readers/stream.ts';

/**
 * What the token cannot read, a line for each permission that it lacks or product that the workspace does not have. Each family of
 * permissions is tried once, all side by side; a trial that fails for another reason says nothing.
 */
export async function unreadable(
  streams: readonly Stream[],
  once: ReadContext['once'],
  now: number,
): Promise<readonly string[]> {
  const lines = await Promise.all(
    [...probes(now)].map(async ([permission, request]) => {
      const names = streams.filter((stream) => stream.permission === permission).map(({ name }) => name);
      if (names.length === 0) return undefined;
      const failure = await failureOf(once({ ...request, attempts: 1 }));
      if (failure === 'no_permission')
        return `Without the permission "${permission}" the token cannot read: ${names.join(', ')}.`;
      return failure === 'unavailable'
        ? `The workspace's plan does not include, so that they stay empty: ${names.join(', ')}.`
        : undefined;
    }),
  );
  return lines.filter((line) => line !== undefined);
}

async function failureOf(answer: Promise<unknown>): Promise<ApiError['failure'] | undefined> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    return error instanceof ApiError ? error.failure : undefined;
  }
}

/** One cheap request for each family. */
function probes(now: number): ReadonlyMap<string, Request> {
  const search = (path: string): Request => ({
    method: 'POST',
    path,
    purpose: PURPOSE,
    body: { query: { field: 'updated_at', operator: '>', value: 0 }, pagination: { per_page: 1 } },
  });
  const get = (path: string, query: Request['query'] = {}): Request => ({
    method: 'GET',
    path,
    query,
    purpose: PURPOSE,
  });
  return new Map([
    ['Read and list users and companies', search('/contacts/search')],
    ['Read conversations', search('/conversations/search')],
    ['Read tickets', search('/tickets/search')],
    // There is no such contact: a token that may read events is told so.
    ['Read events', get('/events', { type: 'user', intercom_user_id: '000000000000000000000000' })],
    ['Read tags', get('/tags')],
    ['Read admins', get('/admins')],
    ['Read admin activity logs', get('/admins/activity_logs', { created_at_after: now })],
    ['Read and list articles', get('/articles', { per_page: 1 })],
    ['Read and write AI content', get('/internal_articles', { per_page: 1 })],
    ['Read and list news items and newsfeeds', get('/news/newsfeeds', { per_page: 1 })],
  ]);
}

const PURPOSE = 'Trying what the token may read';
