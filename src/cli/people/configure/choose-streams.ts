import type { Config } from '../../../generated/config.ts';
import { reports, streams, suggested, type Stream } from '../../../streams/index.ts';
import type { Denials } from '../../../sync/probes.ts';
import { needsOf } from '../../permissions.ts';
import { factsOf } from '../stream-facts.ts';
import { streamNamed } from '../stream-named.ts';
import { GROUPS } from '../streams.ts';
import { answerTo, type Asking, type Choice } from './asking.ts';
import { FLAGS, type Given, type SyncMode } from './given.ts';
import { listed } from './words.ts';

/** The streams to read, each with how. */
export type Selection = ReadonlyMap<Stream, SyncMode>;

/** Which streams to read. @param before - What is chosen already, if anything */
export function chooseStreams(
  { streams: given }: Given,
  before: Selection | undefined,
  denied: Denials,
  config: Config,
  asking: Asking | undefined,
): Promise<readonly Stream[]> {
  const known = before === undefined ? undefined : [...before.keys()];
  return answerTo(
    {
      given: given === undefined ? undefined : meant(given),
      ask: (person) => askFor(known ?? readable(suggested, denied, config), denied, config, person),
      otherwise: known,
      what: 'the streams to read',
      flag: FLAGS.streams,
    },
    asking,
  );
}

/** How to read them: all alike, or each as before. */
export async function chooseModes(
  chosen: readonly Stream[],
  { syncMode: given }: Given,
  before: Selection | undefined,
  asking: Asking | undefined,
): Promise<Selection> {
  const modes = new Set(chosen.filter(hasChoice).flatMap((stream) => before?.get(stream) ?? []));
  const [only] = modes;
  const initial: SyncMode | 'mixed' = modes.size > 1 ? 'mixed' : (only ?? 'incremental');
  const mode = await answerTo<SyncMode | 'mixed'>(
    {
      given: given ?? (chosen.some(hasChoice) ? undefined : 'full_refresh'),
      ask: ({ one }) => one('Sync mode', [...MODES, ...(initial === 'mixed' ? [MIXED] : [])], initial),
      otherwise: initial,
      what: 'the sync mode',
      flag: FLAGS.syncMode,
    },
    asking,
  );
  const modeOf = (stream: Stream): SyncMode => {
    if (!hasChoice(stream)) return 'full_refresh';
    return mode === 'mixed' ? (before?.get(stream) ?? 'incremental') : mode;
  };
  return new Map(chosen.map((stream) => [stream, modeOf(stream)]));
}

/** What the token lacks for a stream: a permission, or the workspace a product. */
export function lackOf(stream: Stream, denied: Denials, config: Config): string | undefined {
  const { permission, always, sometimes } = needsOf(stream, config);
  const lacking = (names: readonly string[]): string | undefined =>
    names.find((name) => denied.get(name) === 'no_permission');
  const missing = lacking(always);
  if (missing !== undefined) return `lacks the permission "${missing}"`;
  if (denied.get(permission) === 'unavailable') return "is not in the workspace's plan";
  const perhaps = lacking(sometimes);
  return perhaps === undefined ? undefined : `lacks the permission "${perhaps}" for some records`;
}

function readable(some: readonly Stream[], denied: Denials, config: Config): readonly Stream[] {
  return some.filter((stream) => lackOf(stream, denied, config) === undefined);
}

/** Group by group, until there is one at least. */
async function askFor(
  initial: readonly Stream[],
  denied: Denials,
  config: Config,
  { many, tell, warn }: Asking,
): Promise<readonly Stream[]> {
  const marked = initial.map(({ name }) => name as string);
  for (;;) {
    const names: string[] = [];
    for (const { title, streams: group } of GROUPS) {
      const choices = choicesOf(group, denied, config);
      const chosen = await many(
        title,
        choices,
        marked.filter((name) => choices.some(({ value }) => value === name)),
      );
      names.push(...chosen);
    }
    if (names.length > 0) {
      tell(`To be read: ${listed(names)}.`);
      return streams.filter(({ name }) => names.includes(name));
    }
    warn('Choose at least one stream.');
  }
}

function choicesOf(group: readonly Stream[], denied: Denials, config: Config): readonly Choice<string>[] {
  const width = Math.max(...group.map(({ name }) => name.length));
  return group.map((stream) => {
    const lack = lackOf(stream, denied, config);
    return {
      value: stream.name,
      label: `${stream.name.padEnd(width)}  ${stream.title}${lack === undefined ? '' : ` — ${lack}`}`,
      hint: factsOf(stream).cost,
    };
  });
}

function meant(words: readonly string[]): readonly Stream[] {
  const wanted = new Set(words.flatMap((word) => SETS[word] ?? [streamNamed(word)]));
  return streams.filter((stream) => wanted.has(stream));
}

function hasChoice({ cursor }: Stream): boolean {
  return cursor !== undefined;
}

const SETS: Readonly<Record<string, readonly Stream[]>> = { all: streams, reports, suggested };

const MODES: readonly Choice<SyncMode>[] = [
  {
    value: 'incremental',
    label: 'incremental',
    hint: 'what has changed since the last read; what has no cursor, whole',
  },
  { value: 'full_refresh', label: 'full refresh', hint: 'everything, each time' },
];

const MIXED: Choice<'mixed'> = { value: 'mixed', label: 'each as it is', hint: 'as the file says of each stream' };
