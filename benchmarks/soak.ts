import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { path, startServer, type Watch } from './child.ts';
import { read } from './connector.ts';
import { count, table } from './table.ts';

/** Reads a workspace of many millions: is memory flat, is the pace steady, and does every row go out, once? */
export async function soak(isQuick: boolean): Promise<string> {
  const contacts = isQuick ? 200_000 : 10_000_000;
  const server = await startServer([path('benchmarks/generated-server.ts'), String(contacts)]);
  const account = new Account(contacts);
  try {
    const streams = [{ name: 'contacts', mode: 'incremental' }] as const;
    const { exitCode, peak, seconds } = await read({ url: server.url, streams }, (output, watch) => {
      void account.take(output, watch);
    });
    if (exitCode !== 0) throw new Error('The connector failed.');
    return [
      table(['Contacts read', 'Records/s', 'Resident memory'], account.stages.map(rowOf)),
      `${count(contacts)} contacts, read incrementally without a state: ${count(account.rows)} rows with ${count(account.different)} different ids, ` +
        `${count(account.states)} states, ${(seconds / 60).toFixed(1)} minutes, greatest resident memory ${megabytes(peak)}. ` +
        'Each line of the table is a tenth of the read. The server makes the contacts up as it is asked, on the same cores; ' +
        `this script parses each line. A private app may have ${count(PERMITTED)} records/s of Intercom.`,
    ].join('\n\n');
  } finally {
    await server.close();
  }
}

interface Stage {
  readonly rows: number;
  /** A second. */
  readonly pace: number;
  readonly memory: number | undefined;
}

/** What came out so far. An id is the position of a contact, in hexadecimal. */
class Account {
  readonly stages: Stage[] = [];
  rows = 0;
  different = 0;
  states = 0;
  readonly #seen: Uint8Array;
  readonly #stage: number;
  #began = performance.now();

  constructor(contacts: number) {
    this.#seen = new Uint8Array(contacts);
    this.#stage = contacts / STAGES;
  }

  async take(output: Readable, watch: Watch): Promise<void> {
    for await (const line of createInterface({ input: output })) {
      const { record, state } = JSON.parse(line) as { record?: { data: { id: string } }; state?: unknown };
      if (state !== undefined) this.states++;
      if (record === undefined) continue;
      this.#row(Number.parseInt(record.data.id, 16));
      if (this.rows % this.#stage === 0) this.#endStage(watch());
    }
  }

  #row(position: number): void {
    this.rows++;
    if (this.#seen[position] === 0) this.different++;
    this.#seen[position] = 1;
  }

  #endStage(memory: number | undefined): void {
    const now = performance.now();
    this.stages.push({ rows: this.rows, pace: (this.#stage * 1000) / (now - this.#began), memory });
    this.#began = now;
  }
}

function rowOf({ rows, pace, memory }: Stage): string[] {
  return [count(rows), count(Math.round(pace)), megabytes(memory)];
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'unknown' : `${count(Math.round(bytes / 1024 ** 2))} MB`;
}

const STAGES = 10;
/** Records a second: pages of 150, in 1,666 calls every 10 seconds, which is what a private app may make. */
const PERMITTED = (150 * 1_666) / 10;
