import type { Config } from '../../generated/config.ts';
import type { Api, Request } from '../../intercom/api.ts';
import { createDirectory } from '../directory.ts';
import { remembering } from '../once.ts';
import type { WalkContext } from '../reader.ts';

export interface TestContext extends WalkContext {
  /** What was asked, in order. */
  readonly requests: readonly Request[];
  /** What was left out, as `kind: name`. */
  readonly skipped: readonly string[];
  readonly logged: readonly string[];
  /** Milliseconds that anybody slept. */
  readonly slept: readonly number[];
  readonly stop: AbortController;
}

export type Answering = (request: Request, index: number) => unknown;

/** Unix seconds at which tests begin. */
export const NOW = 1_800_000_000;

/** A context whose API is a function. What it throws, requests fail with. */
export function contextOf(
  answer: Answering,
  more: Partial<WalkContext> & { readonly now?: () => number } = {},
): TestContext {
  const requests: Request[] = [];
  const skipped: string[] = [];
  const logged: string[] = [];
  const slept: number[] = [];
  const stop = new AbortController();
  const { now = () => NOW, ...rest } = more;
  const api: Api = {
    now,
    send: async (request, signal) => {
      signal.throwIfAborted();
      requests.push(request);
      const answered = await answer(request, requests.length - 1);
      signal.throwIfAborted();
      return answered as Readonly<Record<string, unknown>>;
    },
  };
  const once = remembering((request) => api.send(request, stop.signal));
  return {
    api,
    once,
    config: {} as Config,
    directory: createDirectory(once),
    startedAt: NOW,
    clock: {
      now: () => now() * 1000,
      sleep: (milliseconds) => {
        slept.push(milliseconds);
        return Promise.resolve();
      },
    },
    signal: stop.signal,
    log: (_, message) => logged.push(message),
    skip: (kind, name) => skipped.push(`${kind}: ${name}`),
    wants: [{ since: undefined, filters: [] }],
    query: {},
    requests,
    skipped,
    logged,
    slept,
    stop,
    ...rest,
  };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
