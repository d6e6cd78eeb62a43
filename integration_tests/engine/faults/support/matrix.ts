import type { RequestEntry } from '../../../../simulator/index.ts';
import type { Reading, ReadOptions } from '../../support/read.ts';
import type { VirtualWorkspace } from '../../support/virtual-workspace.ts';
import type { Fault } from './faults.ts';
import { faultsOfFirst, faultsOfNext } from './judge.ts';
import { kindOf } from './kinds.ts';
import type { Setting } from './settings.ts';

/** A kind of request, and what makes it. */
export interface Kind {
  readonly name: string;
  readonly streams: readonly string[];
  /** How many requests of the kind a read of these streams makes. */
  readonly count: number;
}

/** When a fault strikes. */
export type Strike = 'for good' | 'for good from the middle on' | 'once';

/** Every kind of request that reads of the setting's streams make, each stream by itself. */
export async function kindsOf({ open, options, streams: names, most = Infinity }: Setting): Promise<readonly Kind[]> {
  const users = new Map<string, string[]>();
  for (const name of names) {
    for (const kind of new Set((await requestsOf(await open(), [name], options)).map(kindOf)))
      users.set(kind, [...(users.get(kind) ?? []), name]);
  }
  const kinds: Kind[] = [];
  for (const [name, group] of users) {
    // What every stream asks for is tried with some of them.
    const some = spread(group, group.length < names.length ? most : SOME);
    const made = await requestsOf(await open(), some, options);
    kinds.push({ name, streams: some, count: made.filter((request) => kindOf(request) === name).length });
  }
  return kinds;
}

/** When it makes a difference that the fault strikes a kind of request. */
export function strikesOf({ isFinal }: Fault, { count }: Kind): readonly Strike[] {
  if (count < 2) return isFinal ? ['once'] : ['once', 'for good'];
  return isFinal ? ['once'] : ['once', 'for good', 'for good from the middle on'];
}

/** What is wrong with how the kind's streams bear the fault, and with how they go on when it is over. */
export async function tryFault(setting: Setting, kind: Kind, fault: Fault, strike: Strike): Promise<readonly string[]> {
  const sound = await soundReading(setting, kind);
  const workspace = await setting.open();
  const { simulator } = workspace;
  const began = simulator.now();
  const struck = hold(workspace, kind, fault, strike);
  const first = await workspace.read(kind.streams, setting.options);
  const wrong = [...faultsOfFirst(first, sound, fault, { mayBreak: strike !== 'once' || fault.breaks === true })];
  if (struck() === 0) wrong.push('the fault strikes nothing');
  if (simulator.now() - began > LONGEST) wrong.push(`the read takes ${simulator.now() - began} s`);
  if (Object.keys(first.incomplete).length === 0) return wrong;
  simulator.trouble.clear();
  const next = await workspace.read(kind.streams, { ...setting.options, states: first.states });
  return [...wrong, ...faultsOfNext(next, first, sound)];
}

/** Lets the fault befall requests of the kind. @returns how often it has */
function hold({ simulator }: VirtualWorkspace, kind: Kind, { effects }: Fault, strike: Strike): () => number {
  const middle = Math.ceil((kind.count + 1) / 2);
  const rules = effects.map((effect) =>
    simulator.trouble.add({
      match: {
        when: (request: RequestEntry) => kindOf(request) === kind.name,
        nth: strike === 'for good' ? 1 : middle,
        times: strike === 'once' ? 1 : Infinity,
      },
      effect,
    }),
  );
  return () => rules[0]?.hits ?? 0;
}

async function requestsOf(
  { simulator, read }: VirtualWorkspace,
  names: readonly string[],
  options: ReadOptions,
): Promise<readonly RequestEntry[]> {
  await read(names, options);
  return simulator.requests;
}

async function soundReading({ open, options }: Setting, kind: Kind): Promise<Reading> {
  const known = soundReadings.get(kind) ?? open().then((workspace) => workspace.read(kind.streams, options));
  soundReadings.set(kind, known);
  return known;
}

const soundReadings = new WeakMap<Kind, Promise<Reading>>();

/** So many of a list, from all over it. */
function spread<T>(list: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, Math.ceil(list.length / most));
  return list.filter((_, index) => index % step === 0);
}

const SOME = 9;
/** Seconds: what a stream takes of which every request times out, three times at every size down to the least. */
const LONGEST = 5 * 3600;
