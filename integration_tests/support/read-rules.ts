import type { ConfiguredCatalog } from './catalogs.ts';
import { nameOf, type Run, type StreamStateMessage } from './run.ts';

/** Everything in which a read breaks the rules for records, statuses and states (checks 95 to 99, 109 to 113 and 124, 125). */
export function faultsOfRead(run: Run, { streams }: ConfiguredCatalog): readonly string[] {
  const configured = new Set(streams.map(({ stream }) => stream.name));
  const faults: string[] = [];
  for (const name of new Set(run.records().map(({ stream }) => stream)))
    if (!configured.has(name)) faults.push(`${name}: records, although nobody asked for it`);
  if (run.records().some(({ namespace }) => namespace !== undefined)) faults.push('records with a namespace');
  for (const name of new Set(run.states().map(nameOf)))
    if (!configured.has(name)) faults.push(`${name}: state, although nobody asked for it`);
  for (const { stream_descriptor: descriptor, status } of run.streamStatuses())
    if (!configured.has(descriptor.name)) faults.push(`${descriptor.name}: ${status}, although nobody asked for it`);
  for (const name of configured) for (const fault of faultsOfStream(run, name)) faults.push(`${name}: ${fault}`);
  for (const line of run.lines)
    if (line.startsWith('{"type":"STATE"') && !/"recordCount":\d+\.\d+/.test(line))
      faults.push(`a count without a decimal point: ${line}`);
  return faults;
}

/** The same order of things holds for every stream: STARTED, RUNNING, rows and states, COMPLETE or INCOMPLETE. */
function* faultsOfStream(run: Run, name: string): Generator<string> {
  const statuses = run.statuses(name).join(' ');
  if (!/^STARTED( RUNNING)+ (COMPLETE|INCOMPLETE)$/.test(statuses)) yield `statuses ${statuses}`;
  let phase = 'before';
  let counted = 0;
  let inAll = 0;
  let last: StreamStateMessage | undefined;
  for (const message of run.messages) {
    if (message.type === 'RECORD' && message.record.stream === name) {
      if (phase !== 'RUNNING') yield `a record while its status is ${phase}`;
      counted++;
      inAll++;
    } else if (message.type === 'STATE' && nameOf(message.state) === name) {
      if (phase !== 'RUNNING') yield `a state while its status is ${phase}`;
      if (message.state.sourceStats.recordCount !== counted)
        yield `a state counts ${message.state.sourceStats.recordCount} of ${counted} records`;
      if (counted > 0 && last !== undefined && isSame(last, message.state))
        yield 'the same state twice, with records between';
      if (cursorOf(message.state) < cursorOf(last)) yield 'the cursor goes back';
      last = message.state;
      counted = 0;
    } else if (message.type === 'TRACE' && message.trace.type === 'STREAM_STATUS') {
      const { stream_descriptor: descriptor, status } = message.trace.stream_status;
      if (descriptor.name === name) phase = status;
    }
  }
  if (last === undefined) yield 'no state';
  if (counted > 0) yield `${counted} of ${inAll} records after the last state`;
}

function isSame(a: StreamStateMessage, b: StreamStateMessage): boolean {
  return JSON.stringify(a.stream.stream_state) === JSON.stringify(b.stream.stream_state);
}

/** The greatest number at the top of a state under a name that ends as times do; states without one do not count. */
export function cursorOf(state: StreamStateMessage | undefined): number {
  const times = Object.entries(state?.stream.stream_state ?? {}).filter(([key]) => key.endsWith('_at'));
  return Math.max(-Infinity, ...times.map(([, value]) => (typeof value === 'number' ? value : NaN)));
}
