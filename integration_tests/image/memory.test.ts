import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { startSimulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { dataFolder, inside, run, saw } from './container.ts';

const LIMIT = ['--memory', '256m', '--memory-swap', '256m'];
/** Companies are held in memory while they are scrolled; conversations are followed one by one. */
const SIZES = { contacts: 30_000, companies: 20_000, conversations: 1_500 };
/** Writes the most memory that the process had, in kB. Without blanks and double quotes: NODE_OPTIONS is split at them. */
const PEAK =
  "import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync('/out/peak',String(process.resourceUsage().maxRSS)))";

test('a container of 256 MB is one: who takes more is killed', async () => {
  const greedy = 'const taken = []; for (;;) taken.push(Buffer.alloc(1e7, 1));';
  await expect(inside(['node', '--eval', greedy], { flags: LIMIT })).rejects.toMatchObject({ code: 137 });
  saw('exit code 137');
});

test('a large read in a container of 256 MB', async () => {
  const large = await startSimulator({ sizes: SIZES });
  const { contacts, companies, conversations } = large.world;
  const streams = ['contacts', 'contact_tags', 'companies', 'company_tags', 'conversations', 'conversation_parts'];
  const data = dataFolder({
    'config.json': { access_token: large.token },
    'catalog.json': configure(streams, 'full_refresh'),
  });
  const out = dataFolder({});
  const flags = [...LIMIT, '--volume', `${out}:/out`, '--env', `NODE_OPTIONS=--import=data:text/javascript,${PEAK}`];
  const records = new Counter();
  const words = ['read', '--config', '/data/config.json', '--catalog', '/data/catalog.json'];
  const patience = 200_000;
  const result = await run(words, { api: large.url, data, flags, patience, reader: (stdout) => records.read(stdout) });
  await large.close();

  expect([result.exitCode, result.errors()]).toEqual([0, []]);
  expect(streams.filter((name) => result.statuses(name).at(-1) !== 'COMPLETE')).toEqual([]);
  for (const [name, all] of Object.entries({ contacts, companies, conversations }))
    expect([name, records.counts.get(name)]).toEqual([name, [...all.all()].length]);
  const peak = Number(readFileSync(join(out, 'peak'), 'utf8')) / 1000;
  saw(
    `${records.total} records, ${(records.bytes / 1e6).toFixed(0)} MB, ` +
      `${(result.milliseconds / 1000).toFixed(1)} s, ${peak.toFixed(0)} MB of memory at most`,
  );
}, 240_000);

/** Reads a long output without keeping its records. */
class Counter {
  readonly counts = new Map<string, number>();
  bytes = 0;

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** @returns all lines but the records */
  async read(stdout: Readable): Promise<string> {
    const others: string[] = [];
    for await (const line of createInterface({ input: stdout, crlfDelay: Infinity })) {
      this.bytes += line.length + 1;
      const [, stream] = /^\{"type":"RECORD","record":\{"stream":"(\w+)"/.exec(line) ?? [];
      if (stream === undefined) others.push(`${line}\n`);
      else this.counts.set(stream, (this.counts.get(stream) ?? 0) + 1);
    }
    return others.join('');
  }
}
