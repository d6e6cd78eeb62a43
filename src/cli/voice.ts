import { messageOf, ConnectorError } from '../core/errors.ts';
import type { LogLevel } from '../core/log.ts';
import type { Clock } from '../core/time.ts';
import { visible } from '../core/visible.ts';
import { airbyteEncoder } from '../protocol/airbyte.ts';
import type { Failure } from '../sync/events.ts';
import type { Output } from './output.ts';

/** How the program tells people what it does: each dialect has its own place and form for that. */
export interface Voice {
  readonly log: (level: LogLevel | 'fatal', message: string, stack?: string) => Promise<void>;
  /** Says what ended the run. */
  readonly fail: (failure: Failure) => Promise<void>;
}

/** Messages of the protocol, on stdout. */
export function airbyteVoice(output: Output, clock: Pick<Clock, 'now'>, redact: (text: string) => string): Voice {
  const encoder = airbyteEncoder(() => clock.now(), redact);
  return {
    log: (level, message, stack) => output.write(encoder.log(level, message, stack)),
    fail: async ({ kind, message, cause }) => {
      const isOurs = kind === 'system' && !(cause instanceof ConnectorError) && cause !== undefined;
      const stack = cause instanceof Error ? cause.stack : undefined;
      await output.write(
        (isOurs ? encoder.log('fatal', messageOf(cause), stack) : '') + encoder.error({ kind, message, cause }),
      );
    },
  };
}

/** Lines of text on stderr, the level first, as Singer has it. */
export function singerVoice(stderr: NodeJS.WritableStream, redact: (text: string) => string): Voice {
  // Who closes stderr does not want to know; the data goes on.
  stderr.on('error', () => undefined);
  // Lines that go on with what an earlier one says are indented.
  const write = (level: string, message: string, stack?: string): Promise<void> => {
    const text = stack === undefined ? message : `${message}\n${stack}`;
    stderr.write(`${level} ${redact(visible(text)).replaceAll('\n', '\n    ')}\n`);
    return Promise.resolve();
  };
  return {
    log: (level, message, stack) => write(LEVELS[level], message, stack),
    fail: ({ kind, message, cause }) =>
      write(LEVELS.fatal, message, kind === 'system' && cause instanceof Error ? cause.stack : undefined),
  };
}

/** Lines of text on stderr for people who run a command by hand. */
export function peopleVoice(stderr: NodeJS.WritableStream, redact: (text: string) => string): Voice {
  stderr.on('error', () => undefined);
  const write = (text: string): Promise<void> => {
    stderr.write(`${redact(visible(text))}\n`);
    return Promise.resolve();
  };
  return {
    log: (level, message) => write(level === 'warn' ? `Warning: ${message}` : message),
    fail: ({ kind, message, cause }) => {
      const isOurs = kind === 'system' && cause instanceof Error && !(cause instanceof ConnectorError);
      return write(`Error: ${message}${isOurs ? `\n${cause.stack ?? ''}` : ''}`);
    },
  };
}

const LEVELS = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR', fatal: 'CRITICAL' } as const;
