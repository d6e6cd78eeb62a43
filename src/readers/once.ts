import type { JsonObject } from '../core/json.ts';
import { ApiError, type Request } from '../intercom/api.ts';

/** Sends each request once, as long as the returned function is kept. What failed for a time may succeed for the next who asks. */
export function remembering(
  send: (request: Request) => Promise<JsonObject>,
): (request: Request) => Promise<JsonObject> {
  const answers = new Map<string, Promise<JsonObject>>();
  return (request) => {
    const key = JSON.stringify([request.path, request.query ?? {}]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = send(request);
    answers.set(key, answer);
    answer.catch((error: unknown) => {
      if (error instanceof ApiError && error.failure === 'transient') answers.delete(key);
    });
    return answer;
  };
}
