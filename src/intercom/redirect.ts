import type { Answer } from './answer.ts';

/**
 * Where a redirect leads, if it may be followed: a GET, within the same scheme, host and port. Anything else would take the
 * token elsewhere, or repeat a search as something that it is not.
 */
export function redirectTarget({ status, headers }: Answer, method: 'GET' | 'POST', from: URL): URL | undefined {
  const location = headers['location'];
  if (!REDIRECTS.has(status) || method !== 'GET' || typeof location !== 'string') return undefined;
  const to = URL.parse(location, from.href);
  if (to?.origin !== from.origin) return undefined;
  to.username = '';
  to.password = '';
  return to;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
