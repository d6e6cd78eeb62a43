import type { Log, LogLevel } from '../core/log.ts';
import { createRedactor } from '../core/redact.ts';
import { systemClock, type Clock } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import type { Api } from '../intercom/api.ts';
import { resolveBaseUrl } from '../intercom/base-url.ts';
import type { Transport } from '../intercom/transport.ts';
import type { Output } from './output.ts';
import { airbyteVoice, peopleVoice, singerVoice, type Voice } from './voice.ts';

/** What a command runs with. */
export interface Session {
  readonly voice: Voice;
  readonly output: Output;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  readonly stderr: NodeJS.WriteStream;
  /** Absent: HTTP, and true chance. */
  readonly network?: Network | undefined;
  /** Masks secrets, */
  readonly redact: (text: string) => string;
  /** these, from now on. */
  readonly hide: (secrets: readonly string[]) => void;
}

/** How the program speaks: a protocol's messages, or as people who run it by hand like it. */
export type Dialect = 'airbyte' | 'people' | 'singer';

/** What stands in for the network, and decides how long pauses are. */
export interface Network {
  readonly transport: Transport;
  /** From 0 up to, and without, 1. */
  readonly random: () => number;
}

/** What a program is called with, and what it stands in. */
export interface Surroundings {
  readonly dialect: Dialect;
  readonly isDebug: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Default: those of the machine. */
  readonly clock?: Clock;
  readonly stderr?: NodeJS.WriteStream;
  readonly network?: Network;
}

export function createSession(output: Output, signal: AbortSignal, surroundings: Surroundings): Session {
  const { dialect, isDebug, environment, network, clock = systemClock, stderr = process.stderr } = surroundings;
  let mask = (text: string): string => text;
  const redact = (text: string): string => mask(text);
  const voice = {
    airbyte: () => airbyteVoice(output, clock, redact),
    people: () => peopleVoice(stderr, redact),
    singer: () => singerVoice(stderr, redact),
  }[dialect]();
  const isVerbose = isDebug || environment['LOG_LEVEL']?.toLowerCase() === 'debug';
  const quiet: readonly LogLevel[] = dialect === 'people' ? ['debug', 'info'] : ['debug'];
  const log: Log = (level, message) => {
    if (!isVerbose && quiet.includes(level)) return;
    void voice.log(level, message);
  };
  const hide = (secrets: readonly string[]): void => {
    mask = createRedactor(secrets);
  };
  return { voice, output, clock, log, signal, environment, stderr, network, redact, hide };
}

/** The API of the configured workspace. Loads the HTTP client only now, so that other commands start at once. */
export async function connect(
  config: Config,
  { clock, log, environment, network }: Session,
  options: {
    readonly maxElapsedSeconds?: number;
    readonly onCall?: () => void;
    readonly onWait?: (wait: { readonly until: number } | undefined) => void;
  } = {},
): Promise<Api> {
  const { createApi } = await import('../intercom/client.ts');
  return createApi(
    {
      token: config.access_token,
      baseUrl: resolveBaseUrl(config.region, environment['SOURCE_INTERCOM_API_URL']),
      userAgent: config.user_agent,
      timeoutSeconds: config.request_timeout,
      concurrency: config.concurrency,
      rateLimitShare: config.rate_limit_share,
      clock,
      log,
      ...(network === undefined ? {} : { random: network.random }),
      ...options,
    },
    network?.transport,
  );
}
