import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Simulator } from '../../../simulator/index.ts';
import type { Connector } from './connector.ts';

/** A program that users run the connector with. */
export interface Client {
  readonly name: string;
  /** The files of requirements it needs installed. */
  readonly requirements: readonly string[];
  /** Loads with the client, and compares. @throws Error that says what differs */
  readonly run: (bench: Bench) => Promise<void>;
}

/** What a client works with. */
export interface Bench {
  /** A folder of its own in which the connector is installed, and in which everything is gone afterwards. */
  readonly folder: string;
  readonly connector: Connector;
  /** The path of a program that a file of requirements brings. */
  readonly program: (requirements: string, name: string) => string;
  /** An environment in which programs speak to a simulator, tell nobody of it, and touch nothing of the user's. */
  readonly env: (simulator: Simulator) => NodeJS.ProcessEnv;
  /** Prints what was loaded and compared. */
  readonly say: (line: string) => void;
}

export function benchOf(
  work: string,
  name: string,
  connector: Connector,
  environments: ReadonlyMap<string, string>,
): Bench {
  const folder = join(work, name.toLowerCase().replaceAll(/\W+/g, '-'));
  const home = join(folder, 'home');
  mkdirSync(join(home, 'tmp'), { recursive: true });
  symlinkSync(join(connector.folder, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    connector,
    program: (requirements, program) => join(environments.get(requirements) ?? '', 'bin', program),
    env: ({ url }) => ({
      ...QUIET,
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: join(home, 'tmp'),
      SOURCE_INTERCOM_API_URL: url,
    }),
    say: (line) => {
      console.log(`  ${line}`);
    },
  };
}

const QUIET = {
  LANG: 'C.UTF-8',
  NO_COLOR: '1',
  DO_NOT_TRACK: '1',
  AIRBYTE_OFFLINE_MODE: '1',
  MELTANO_SEND_ANONYMOUS_USAGE_STATS: 'false',
  MELTANO_CLI_DISABLE_VERSION_CHECK: 'true',
  MELTANO_AUTO_INSTALL: 'false', // only what is asked for, with the hashes that are known
};
