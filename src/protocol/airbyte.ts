import type { LogLevel } from '../core/log.ts';
import type { AirbyteMessage, ErrorTrace, StreamStatusTrace } from '../generated/airbyte.ts';
import type { Change, Failure, SyncEvent } from '../sync/events.ts';
import { fit } from './fit.ts';
import { toJson } from './json-line.ts';

/** Turns what happens into lines of the Airbyte protocol, each ended by a newline. Pure but for the clock that it is given. */
export interface AirbyteEncoder {
  readonly message: (message: AirbyteMessage) => string;
  /** One line, or many. */
  readonly event: (event: SyncEvent) => string | readonly string[];
  readonly log: (level: LogLevel | 'fatal', message: string, stack?: string) => string;
  readonly error: (failure: Failure, stream?: string) => string;
  readonly status: (stream: string, status: Status, quotaReset?: number) => string;
}

export type Status = StreamStatusTrace['stream_status']['status'];

/**
 * @param now - Unix milliseconds
 * @param redact - Hides secrets in texts for people; records are data, and left alone
 */
export function airbyteEncoder(now: () => number, redact: (text: string) => string): AirbyteEncoder {
  const message = (message: AirbyteMessage): string => `${toJson(message)}\n`;
  const status = (stream: string, status: Status, quotaReset?: number): string =>
    message({
      type: 'TRACE',
      trace: {
        type: 'STREAM_STATUS',
        emitted_at: now(),
        stream_status: {
          stream_descriptor: { name: stream },
          status,
          ...(quotaReset === undefined
            ? {}
            : { reasons: [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: Math.round(quotaReset) } }] }),
        },
      },
    });
  const log = (level: LogLevel | 'fatal', text: string, stack?: string): string =>
    message({
      type: 'LOG',
      log: {
        level: LEVELS[level],
        message: redact(text),
        ...(stack === undefined ? {} : { stack_trace: redact(stack) }),
      },
    });
  const error = (failure: Failure, stream?: string): string =>
    message({ type: 'TRACE', trace: errorTrace(failure, stream, now(), redact) });
  return {
    message,
    log,
    error,
    status,
    event: (event) => {
      switch (event.type) {
        case 'stream_started':
          return status(event.stream, 'STARTED');
        case 'stream_running':
          return status(event.stream, 'RUNNING');
        case 'records':
          return records(event, now());
        case 'checkpoint':
          return checkpoint(event);
        case 'estimate':
          return message({
            type: 'TRACE',
            trace: {
              type: 'ESTIMATE',
              emitted_at: now(),
              estimate: { name: event.stream, type: 'STREAM', row_estimate: event.rows },
            },
          });
        case 'stream_ended':
          if (event.failure === undefined) return status(event.stream, 'COMPLETE');
          return (
            status(event.stream, 'INCOMPLETE') +
            (event.failure.isShared === true ? '' : error(event.failure, event.stream))
          );
        case 'failed':
          return error(event.failure);
        case 'log':
          return log(event.level, event.message);
      }
    },
  };
}

/** Written by hand around the row, so that a row is stringified once. */
function records(
  { stream, records, changes }: Extract<SyncEvent, { type: 'records' }>,
  emittedAt: number,
): readonly string[] {
  const head = `{"type":"RECORD","record":{"stream":${toJson(stream)},"emitted_at":${String(emittedAt)},"data":`;
  return records.map((record, index) => {
    let json = toJson(record);
    let notes = (changes?.get(index) ?? []).map(({ field }) => noted(field, 'NULLED', 'SOURCE_SERIALIZATION_ERROR'));
    if (json.length > LIMIT / 4 && Buffer.byteLength(json) > LIMIT) {
      const fitted = fit(json, LIMIT);
      json = toJson(fitted.record);
      notes = [
        ...notes,
        ...fitted.truncated.map((field) => noted(field, 'TRUNCATED', 'SOURCE_RECORD_SIZE_LIMITATION')),
        ...fitted.nulled.map((field) => noted(field, 'NULLED', 'SOURCE_RECORD_SIZE_LIMITATION')),
      ];
    }
    return notes.length === 0 ? `${head}${json}}}\n` : `${head}${json},"meta":{"changes":${toJson(notes)}}}}\n`;
  });
}

function noted(
  field: Change['field'],
  change: 'NULLED' | 'TRUNCATED',
  reason: string,
): { field: string; change: string; reason: string } {
  return { field, change, reason };
}

/** The protocol wants a decimal point in `recordCount`, which `JSON.stringify` would leave out. */
function checkpoint({ stream, state, count }: Extract<SyncEvent, { type: 'checkpoint' }>): string {
  const body = toJson({ type: 'STREAM', stream: { stream_descriptor: { name: stream }, stream_state: state } });
  return `{"type":"STATE","state":${body.slice(0, -1)},"sourceStats":{"recordCount":${count.toFixed(1)}}}}\n`;
}

function errorTrace(
  { kind, message, cause }: Failure,
  stream: string | undefined,
  emittedAt: number,
  redact: (text: string) => string,
): ErrorTrace {
  const stack = kind === 'system' && cause instanceof Error ? cause.stack : undefined;
  return {
    type: 'ERROR',
    emitted_at: emittedAt,
    error: {
      message: redact(message),
      failure_type: `${kind}_error`,
      ...(stack === undefined ? {} : { stack_trace: redact(stack) }),
      ...(stream === undefined ? {} : { stream_descriptor: { name: stream } }),
    },
  };
}

const LEVELS = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' } as const;

/** Bytes that a row may have. Platforms take 20 MB, DuckDB objects of 16 MiB. */
const LIMIT = 15 * 1024 * 1024;
