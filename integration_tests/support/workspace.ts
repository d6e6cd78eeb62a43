import {
  startSimulator,
  type RequestEntry,
  type Simulator,
  type SimulatorOptions,
  type Sizes,
} from '../../simulator/index.ts';
import { canBeIncremental } from './catalogs.ts';
import { discover, read, type ReadInput } from './commands.ts';
import type { AirbyteStream, JsonObject, Run } from './run.ts';

/** Something of everything, and little of each. */
export const SMALL: Partial<Sizes> = {
  contacts: 30,
  companies: 8,
  conversations: 12,
  tickets: 4,
  admins: 4,
  teams: 2,
  tags: 6,
  segments: 3,
  articles: 4,
  collections: 4,
  internalArticles: 3,
  newsItems: 3,
  newsfeeds: 2,
  macros: 3,
  calls: 4,
  activityLogs: 10,
  deletedConversations: 4,
};

/** Nothing of anything that a workspace may lack. */
export const EMPTY: Partial<Sizes> = Object.fromEntries(
  Object.keys({ ...SMALL, subscriptionTypes: 0, brands: 0, helpCenters: 0 }).map((kind) => [
    kind,
    kind === 'admins' ? 1 : 0,
  ]),
);

export function startWorkspace(options: SimulatorOptions = {}): Promise<Simulator> {
  return startSimulator({ ...options, sizes: { ...SMALL, ...options.sizes } });
}

/** A configuration with which every stream has rows: some have none until one says what to look for. */
export function fullConfig({ world, token }: Simulator): JsonObject {
  const contacts = [...world.contacts.all()];
  const emails = contacts.filter(({ role }) => role === 'lead').map((lead) => (lead as JsonObject)['email']);
  return {
    access_token: token,
    usernames: ['a'],
    lead_emails: emails.filter((email) => typeof email === 'string').slice(0, 2),
  };
}

/** All streams that discover offers. */
export async function offeredStreams(config: JsonObject, api?: string): Promise<readonly AirbyteStream[]> {
  return (await discover(config, { api })).catalogs.flatMap(({ streams }) => streams);
}

export async function incrementalStreams(config: JsonObject, api?: string): Promise<readonly AirbyteStream[]> {
  return (await offeredStreams(config, api)).filter(canBeIncremental);
}

/** Resolves with the next request that passes, once its answer is computed. */
export function requested(simulator: Simulator, passes: (request: RequestEntry) => boolean): Promise<RequestEntry> {
  return new Promise((resolve) => {
    const before = simulator.onRequest;
    simulator.onRequest = (request) => {
      before?.(request);
      if (passes(request)) resolve(request);
    };
  });
}

/**
 * Reads from a workspace that nobody else reads from, equal to all others of its options: Intercom lets only one at a time scroll
 * through companies, so reads side by side would wait for each other.
 */
export async function readAlone(input: ReadInput, options: SimulatorOptions = {}): Promise<Run> {
  const simulator = await startWorkspace(options);
  try {
    return await read(input, { api: simulator.url });
  } finally {
    await simulator.close();
  }
}
