import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { JsonObject } from '../../simulator/index.ts';
import { parseConfig, shapesOf, streams } from '../../src/index.ts';
import { faultsOf as faultsOfTap } from '../singer/support/rules.ts';
import { TapRun } from '../singer/support/run.ts';
import { faultsOf } from '../support/discipline.ts';
import { faultsOfRead } from '../support/read-rules.ts';
import { Run } from '../support/run.ts';
import { catalogOf } from './dialects.ts';
import type { Plan } from './random/plan.ts';

/** What a run printed, and how it ended. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  /** Null: a signal ended it. */
  readonly exitCode: number | null;
  /** Whether the last line may have been cut, and the end be missing. */
  readonly isCut: boolean;
  /** Whether it came to its end without anybody's doing. */
  readonly isLeftAlone: boolean;
  /** Unix milliseconds by the clock of the run. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** In what the output breaks the rules that hold for every run of its dialect. */
export function faultsIn(
  printed: Printed,
  { dialect, modes }: Pick<Plan, 'dialect' | 'modes'>,
  read: readonly string[],
): readonly string[] {
  const { isCut: cut, isLeftAlone, ...facts } = printed;
  const about = { ...facts, words: [], signal: facts.exitCode === null ? ('SIGTERM' as const) : null };
  if (dialect === 'singer') return faultsOfTap(new TapRun(about), { cut });
  const run = new Run(about);
  const catalog = catalogOf(
    dialect,
    read.map((name) => [name, modes[name] ?? 'full_refresh'] as const),
  );
  const faults = faultsOf(run, { cut });
  // What is interrupted does not come to say in the end what had failed before.
  if (!isLeftAlone) return faults.filter((fault) => !fault.startsWith('after the last error'));
  // A token that is refused leaves streams that never start, a name that cannot be looked up one that gets nowhere.
  const idle = read.filter((name) => run.statuses(name).at(-1) === 'INCOMPLETE' && run.records(name).length === 0);
  const isIdle = (fault: string): boolean =>
    idle.some((name) => IDLE.map((what) => `${name}: ${what}`).includes(fault));
  return [...faults, ...faultsOfRead(run, catalog as never).filter((fault) => !isIdle(fault))];
}

/** The schemas of streams as discover publishes them. */
export async function publishedSchemas(config: JsonObject): Promise<ReadonlyMap<string, JsonObject>> {
  const nothing = (): Promise<never> => Promise.reject(new Error('Only custom attributes have to be asked for.'));
  const shapes = await shapesOf(streams, parseConfig({ access_token: 'any', ...config }), nothing, () => undefined);
  return new Map([...shapes].map(([{ name }, { schema }]) => [name, schema as unknown as JsonObject]));
}

/** In what a row does not hold to its schema; undefined: in nothing. */
export function misfit(row: JsonObject, schema: JsonObject): string | undefined {
  let validate = bySchema.get(schema);
  if (validate === undefined) {
    const text = JSON.stringify(schema);
    validate = compiled.get(text) ?? compile(schema);
    compiled.set(text, validate);
    bySchema.set(schema, validate);
  }
  return validate(row) ? undefined : ajv.errorsText(validate.errors);
}

function compile(schema: JsonObject): ValidateFunction {
  return ajv.compile(schema);
}

const IDLE = ['statuses INCOMPLETE', 'no state'];

const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
/** Worlds of like configurations have the same schemas. */
const compiled = new Map<string, ValidateFunction>();
const bySchema = new WeakMap<JsonObject, ValidateFunction>();
