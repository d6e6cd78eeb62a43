import type { OfferedStream } from './demo-connector.ts';
import type { Read, Row } from './demo-read.ts';
import { Table, wrap } from './demo-table.ts';

/** Prints the rows of the second read: those that changed, and what comes with them. */
export function printChanges({ rows }: Read, streams: readonly OfferedStream[]): void {
  const table = new Table([{ width: 22 }, { width: 25 }, { width: 16 }, { width: 9 }]);
  console.log(`\n${table.head('stream', 'id', 'what', 'changed')}`);
  for (const name of ENTITIES)
    for (const row of rows.get(name) ?? [])
      console.log(table.row(name, text(row['id']), describe(row), timeOf(row['updated_at'] ?? row['deleted_at'])));
  const others = streams
    .filter(({ name, supported_sync_modes: modes }) => !ENTITIES.includes(name) && modes.includes('incremental'))
    .map(({ name }) => ({ name, count: rows.get(name)?.length ?? 0 }))
    .filter(({ count }) => count > 0);
  const list = others.map(({ name, count }) => `${name} ${count.toLocaleString('en-US')}`).join(', ');
  if (list !== '') console.log(`\n${wrap(`With them came what is made of them: ${list}.`, 80, '  ')}`);
  const whole = streams.filter(({ supported_sync_modes: modes }) => !modes.includes('incremental'));
  if (whole.length > 0)
    console.log(
      wrap(`Lists without a cursor were read whole again: ${whole.map(({ name }) => name).join(', ')}.`, 80, '  '),
    );
}

/** Compares what arrived with what was changed, and prints the outcome. @returns whether nothing was missed */
export function printVerdict(
  { rows }: Read,
  changed: Readonly<Record<string, readonly string[]>>,
  streams: readonly OfferedStream[],
): boolean {
  const table = new Table([
    { width: 22 },
    { width: 12, numeric: true },
    { width: 9, numeric: true },
    { width: 9, numeric: true },
    { width: 9, numeric: true },
  ]);
  console.log(`\n${table.head('stream', 'changed', 'arrived', 'missed', 'repeated')}`);
  let isComplete = true;
  for (const [name, ids] of Object.entries(changed)) {
    if (!streams.some((stream) => stream.name === name)) continue;
    const arrived = (rows.get(name) ?? []).map(({ id }) => text(id));
    const expected = new Set(ids);
    const missed = [...expected].filter((id) => !arrived.includes(id)).length;
    const repeated = arrived.length - (expected.size - missed);
    console.log(table.row(name, expected.size, arrived.length, missed, repeated));
    isComplete &&= missed === 0;
  }
  return isComplete;
}

function describe(row: Row): string {
  const { name, state, open } = row;
  return text(name) || text(state) || (open === false ? 'closed' : '');
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function timeOf(seconds: unknown): string {
  return typeof seconds === 'number' ? new Date(seconds * 1000).toISOString().slice(11, 19) : '';
}

/** Streams whose rows are things in Intercom, and not made from those of another stream. */
const ENTITIES: readonly string[] = ['contacts', 'companies', 'conversations', 'tickets', 'deleted_conversations'];
