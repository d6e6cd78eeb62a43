import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startSimulator } from '../../simulator/index.ts';
import type { AirbyteMessage } from '../../src/generated/airbyte.ts';
import { configure, keyOf } from './catalogs.ts';
import type { AirbyteStream } from './run.ts';

/**
 * The first rows of each stream, by key, in the workspace that `npm run simulator` serves: one JSON object per line, as Airbyte's
 * acceptance tests want them.
 */
export async function expectedRecords(streams: readonly AirbyteStream[]): Promise<string> {
  const simulator = await startSimulator();
  const folder = await mkdtemp(join(tmpdir(), 'source-intercom-'));
  const catalog = join(folder, 'catalog.json');
  try {
    await writeFile(catalog, JSON.stringify(configure(streams, 'full_refresh')));
    const messages = await run(['read', '--config', CONFIG, '--catalog', catalog], simulator.url);
    return recordsOf(messages, streams);
  } finally {
    await Promise.all([simulator.close(), rm(folder, { recursive: true })]);
  }
}

/** The streams that the connector offers. */
export async function offered(): Promise<readonly AirbyteStream[]> {
  const messages = await run(['discover', '--config', CONFIG]);
  return messages.flatMap((message) => (message.type === 'CATALOG' ? message.catalog.streams : []));
}

function recordsOf(messages: readonly AirbyteMessage[], streams: readonly AirbyteStream[]): string {
  const lines = streams.flatMap((stream) =>
    messages
      .flatMap((message) =>
        message.type === 'RECORD' && message.record.stream === stream.name ? [message.record] : [],
      )
      .map(({ data }) => ({ key: keyOf(data, stream), data }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, ROWS)
      .map(({ data }) => JSON.stringify({ stream: stream.name, data, emitted_at: EMITTED_AT })),
  );
  return `${lines.join('\n')}\n`;
}

/** Runs the connector from its sources, so that nothing has to be built first. */
async function run(words: readonly string[], api?: string): Promise<readonly AirbyteMessage[]> {
  const env = { ...process.env, ...(api === undefined ? {} : { SOURCE_INTERCOM_API_URL: api }) };
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...words], { env, maxBuffer: 2 ** 28 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AirbyteMessage);
}

const PROGRAM = fileURLToPath(new URL('../../src/source.ts', import.meta.url));
const CONFIG = fileURLToPath(new URL('../simulator_config.json', import.meta.url));
const ROWS = 2;
/** Unix milliseconds. Always the same, so that the file changes only when the rows do. */
const EMITTED_AT = Date.UTC(2026, 0);
