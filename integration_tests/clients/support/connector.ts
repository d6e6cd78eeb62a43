import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../../../simulator/index.ts';
import type { AirbyteMessage, AirbyteStream, JsonObject } from '../../../src/generated/airbyte.ts';
import { configure } from '../../support/catalogs.ts';
import { run } from './process.ts';

export type Row = JsonObject;

type Program = 'source-intercom' | 'tap-intercom';

/** The connector as npm delivers it. */
export class Connector {
  /** Where it is installed. */
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The path of one of its two programs. */
  program(name: Program): string {
    return join(this.folder, 'node_modules/.bin', name);
  }

  async streams(simulator: Simulator): Promise<readonly AirbyteStream[]> {
    const messages = parse(await this.#run(simulator, 'source-intercom', ['discover']));
    return messages.flatMap((message) => (message.type === 'CATALOG' ? message.catalog.streams : []));
  }

  /** What a full refresh of everything prints. */
  async read(simulator: Simulator, streams: readonly AirbyteStream[]): Promise<string> {
    const catalog = join(this.folder, 'catalog.json');
    writeFileSync(catalog, JSON.stringify(configure(streams, 'full_refresh')));
    return this.#run(simulator, 'source-intercom', ['read', '--catalog', catalog]);
  }

  /** What the tap prints that is given no catalog, and so reads everything. */
  async tap(simulator: Simulator, state: JsonObject): Promise<string> {
    const file = join(this.folder, 'state.json');
    writeFileSync(file, JSON.stringify(state));
    return this.#run(simulator, 'tap-intercom', ['--state', file]);
  }

  async #run(simulator: Simulator, program: Program, words: readonly string[]): Promise<string> {
    const config = join(this.folder, 'config.json');
    writeFileSync(config, JSON.stringify({ access_token: simulator.token }));
    const env = { PATH: process.env['PATH'], HOME: this.folder, SOURCE_INTERCOM_API_URL: simulator.url };
    const { stdout } = await run({
      words: [this.program(program), ...words, '--config', config],
      cwd: this.folder,
      env,
    });
    return stdout;
  }
}

/** Builds and packs the connector as a release does, and installs the package into an empty folder. */
export async function installPacked(work: string): Promise<Connector> {
  const folder = join(work, 'connector');
  mkdirSync(folder);
  const { env } = process;
  await run({ words: ['npm', 'run', '--silent', 'build'], cwd: ROOT, env });
  await run({ words: ['npm', 'pack', '--silent', '--pack-destination', folder], cwd: ROOT, env });
  const [tarball = ''] = readdirSync(folder);
  await run({ words: ['npm', 'install', '--silent', '--prefix', folder, join(folder, tarball)], cwd: folder, env });
  return new Connector(folder);
}

/** The rows in what a read printed, by stream; streams without rows have none. */
export function rowsOf(streams: readonly AirbyteStream[], output: string): ReadonlyMap<string, readonly Row[]> {
  const rows = new Map<string, Row[]>(streams.map(({ name }) => [name, []]));
  for (const message of parse(output))
    if (message.type === 'RECORD') rows.get(message.record.stream)?.push(message.record.data);
  return rows;
}

function parse(output: string): readonly AirbyteMessage[] {
  return output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AirbyteMessage);
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
