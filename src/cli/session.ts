import type { Log, LogLevel } from '../core/log.ts';
import { createRedactor } from '../core/redact.ts';
import { systemClock, type Clock } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import type { Api } from '../intercom/api.ts';
import { resolveBaseUrl } from '../intercom/base-url.ts';
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
  /** Masks secrets, */
  readonly redact: (text: string) => string;
  /** these, from now on. */
  readonly hide: (secrets: readonly string[]) => void;
}

/** How the program speaks: a protocol's messages, or as people who run it by hand like it. */
export type Dialect = 'airbyte' | 'people' | 'singer';

export function createSession(
  output: Output,
  signal: AbortSignal,
  {
    dialect,
    isDebug,
    environment,
  }: { readonly dialect: Dialect; readonly isDebug: boolean; readonly environment: NodeJS.ProcessEnv },
): Session {
  let mask = (text: string): string => text;
  const redact = (text: string): string => mask(text);
  const voice = {
    airbyte: () => airbyteVoice(output, redact),
    people: () => peopleVoice(process.stderr, redact),
    singer: () => singerVoice(process.stderr, redact),
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
  return { voice, output, clock: systemClock, log, signal, environment, redact, hide };
}

/** The API of the configured workspace. Loads the HTTP client only now, so that other commands start at once. */
export async function connect(
  config: Config,
  { clock, log, environment }: Session,
  options: {
    readonly maxElapsedSeconds?: number;
    readonly onCall?: () => void;
    readonly onWait?: (wait: { readonly until: number } | undefined) => void;
  } = {},
): Promise<Api> {
  const { createApi } = await import('../intercom/client.ts');
  return createApi({
    token: config.access_token,
    baseUrl: resolveBaseUrl(config.region, environment['SOURCE_INTERCOM_API_URL']),
    userAgent: config.user_agent,
    timeoutSeconds: config.request_timeout,
    concurrency: config.concurrency,
    rateLimitShare: config.rate_limit_share,
    clock,
    log,
    ...options,
  });
}
