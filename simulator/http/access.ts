import type { TokenGrant, Trouble } from '../trouble.ts';
import { ApiError } from './errors.ts';
import type { Route } from './router.ts';

/** The rights of the token in an Authorization header, or the error that Intercom answers. */
export function grantOf(header: string | undefined, token: string, trouble: Trouble): TokenGrant {
  if (header === undefined) throw refused('missing_authorization', 'Authorization header is missing');
  const given = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
  const grant = given === undefined ? undefined : (trouble.tokens.get(given) ?? (given === token ? {} : undefined));
  if (!grant) throw refused('unauthorized', 'Access Token Invalid');
  if (grant.refusedWith !== undefined) throw refused(grant.refusedWith, REFUSALS[grant.refusedWith] ?? 'Unauthorized');
  return grant;
}

export function hasScope(grant: TokenGrant, trouble: Trouble, scope: string): boolean {
  return !trouble.withheldScopes.has(scope) && (grant.scopes === undefined || grant.scopes.includes(scope));
}

/** Throws what Intercom answers when the token or the plan does not reach so far. */
export function checkRights(route: Route, may: (scope: string) => boolean, trouble: Trouble): void {
  if (trouble.planRestricted.has(`${route.method} ${route.path}`))
    throw new ApiError(403, 'api_plan_restricted', 'Active subscription needed.');
  if (route.scope === undefined) return;
  const scopes = typeof route.scope === 'string' ? [route.scope] : route.scope;
  if (scopes.some(may)) return;
  if (route.modern)
    throw new ApiError(403, 'forbidden', `You do not have the required scope (${scopes[0]!}) to access this resource`);
  throw new ApiError(401, 'token_unauthorized', 'Not authorized to access resource');
}

/** Throws what Intercom answers to a version that does not exist, or does not have the endpoint. */
export function checkVersion(header: string | undefined, route: Route | undefined, byDefault: string): void {
  const version = header ?? byDefault;
  if (version === 'Preview' || version === 'Unstable') return;
  const [, major = '', minor = ''] = /^(1|2)\.(\d{1,2})$/.exec(version) ?? [];
  const isKnown = (major === '1' && Number(minor) <= 4) || (major === '2' && Number(minor) <= 16);
  if (major === '' || !isKnown)
    throw new ApiError(400, 'intercom_version_invalid', 'The requested version could not be found');
  if (route?.since !== undefined && (major === '1' || Number(minor) < route.since)) {
    throw new ApiError(400, 'intercom_version_invalid', 'Requested resource is not available in current API version.');
  }
}

function refused(code: string, message: string): ApiError {
  return new ApiError(401, code, message, { headers: { 'WWW-Authenticate': 'Bearer realm="Intercom"' } });
}

const REFUSALS: Record<string, string> = {
  token_not_found: 'Unauthorized',
  token_suspended: 'Unauthorized token, suspended application',
  token_revoked: 'Access Token has been revoked',
  token_expired: 'Access Token has expired',
};
