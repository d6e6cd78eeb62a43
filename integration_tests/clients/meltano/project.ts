import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '../../../simulator/index.ts';
import type { Bench } from '../support/client.ts';
import { pinnedTo } from '../support/environments.ts';
import { run, type Command, type Outcome } from '../support/process.ts';

type Settings = Readonly<Record<string, string>>;

/** `examples/meltano/` as it is, in the folder of a bench. */
export class Project {
  readonly folder: string;
  readonly #bench: Bench;

  constructor(bench: Bench) {
    this.#bench = bench;
    this.folder = bench.folder;
    cpSync(EXAMPLE, bench.folder, { recursive: true });
  }

  /** Path of its meltano.yml. */
  get file(): string {
    return join(this.folder, 'meltano.yml');
  }

  /**
   * Installs a loader as users do. What `pip_url` says has to agree with the loader's file of requirements; all that it needs is of
   * the versions and hashes there.
   */
  async install(simulator: Simulator, loader: string): Promise<void> {
    const { words, cwd, env } = this.#command(simulator, ['install', 'loader', loader], {});
    await run({ words, cwd, env: { ...process.env, ...env, ...pinnedTo(loader) } });
  }

  /** Runs Meltano. @throws Error if it ends with another exit code than it should */
  run(simulator: Simulator, words: readonly string[], settings: Settings = {}, exitCode = 0): Promise<Outcome> {
    return run({ ...this.#command(simulator, words, settings), exitCode });
  }

  /** Loads, going on from Meltano's state. @returns how many rows the tap sent */
  async load(simulator: Simulator, loader: string, settings: Settings = {}): Promise<number> {
    const { stderr } = await this.run(simulator, ['run', 'tap-intercom', loader], settings);
    const metrics = [...stderr.matchAll(/ tap-intercom .*METRIC: (\{.*\})$/gm)].map(
      ([, json = '']) => JSON.parse(json) as Metric,
    );
    return metrics.reduce((sum, { metric, value }) => sum + (metric === 'record_count' ? value : 0), 0);
  }

  #command(simulator: Simulator, words: readonly string[], settings: Settings): Command {
    const env = { ...this.#bench.env(simulator), TAP_INTERCOM_ACCESS_TOKEN: simulator.token, ...settings };
    return { words: [this.#bench.program('meltano', 'meltano'), ...words], cwd: this.folder, env };
  }
}

interface Metric {
  readonly metric: string;
  readonly value: number;
}

const EXAMPLE = fileURLToPath(new URL('../../../examples/meltano', import.meta.url));
