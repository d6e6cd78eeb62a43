import type { JsonObject } from '../core/json.ts';
import type { Request } from '../intercom/api.ts';

/** Sends each request once, as long as the returned function is kept. */
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
    return answer;
  };
}
