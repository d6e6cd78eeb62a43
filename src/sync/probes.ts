import { ApiError, type Request } from '../intercom/api.ts';
import type { ReadContext } from '../readers/reader.ts';

/** Permissions of the access token, as the Developer Hub names them, that a stream needs. */
export interface Needs {
  readonly name: string;
  /** The one that it is about. */
  readonly permission: string;
  /** Without one of these it cannot be read. */
  readonly always: readonly string[];
  /** These are asked for only by records that show that there is more to read than they hold. */
  readonly sometimes: readonly string[];
}

/** What a token gets where it asks for something of a family of permissions, if not an answer. */
export type Denials = ReadonlyMap<string, 'no_permission' | 'unavailable'>;

/**
 * What the token is denied, by permission. Each family of permissions is tried once, all side by side; a trial that fails for another
 * reason says nothing.
 */
export async function denials(once: ReadContext['once'], now: number): Promise<Denials> {
  const found = await Promise.all(
    [...probes(now)].map(async ([permission, request]) => {
      const failure = await failureOf(once({ ...request, attempts: 1 }));
      return failure === 'no_permission' || failure === 'unavailable' ? [[permission, failure] as const] : [];
    }),
  );
  return new Map(found.flat());
}

/** Whether the token is denied everything that was tried. */
export function isEverything(denied: Denials): boolean {
  return denied.size === probes(0).size && [...denied.values()].every((failure) => failure === 'no_permission');
}

/** What the token cannot read, a line for each permission that it lacks or product that the workspace does not have. */
export function unreadable(needs: readonly Needs[], denied: Denials): readonly string[] {
  return [...denied].map(([permission, failure]) => {
    const named = (has: (need: Needs) => boolean): string =>
      needs
        .filter(has)
        .map(({ name }) => name)
        .join(', ');
    if (failure === 'unavailable')
      return `The workspace's plan does not include, so that they stay empty: ${named((need) => need.permission === permission)}.`;
    const some = named(({ sometimes }) => sometimes.includes(permission));
    return (
      `Without the permission "${permission}" the token cannot read: ${named(({ always }) => always.includes(permission))}.` +
      (some === '' ? '' : ` At the first record that needs it these fail: ${some}.`)
    );
  });
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
    ['Read and list news items and newsfeeds', get('/news/newsfeeds', { per_page: 1 })],
  ]);
}

const PURPOSE = 'Trying what the token may read';
