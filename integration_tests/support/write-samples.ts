/** Writes the sample files anew: `node integration_tests/support/write-samples.ts`, after `npm run build`. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AirbyteMessage } from '../../src/generated/airbyte.ts';
import { samplesOf } from './samples.ts';

const program = fileURLToPath(new URL('../../dist/source.js', import.meta.url));
const config = fileURLToPath(new URL('../sample_config.json', import.meta.url));
const { stdout } = spawnSync(process.execPath, [program, 'discover', '--config', config], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const messages = stdout
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as AirbyteMessage);
const streams = messages.flatMap((message) => (message.type === 'CATALOG' ? message.catalog.streams : []));
for (const [name, sample] of Object.entries(samplesOf(streams)))
  writeFileSync(new URL(`../${name}`, import.meta.url), `${JSON.stringify(sample, null, 2)}\n`);
