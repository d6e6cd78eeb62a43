/** Writes the sample files anew; part of `npm run generate`. */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expectedRecords, offered } from './expected-records.ts';
import { samplesOf } from './samples.ts';

const streams = await offered();
for (const [name, sample] of Object.entries(samplesOf(streams))) {
  const file = new URL(`../${name}`, import.meta.url);
  const options = { ...(await resolveConfig(file)), parser: 'json' };
  writeFileSync(file, await format(JSON.stringify(sample, null, 2), options));
}
writeFileSync(new URL('../expected_records.jsonl', import.meta.url), await expectedRecords(streams));
