import { ConnectorError } from '../../core/errors.ts';
import { isObject, textOf, type JsonObject } from '../../core/json.ts';
import type { Config } from '../../generated/config.ts';
import type { Stream } from '../../streams/index.ts';
import { sync } from '../../sync/sync.ts';
import { connect, type Session } from '../session.ts';
import { streamNamed } from './stream-named.ts';
import { columnsShown, isStyled, table, type Column } from './table.ts';

export interface PreviewOptions {
  /** Its name. */
  readonly stream: string;
  readonly limit: number;
  readonly format: 'json' | 'table';
}

/** Prints the first rows of a stream. Reads no further than it must, and neither takes nor leaves a state. */
export async function preview(config: Config, options: PreviewOptions, session: Session): Promise<boolean> {
  const stream = streamNamed(options.stream);
  const { rows, warnings } = await firstRows(config, { ...options, stream }, session);
  // What a whole read would cost is no news here; why there is nothing to see is.
  if (rows.length === 0) for (const warning of warnings) session.log('warn', warning);
  const text = options.format === 'json' ? JSON.stringify(rows, undefined, 2) : tableOf(rows, stream, session);
  await session.output.write(`${text}\n`);
  return true;
}

async function firstRows(
  config: Config,
  { stream, limit }: { readonly stream: Stream; readonly limit: number },
  session: Session,
): Promise<{ readonly rows: readonly JsonObject[]; readonly warnings: readonly string[] }> {
  const { clock, signal } = session;
  const enough = new AbortController();
  const warnings: string[] = [];
  const rows: JsonObject[] = [];
  const careful = { ...config, concurrency: Math.min(config.concurrency, FEW) };
  const events = sync({
    selected: [{ stream, isIncremental: false, state: {} }],
    config: careful,
    api: await connect(careful, session),
    clock,
    log: (level, message) => {
      if (level === 'warn') warnings.push(message);
      else session.log(level, message);
    },
    signal: AbortSignal.any([signal, enough.signal]),
    usage: () => ({ calls: 0, waited: 0 }),
  });
  for await (const event of events) {
    if (event.type === 'log' && event.level === 'warn') warnings.push(event.message);
    if (event.type === 'stream_ended' && event.failure !== undefined)
      throw new ConnectorError(event.failure.kind, event.failure.message, { cause: event.failure.cause });
    if (event.type === 'records') rows.push(...(event.records as readonly JsonObject[]));
    if (rows.length >= limit) {
      enough.abort(new Error('There are enough rows.'));
      break;
    }
  }
  return { rows: rows.slice(0, limit), warnings };
}

function tableOf(rows: readonly JsonObject[], stream: Stream, { environment }: Session): string {
  if (rows.length === 0) return `${stream.name} has no rows.`;
  const names = columnsOf(rows, stream);
  const columns = names.map((title): Column => ({ title }));
  const cells = rows.map((row) => names.map((name) => cellOf(row[name])));
  const { stdout } = process;
  const options = { isStyled: isStyled(stdout, environment), width: stdout.columns || WIDTH, widestCell: WIDEST };
  const hidden = names.slice(columnsShown(columns, cells, options));
  const lines = table(columns, cells, options);
  if (hidden.length === 0) return lines.join('\n');
  const some = [...hidden.slice(0, NAMED), ...(hidden.length > NAMED ? ['...'] : [])].join(', ');
  return `${lines.join('\n')}\n\nNo room for ${hidden.length} more columns (${some}); --format json shows all.`;
}

/** What identifies a row first, then its cursor, then what tells something at a glance, then the rest. */
function columnsOf(rows: readonly JsonObject[], { primaryKey, cursor }: Stream): readonly string[] {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const first = [...primaryKey, ...(cursor === undefined ? [] : [cursor])];
  const rank = (name: string): number => {
    if (first.includes(name)) return 0;
    const values = rows.map((row) => row[name] ?? null);
    if (values.every((value) => value === null || value === '')) return 3;
    return values.some((value) => isObject(value) || Array.isArray(value)) ? 2 : 1;
  };
  const rest = all.filter((name) => !first.includes(name)).sort((a, b) => rank(a) - rank(b));
  return [...first, ...rest];
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' && !JSON.isRawJSON(value) ? JSON.stringify(value) : textOf(value);
}

/** Requests on their way: each that is not needed any more has been made in vain. */
const FEW = 4;
/** Of a screen, where there is none. */
const WIDTH = 120;
const WIDEST = 32;
/** Columns without room that are named. */
const NAMED = 8;
