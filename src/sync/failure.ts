import { ConnectorError, messageOf } from '../core/errors.ts';
import type { Failure } from './events.ts';

/** What the user is told of anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ConnectorError) return { kind: error.kind, message: error.message, cause: error };
  return {
    kind: 'system',
    message: `Something in source-intercom broke: ${messageOf(error)}. Please report it.`,
    cause: error,
  };
}
