import { fileURLToPath } from 'node:url';
import { startSimulator } from '../../simulator/index.ts';
import { SCENARIOS } from '../../simulator/scenarios.ts';
import type { Bench, Client } from './support/client.ts';
import { run } from './support/process.ts';

/** Airbyte's own pydantic models of the protocol have to take every line of a read of all streams, whatever stands in the workspace. */
export const protocolModels: Client = {
  name: 'protocol-models',
  requirements: ['protocol-models'],
  run: async (bench) => {
    await parseEverything(bench);
    await parseEverything(bench, 'hostile');
  },
};

async function parseEverything({ connector, folder, program, env, say }: Bench, scenario?: string): Promise<void> {
  const simulator = await startSimulator();
  if (scenario !== undefined) SCENARIOS[scenario]!(simulator.world);
  try {
    const streams = await connector.streams(simulator);
    const output = await connector.read(simulator, streams);
    const { stdout } = await run({
      words: [program('protocol-models', 'python'), PARSER],
      cwd: folder,
      env: env(simulator),
      stdin: output,
    });
    const counts = JSON.parse(stdout) as Readonly<Record<string, number>>;
    const lines = output.split('\n').length - 1;
    const parsed = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (parsed !== lines) throw new Error(`${parsed} of ${lines} lines were parsed`);
    say(
      `a read of ${streams.length} streams${scenario === undefined ? '' : ` of a ${scenario} workspace`}: ${lines} lines parsed: ${Object.entries(
        counts,
      )
        .map(([type, count]) => `${count} ${type}`)
        .join(', ')}`,
    );
  } finally {
    await simulator.close();
  }
}

const PARSER = fileURLToPath(new URL('python/parse_messages.py', import.meta.url));
