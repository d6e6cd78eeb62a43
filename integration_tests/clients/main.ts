import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { airbyteCdk } from './airbyte-cdk.ts';
import { meltano } from './meltano.ts';
import { protocolModels } from './protocol-models.ts';
import { pyairbyte } from './pyairbyte.ts';
import { singerTools } from './singer-tools.ts';
import { benchOf, type Client } from './support/client.ts';
import { installPacked } from './support/connector.ts';
import { prepareEnvironments } from './support/environments.ts';

const CLIENTS: readonly Client[] = [protocolModels, airbyteCdk, pyairbyte, singerTools, meltano];

const wanted = process.argv.slice(2);
const strange = wanted.filter((name) => !CLIENTS.some((client) => client.name === name));
if (strange.length > 0) throw new Error(`Not a client: ${strange.join(', ')}`);
const clients = CLIENTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

const work = mkdtempSync(join(tmpdir(), 'source-intercom-clients-'));
process.once('exit', () => {
  rmSync(work, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const environments = await prepareEnvironments([...new Set(clients.flatMap(({ requirements }) => requirements))]);
const connector = await installPacked(work);
console.log(`Installed the packed connector and ${environments.size} Python environments in ${seconds(0)}.`);

const failed: string[] = [];
for (const { name, run } of clients) {
  const began = performance.now();
  console.log(`\n${name}`);
  try {
    await run(benchOf(work, name, connector, environments));
    console.log(`${name}: ok, ${seconds(began)}`);
  } catch (error) {
    console.log(`${name}: FAILED, ${seconds(began)}\n${error instanceof Error ? error.message : String(error)}`);
    failed.push(name);
  }
}
console.log(`\n${clients.length - failed.length} of ${clients.length} clients succeeded.`);
process.exitCode = failed.length === 0 ? 0 : 1;

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}
