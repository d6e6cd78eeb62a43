import { readFileSync } from 'node:fs';
import { validateHeaderValue } from 'node:http';
import { ConnectorError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { Request } from './api.ts';

/** The version of Intercom's API that everything here is written for. */
export const API_VERSION = '2.16';

/** The same for all requests. A token or name that no header can hold is the user's to correct. */
export function requestHeaders(token: string, userAgent?: string): Readonly<Record<string, string>> {
  const agent = userAgent?.trim() ?? '';
  return {
    authorization: `Bearer ${headerValue('access_token', token.trim())}`,
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'intercom-version': API_VERSION,
    'user-agent': headerValue('user_agent', agent === '' ? defaultUserAgent() : agent),
  };
}

/** The text of a POST's body, with the page size where searches have it. */
export function requestBody({ method, body, pageSize }: Request, size: number | undefined): string | undefined {
  if (method === 'GET') return undefined;
  if (pageSize === undefined) return JSON.stringify(body ?? {});
  const pagination = body?.['pagination'];
  return JSON.stringify({ ...body, pagination: { ...(isObject(pagination) ? pagination : {}), per_page: size } });
}

function headerValue(option: string, value: string): string {
  try {
    validateHeaderValue(option, value);
  } catch {
    // The message of that error is of no use to the user.
    throw new ConnectorError('config', `\`${option}\` holds a character that cannot be sent, such as a line break.`);
  }
  return value;
}

function defaultUserAgent(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return `source-intercom/${version}`;
}
