import type {
  AirbyteCatalog,
  AirbyteMessage,
  AirbyteRecord,
  ConnectionStatus,
  ConnectorSpecification,
  ErrorTrace,
  JsonObject,
  Log,
  StreamStateMessage,
  StreamStatusTrace,
} from '../../src/generated/airbyte.ts';

export type { AirbyteMessage, AirbyteStream, JsonObject, StreamStateMessage } from '../../src/generated/airbyte.ts';

/** How a run of the program went. */
export interface Facts {
  readonly words: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Unix milliseconds before the process was started, */
  readonly startedAt: number;
  /** and after all its output had been read. */
  readonly endedAt: number;
}

export type Status = StreamStatusTrace['stream_status'];

/** What one run of the program printed, and how it ended. */
export class Run implements Facts {
  readonly words: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whole lines of stdout, without their ends. */
  readonly lines: readonly string[];
  /** The lines that are JSON objects. */
  readonly messages: readonly AirbyteMessage[];

  constructor(facts: Facts) {
    this.words = facts.words;
    this.stdout = facts.stdout;
    this.stderr = facts.stderr;
    this.exitCode = facts.exitCode;
    this.signal = facts.signal;
    this.startedAt = facts.startedAt;
    this.endedAt = facts.endedAt;
    this.lines = facts.stdout.split('\n').slice(0, -1);
    this.messages = this.lines.flatMap((line) => parse(line));
  }

  get milliseconds(): number {
    return this.endedAt - this.startedAt;
  }

  /** How many messages there are of each type; traces by their own types. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const message of this.messages) {
      const type = message.type === 'TRACE' ? message.trace.type : message.type;
      counts[type] = (counts[type] ?? 0) + 1;
    }
    return counts;
  }

  records(stream?: string): readonly AirbyteRecord[] {
    return this.messages
      .flatMap((message) => (message.type === 'RECORD' ? [message.record] : []))
      .filter((record) => stream === undefined || record.stream === stream);
  }

  rows(stream?: string): readonly JsonObject[] {
    return this.records(stream).map(({ data }) => data);
  }

  states(stream?: string): readonly StreamStateMessage[] {
    return this.messages
      .flatMap((message) => (message.type === 'STATE' ? [message.state] : []))
      .filter((state) => stream === undefined || nameOf(state) === stream);
  }

  /** The last state of each stream, as the next run is given it. */
  lastStates(): readonly StreamStateMessage[] {
    return [...new Map(this.states().map((state) => [nameOf(state), state])).values()];
  }

  streamStatuses(stream?: string): readonly Status[] {
    return this.messages
      .flatMap((message) =>
        message.type === 'TRACE' && message.trace.type === 'STREAM_STATUS' ? [message.trace.stream_status] : [],
      )
      .filter((status) => stream === undefined || status.stream_descriptor.name === stream);
  }

  /** The statuses of a stream, in order. */
  statuses(stream: string): readonly Status['status'][] {
    return this.streamStatuses(stream).map(({ status }) => status);
  }

  errors(stream?: string): readonly ErrorTrace['error'][] {
    return this.messages
      .flatMap((message) => (message.type === 'TRACE' && message.trace.type === 'ERROR' ? [message.trace.error] : []))
      .filter((error) => stream === undefined || error.stream_descriptor?.name === stream);
  }

  /** All errors as `failure_type: message`. */
  get complaints(): readonly string[] {
    return this.errors().map(({ failure_type: type, message }) => `${type}: ${message}`);
  }

  logs(level?: Log['level']): readonly string[] {
    return this.messages
      .flatMap((message) => (message.type === 'LOG' ? [message.log] : []))
      .filter((log) => level === undefined || log.level === level)
      .map(({ message }) => message);
  }

  get connectionStatuses(): readonly ConnectionStatus[] {
    return this.messages.flatMap((message) => (message.type === 'CONNECTION_STATUS' ? [message.connectionStatus] : []));
  }

  get catalogs(): readonly AirbyteCatalog[] {
    return this.messages.flatMap((message) => (message.type === 'CATALOG' ? [message.catalog] : []));
  }

  get specs(): readonly ConnectorSpecification[] {
    return this.messages.flatMap((message) => (message.type === 'SPEC' ? [message.spec] : []));
  }
}

export function nameOf(state: StreamStateMessage): string {
  return state.stream.stream_descriptor.name;
}

function parse(line: string): AirbyteMessage[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? [value as AirbyteMessage] : [];
  } catch {
    return []; // `faultsOf` complains of it
  }
}
