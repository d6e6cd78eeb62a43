import { path, run, startServer, type Run } from './child.ts';
import { read, TOKEN } from './connector.ts';
import { count, median, table } from './table.ts';

/** Records a second of `contacts`, beside a loop that only fetches, parses, stringifies and writes the same pages. */
export async function throughput(isQuick: boolean): Promise<string> {
  const contacts = isQuick ? 20_000 : 200_000;
  const server = await startServer([path('benchmarks/page-server.ts'), String(contacts)]);
  const rounds: Round[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const bare = await run([path('benchmarks/bare-loop.ts'), server.url, TOKEN]);
      const streams = [{ name: 'contacts', mode: 'full_refresh' }] as const;
      const connector = await read({ url: server.url, streams });
      if (bare.exitCode + connector.exitCode !== 0) throw new Error('A run failed.');
      rounds.push({ bare, connector });
    }
  } finally {
    await server.close();
  }
  return [tableOf(rounds, contacts), explain(contacts, median(rounds.map(ratio)))].join('\n\n');
}

interface Round {
  readonly bare: Run;
  readonly connector: Run;
}

function tableOf(rounds: readonly Round[], contacts: number): string {
  const pace = (seconds: number): string => count(Math.round(contacts / seconds));
  const rows = rounds.map((round, index) => [
    String(index + 1),
    pace(round.bare.seconds),
    pace(round.connector.seconds),
    ratio(round).toFixed(2),
    (round.bare.cpu ?? NaN).toFixed(1),
    (round.connector.cpu ?? NaN).toFixed(1),
    ratioOfCpu(round).toFixed(2),
  ]);
  const last = [
    'Median',
    pace(median(rounds.map(({ bare }) => bare.seconds))),
    pace(median(rounds.map(({ connector }) => connector.seconds))),
    median(rounds.map(ratio)).toFixed(2),
    median(rounds.map(({ bare }) => bare.cpu ?? NaN)).toFixed(1),
    median(rounds.map(({ connector }) => connector.cpu ?? NaN)).toFixed(1),
    median(rounds.map(ratioOfCpu)).toFixed(2),
  ];
  return table(
    ['Round', 'Bare, records/s', 'Connector, records/s', 'Ratio', 'Bare, CPU s', 'Connector, CPU s', 'Ratio of CPU'],
    [...rows, last],
  );
}

function ratio({ bare, connector }: Round): number {
  return bare.seconds / connector.seconds;
}

function ratioOfCpu({ bare, connector }: Round): number {
  return (bare.cpu ?? NaN) / (connector.cpu ?? NaN);
}

function explain(contacts: number, result: number): string {
  return (
    `${count(contacts)} contacts, read by both as child processes, from start to exit, their output read from a pipe and ` +
    'dropped. The server keeps the pages in memory and waits for nothing, so that all there is to see is the cost of ' +
    'processing. The bare loop fetches, parses, stringifies and writes, one page after another; it is the least that any ' +
    `program could do. Aim: a ratio of at least 0.80. Measured: ${result.toFixed(2)}.`
  );
}

const ROUNDS = 5;
