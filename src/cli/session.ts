import type { Log, LogLevel } from '../core/log.ts';
import { systemClock, type Clock } from '../core/time.ts';
import type { Config } from '../generated/config.ts';
import type { Api } from '../intercom/api.ts';
import { resolveBaseUrl } from '../intercom/base-url.ts';
import { airbyteEncoder, type AirbyteEncoder } from '../protocol/airbyte.ts';
import type { Output } from './output.ts';

/** What a command runs with. */
export interface Session {
  readonly encoder: AirbyteEncoder;
  readonly output: Output;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Hides secrets. */
  readonly redact: (text: string) => string;
}

export function createSession(
  output: Output,
  signal: AbortSignal,
  redact: (text: string) => string,
  { isDebug, environment }: { readonly isDebug: boolean; readonly environment: NodeJS.ProcessEnv },
): Session {
  const encoder = airbyteEncoder(() => Date.now(), redact);
  const least: LogLevel = isDebug || environment['LOG_LEVEL']?.toLowerCase() === 'debug' ? 'debug' : 'info';
  const log: Log = (level, message) => {
    if (level === 'debug' && least !== 'debug') return;
    void output.write(encoder.log(level, message));
  };
  return { encoder, output, clock: systemClock, log, signal, environment, redact };
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
