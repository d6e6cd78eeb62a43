import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { ConnectorError } from '../core/errors.ts';
import { isLoopback } from './base-url.ts';

/**
 * Connections that are kept for the next request, through the proxy that the environment names, if any. There are as many as
 * requests on their way, which the pacer bounds.
 */
export async function createAgents(base: URL): Promise<{ http: HttpAgent; https: HttpsAgent }> {
  const options = { keepAlive: true };
  const proxy = VARIABLES.some((name) => (process.env[name] ?? '') !== '') ? await proxyFor(base) : undefined;
  if (proxy === undefined) return { http: new HttpAgent(options), https: new HttpsAgent(options) };
  const [{ HttpProxyAgent }, { HttpsProxyAgent }] = await Promise.all([
    import('http-proxy-agent'),
    import('https-proxy-agent'),
  ]);
  // Both packages' agents are node:http agents, but their types are narrower in the options of a connection.
  return {
    http: new HttpProxyAgent(proxy, options) as unknown as HttpAgent,
    https: new HttpsProxyAgent(proxy, options) as unknown as HttpsAgent,
  };
}

async function proxyFor(base: URL): Promise<string | undefined> {
  const { getProxyForUrl } = await import('proxy-from-env');
  const named = getProxyForUrl(base.href);
  if (named === '') return undefined;
  // A proxy without a scheme is spoken to in plain http, whatever the scheme of what is asked for.
  const isBare = VARIABLES.some(
    (name) => process.env[name]?.includes('://') === false && named.endsWith(`://${process.env[name]}`),
  );
  const proxy = URL.parse(isBare ? named.replace(/^[a-z]+:/, 'http:') : named);
  if (proxy === null || !['http:', 'https:'].includes(proxy.protocol)) {
    throw new ConnectorError(
      'config',
      'The proxy in the environment (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY) must be an http or https URL.',
    );
  }
  // Plain http is for this machine only: the token must not leave it unencrypted, and a proxy elsewhere could not reach back.
  return base.protocol === 'http:' && !isLoopback(proxy.hostname) ? undefined : proxy.href;
}

const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
