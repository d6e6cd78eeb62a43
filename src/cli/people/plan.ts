import type { Config } from '../../generated/config.ts';
import { parseCatalog, parseState } from '../../protocol/airbyte-input.ts';
import type { Figure } from '../../readers/reader.ts';
import { streams } from '../../streams/index.ts';
import { plan, type Plan, type Prospect } from '../../sync/plan.ts';
import { readJson, readOptionalLines } from '../files.ts';
import { connect, type Session } from '../session.ts';
import { isStyled, table, type Column } from './table.ts';

export interface PlanOptions {
  /** Files. */
  readonly catalog: string | undefined;
  readonly state: string | undefined;
  readonly format: 'json' | 'table';
}

/** Prints what a read would come to. Reads no more than a look at each stream takes. */
export async function showPlan(config: Config, options: PlanOptions, session: Session): Promise<boolean> {
  const { clock, log, signal, output, environment } = session;
  const { catalog } = options;
  const states = parseState(await readOptionalLines(options.state, 'state'));
  const selection =
    catalog === undefined
      ? streams.map((stream) => ({ stream, isIncremental: stream.cursor !== undefined }))
      : parseCatalog(await readJson(catalog, 'catalog'), streams).streams;
  const selected = selection.map((each) => ({ ...each, state: states.get(each.stream.name) ?? {} }));
  const api = await connect(config, session);
  const found = await plan({ selected, config, api, clock, log, signal });
  const text = options.format === 'json' ? JSON.stringify(inJson(found), undefined, 2) : inWords(found, environment);
  await output.write(`${text}\n`);
  return true;
}

function inJson({ streams, calls, limit }: Plan): object {
  return {
    streams: streams.map(({ stream, rows, calls, sharesWith, failure }) => ({
      stream,
      rows: rows ?? null,
      calls,
      minutes: minutesOf(calls, limit) ?? null,
      shares_pages_with: sharesWith ?? null,
      problem: failure?.message ?? null,
    })),
    calls,
    minutes: minutesOf(calls, limit) ?? null,
    calls_per_minute: limit?.perMinute ?? null,
  };
}

function inWords(found: Plan, environment: NodeJS.ProcessEnv): string {
  const { calls, limit, streams } = found;
  const row = ({ stream, rows, calls, ...more }: Prospect): readonly string[] => [
    stream,
    more.failure === undefined ? numberOf(rows) : '',
    more.failure === undefined ? numberOf(calls) : '',
    more.failure === undefined ? timeOf(calls, limit) : '',
    noteOf(more),
  ];
  const total = ['Total', '', numberOf(calls), timeOf(calls, limit), 'with one call to try the token'];
  const lines = table(COLUMNS, [...streams.map(row), total], { isStyled: isStyled(process.stdout, environment) });
  return [...lines, '', ...legendOf(found)].join('\n');
}

function legendOf({ streams, limit }: Plan): readonly string[] {
  const figures = streams.flatMap(({ rows, calls }) => [rows, calls]);
  const used = (is: Figure['is']): boolean => figures.some((figure) => figure?.is === is);
  const unknown = streams.filter(({ rows, failure }) => rows === undefined && failure === undefined);
  return [
    limit === undefined
      ? 'Intercom does not say how many calls it permits.'
      : `Minutes at the present limit of ${format(limit.perMinute)} calls a minute.`,
    ...(used('about') ? ['~ About: reckoned from some of the records.'] : []),
    ...(used('least') ? ['≥ At least about: more pages, or more calls per record, show only when they are read.'] : []),
    ...(unknown.length > 0
      ? [
          `? Unknown: how many rows they have shows only when they are read (${unknown.map(({ stream }) => stream).join(', ')}).`,
        ]
      : []),
  ];
}

function noteOf({ sharesWith, failure }: Pick<Prospect, 'failure' | 'sharesWith'>): string {
  if (failure !== undefined) return failure.message;
  return sharesWith === undefined ? '' : `shares the pages of ${sharesWith}`;
}

function numberOf(figure: Figure | undefined): string {
  return figure === undefined ? '?' : MARKS[figure.is] + format(figure.value);
}

function timeOf(calls: Figure, limit: Plan['limit']): string {
  const minutes = minutesOf(calls, limit);
  if (minutes === undefined) return '?';
  if (minutes === 0) return '0';
  return minutes < 1 ? `${calls.is === 'least' ? MARKS.least : ''}<1` : MARKS[calls.is] + format(Math.ceil(minutes));
}

function minutesOf({ value }: Figure, limit: Plan['limit']): number | undefined {
  return limit === undefined ? undefined : value / limit.perMinute;
}

function format(value: number): string {
  return value.toLocaleString('en-US');
}

const MARKS = { exact: '', about: '~', least: '≥' } as const;

const COLUMNS: readonly Column[] = [
  { title: 'Stream' },
  { title: 'Rows', align: 'right' },
  { title: 'Calls', align: 'right' },
  { title: 'Minutes', align: 'right' },
  { title: 'Note' },
];
