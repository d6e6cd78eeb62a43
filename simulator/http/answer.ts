import type { Json } from '../json.ts';

/** An answer before it goes out; a header of undefined is left out, also where the server would add it. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string | undefined>;
}

export function jsonAnswer(status: number, body: Json, headers: Record<string, string> = {}): Answer {
  return { status, text: JSON.stringify(body), headers };
}
