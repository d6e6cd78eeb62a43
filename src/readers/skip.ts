import { ApiError } from '../intercom/api.ts';
import type { ReadContext } from './reader.ts';

/** Counts what is gone since it was listed; throws anything else on. */
export function skipGone(error: unknown, context: Pick<ReadContext, 'skip'>, name: string): void {
  if (!(error instanceof ApiError) || error.failure !== 'gone') throw error;
  context.skip('deleted since it was listed', name);
}
