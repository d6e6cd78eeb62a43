import { ConnectorError } from '../core/errors.ts';
import { ApiError, pathOf, type Request } from './api.ts';

export type Region = 'us' | 'eu' | 'au';

/**
 * Where requests go: the region's host, or what the environment variable SOURCE_INTERCOM_API_URL says instead.
 * The token travels there, hence https; plain http only within this machine.
 */
export function resolveBaseUrl(region: Region, override?: string): URL {
  if (override === undefined || override.trim() === '') return new URL(HOSTS[region]);
  const url = URL.parse(override.trim());
  if (url === null || url.hostname === '') throw refusal('is not a URL');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw refusal(
      'must begin with https:// (http:// is allowed for this machine itself, such as http://127.0.0.1:8080)',
    );
  }
  if (url.username !== '' || url.password !== '') throw refusal('must not hold a user name or password');
  url.search = '';
  url.hash = '';
  return url;
}

/** Whether a host name, as a URL has it, means this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** The address of a request. Whatever its path says, the host is the configured one. */
export function requestUrl(base: URL, request: Request, pageSize: number | undefined): URL {
  const path = pathOf(request.path);
  if (path === undefined) {
    throw new ApiError('unexpected', 'system', `${request.purpose}: the address to ask for is none. Please report it.`);
  }
  const cut = path.indexOf('?');
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/+$/, '') + (cut === -1 ? path : path.slice(0, cut));
  url.search = cut === -1 ? '' : path.slice(cut);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, String(value));
  if (request.method === 'GET' && pageSize !== undefined) url.searchParams.set('per_page', String(pageSize));
  return url;
}

function refusal(reason: string): ConnectorError {
  return new ConnectorError('config', `The environment variable SOURCE_INTERCOM_API_URL ${reason}.`);
}

const HOSTS: Readonly<Record<Region, string>> = {
  us: 'https://api.intercom.io',
  eu: 'https://api.eu.intercom.io',
  au: 'https://api.au.intercom.io',
};
