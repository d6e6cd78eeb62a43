import type { JsonObject } from '../core/json.ts';
import { ApiError } from '../intercom/api.ts';
import type { ReadContext } from './reader.ts';

/**
 * The admin and the workspace of the token, which is good if this returns: also one that may not read `/me` is (undefined). Without members
 * where Intercom answers `null`.
 */
export async function whoAmI(
  once: ReadContext['once'],
  purpose = 'Checking the access token',
): Promise<JsonObject | undefined> {
  try {
    return await once({ method: 'GET', path: '/me', mayBeNull: true, purpose });
  } catch (error) {
    if (error instanceof ApiError && error.failure === 'no_permission') return undefined;
    throw error;
  }
}
