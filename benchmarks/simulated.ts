import { path, startServer } from './child.ts';

/** A request as the simulator's log has it. */
export interface Logged {
  /** Simulated unix seconds, whole. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** E.g. `GET /contacts/{id}`. */
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
}

/** The simulator in a process of its own, so that it and the connector do not take turns. */
export interface Simulated {
  readonly url: string;
  requests(): Promise<readonly Logged[]>;
  forgetRequests(): Promise<void>;
  close(): Promise<void>;
}

export async function startSimulated(words: readonly string[]): Promise<Simulated> {
  const server = await startServer([path('simulator/main.ts'), '--until-stdin-closes', ...words]);
  const control = async (method: string, command: string): Promise<unknown> => {
    const answer = await fetch(`${server.url}/_simulator/${command}`, { method });
    if (!answer.ok) throw new Error(`${method} ${command}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    ...server,
    requests: async () => ((await control('GET', 'requests?log=true')) as { log: Logged[] }).log,
    forgetRequests: async () => {
      await control('DELETE', 'requests');
    },
  };
}
