import type { JsonSchema } from '../../../src/core/schema.ts';
import type { Facts, JsonObject } from '../../support/run.ts';

export interface SchemaMessage {
  readonly type: 'SCHEMA';
  readonly stream: string;
  readonly schema: JsonSchema & { readonly properties: Readonly<Record<string, JsonSchema>> };
  readonly key_properties: readonly string[];
  readonly bookmark_properties?: readonly string[];
}

export interface RecordMessage {
  readonly type: 'RECORD';
  readonly stream: string;
  readonly record: JsonObject;
  readonly time_extracted: string;
}

export interface State {
  readonly bookmarks: Readonly<Record<string, JsonObject>>;
  readonly currently_syncing?: string;
}

export interface StateMessage {
  readonly type: 'STATE';
  readonly value: State;
}

export type SingerMessage = SchemaMessage | RecordMessage | StateMessage;

/** What one run of the tap printed, and how it ended. */
export class TapRun implements Facts {
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
  readonly messages: readonly SingerMessage[];

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

  get schemas(): readonly SchemaMessage[] {
    return this.messages.filter((message) => message.type === 'SCHEMA');
  }

  /** The schema of a stream. @throws Error if there is none */
  schema(stream: string): SchemaMessage {
    const found = this.schemas.find((message) => message.stream === stream);
    if (found === undefined) throw new Error(`There is no SCHEMA of ${stream}`);
    return found;
  }

  /** The names of the columns that a stream has according to its schema. */
  columns(stream: string): readonly string[] {
    return Object.keys(this.schema(stream).schema.properties);
  }

  records(stream?: string): readonly RecordMessage[] {
    return this.messages.filter(
      (message) => message.type === 'RECORD' && (stream === undefined || message.stream === stream),
    ) as readonly RecordMessage[];
  }

  rows(stream?: string): readonly JsonObject[] {
    return this.records(stream).map(({ record }) => record);
  }

  get states(): readonly State[] {
    return this.messages.filter((message) => message.type === 'STATE').map(({ value }) => value);
  }

  /** As the next run is given it. @throws Error if there is none */
  get lastState(): State {
    const last = this.states.at(-1);
    if (last === undefined) throw new Error('There is no STATE');
    return last;
  }

  /** Lines of stderr of a level, without its name: `WARNING`. */
  logs(level: string): readonly string[] {
    return this.stderr
      .split('\n')
      .filter((line) => line.startsWith(`${level} `))
      .map((line) => line.slice(level.length + 1));
  }
}

function parse(line: string): SingerMessage[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? [value as SingerMessage] : [];
  } catch {
    return []; // `faultsOf` complains of it
  }
}
