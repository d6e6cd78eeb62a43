import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { path, run, type Consume, type Run } from './child.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What a read said. */
export interface Outcome extends Run {
  /** Rows by stream. */
  readonly rows: ReadonlyMap<string, number>;
  readonly states: readonly unknown[];
}

export interface ReadOptions {
  readonly url: string;
  readonly streams: readonly { readonly name: string; readonly mode: 'full_refresh' | 'incremental' }[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly state?: readonly unknown[];
}

export interface Offered {
  readonly name: string;
  readonly supported_sync_modes: readonly string[];
}

/** The built command line. */
export const PROGRAM = path('dist/source.js');

/** The access token that the simulator knows. */
export const TOKEN = 'simulator-token';

/** Reads, and leaves the output to `consume`. */
export async function read({ url, streams, config, state }: ReadOptions, consume?: Consume): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'source-intercom-bench-'));
  const file = (name: string, value: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return join(folder, name);
  };
  try {
    const catalog = {
      streams: streams.map(({ name, mode }) => ({
        stream: { name, json_schema: {}, supported_sync_modes: [mode] },
        sync_mode: mode,
        destination_sync_mode: 'append',
      })),
    };
    const words = [PROGRAM, 'read', '--config', file('config.json', { access_token: TOKEN, ...config })];
    words.push('--catalog', file('catalog.json', catalog));
    if (state !== undefined) words.push('--state', file('state.json', state));
    return await run(words, {
      environment: { SOURCE_INTERCOM_API_URL: url },
      ...(consume === undefined ? {} : { consume }),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads, and looks at each message. */
export async function readMessages(options: ReadOptions): Promise<Outcome> {
  const rows = new Map<string, number>();
  const states = new Map<string, unknown>();
  const outcome = await read(options, (output) => {
    createInterface({ input: output }).on('line', (line) => {
      const { record, state } = JSON.parse(line) as {
        record?: { stream: string };
        state?: { stream: { stream_descriptor: { name: string } } };
      };
      if (record !== undefined) rows.set(record.stream, (rows.get(record.stream) ?? 0) + 1);
      if (state !== undefined) states.set(state.stream.stream_descriptor.name, state);
    });
  });
  return { ...outcome, rows, states: [...states.values()] };
}

/** All streams that the connector offers. */
export async function discover(): Promise<readonly Offered[]> {
  const folder = mkdtempSync(join(tmpdir(), 'source-intercom-bench-'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ access_token: TOKEN }));
  let text = '';
  await run([PROGRAM, 'discover', '--config', join(folder, 'config.json')], {
    consume: (output) => {
      output.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    },
  });
  rmSync(folder, { recursive: true });
  const messages = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { catalog?: { streams: Offered[] } });
  return messages.find(({ catalog }) => catalog !== undefined)?.catalog?.streams ?? [];
}
