import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject, World } from '../../simulator/index.ts';
import { textOf } from '../../simulator/json.ts';
import { itemOf, Saved, type Item } from './dialects.ts';
import type { Changes } from './random/changes.ts';
import type { Plan, RunPlan } from './random/plan.ts';
import { factsOf, versionOf, type Held, type StreamFacts, type Table } from './tables.ts';
import { startOf, truthsOf, unannounced, type Truth } from './truth/index.ts';
import { secondsOf } from './truth/truth.ts';
import { misfit } from './validity.ts';

/** A promise of the contract that was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** Rows and states in question, a line each. */
  readonly evidence: readonly string[];

  constructor(invariant: string, evidence: readonly string[]) {
    super(invariant);
    this.evidence = evidence;
  }
}

export interface Judged {
  readonly plan: Pick<Plan, 'config' | 'dialect' | 'modes' | 'workspace'>;
  /** As discover publishes them; a Singer tap says them itself. */
  readonly schemas: ReadonlyMap<string, JsonObject>;
  readonly world: World;
  readonly changes: Pick<Changes, 'comers' | 'converted' | 'lastOf'>;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Follows what runs print line by line, keeps the rows and states as a platform and its destination do, and compares them with the
 * workspace. Whatever is broken first is what it says.
 */
export class Judge {
  readonly saved = new Saved();
  /** The first that was found. */
  violation: Violation | undefined;
  readonly #judged: Judged;
  readonly #facts = new Map<string, StreamFacts>();
  readonly #tables = new Map<string, Table>();
  /** Streams whose states had no room for all that went out: repeats are allowed from then on. */
  readonly #forgetful = new Set<string>();
  /** The truth as it was when it was last asked for. */
  readonly #known = new Map<string, { readonly revision: number; readonly truths: readonly Truth[] }>();
  /** Keys of rows, by stream, of which no change of a contact tells: see `unannounced`. */
  readonly #unannounced: ReadonlyMap<string, ReadonlySet<string>>;
  #run: Run | undefined;

  constructor(judged: Judged) {
    this.#judged = judged;
    const { world, plan } = judged;
    this.#unannounced = new Map(
      Object.entries(plan.modes).map(([name, mode]) => [
        name,
        mode === 'incremental' ? unannounced(name, world, plan.config) : new Set(),
      ]),
    );
  }

  begin({ streams }: Pick<RunPlan, 'streams'>): void {
    const { modes } = this.#judged.plan;
    const start = new Map(
      streams.map((name) => [name, modes[name] === 'incremental' ? this.saved.of(name) : undefined]),
    );
    this.#run = {
      since: this.#judged.now(),
      streams: new Set(streams),
      start,
      items: [],
      tables: new Map(),
      schemas: new Map(),
    };
  }

  /** A line has come. */
  take(line: string): void {
    const run = this.#current();
    let item: Item;
    try {
      item = itemOf(line, this.#judged.plan.dialect);
    } catch {
      this.#found('every line is valid', [line]);
      item = { what: 'other' };
    }
    run.items.push(item);
    if (item.what === 'schema') run.schemas.set(item.stream, item.schema);
    if (item.what === 'row') this.#row(item.stream, item.row, run);
    else if (item.what === 'state') this.#states(item.states, run);
  }

  /**
   * The run is over, and so many of its lines are kept. What they say must hold.
   *
   * @param isWhole - It ended well, so that every stream was read whole
   */
  end(kept: number, isWhole: boolean): void {
    const run = this.#current();
    this.#run = undefined;
    const whole = new Set(isWhole && kept === run.items.length ? run.streams : []);
    const last = new Map<string, number>();
    const raised = new Map<string, number>();
    for (const [line, item] of run.items.slice(0, kept).entries()) {
      if (item.what === 'ended' && item.isWhole) whole.add(item.stream);
      if (item.what !== 'state') continue;
      this.saved.take(item);
      for (const [name, state] of Object.entries(item.states)) {
        last.set(name, line);
        if (this.#cursor(name, state) > this.#cursor(name, run.start.get(name))) raised.set(name, line);
      }
    }
    for (const name of run.streams) {
      const facts = this.#factsOf(name);
      const isAdded = this.#judged.plan.modes[name] === 'incremental' && facts.cursor !== undefined;
      if (isAdded) this.#keep(facts, run, kept, (facts.isOrdered ? last : raised).get(name) ?? -1);
      else if (whole.has(name)) this.#tables.set(name, run.tables.get(name) ?? new Map<string, Held>());
      const state = this.saved.of(name);
      if (state !== undefined && last.has(name) && (isAdded || whole.has(name)))
        this.#passes(facts, state, this.#tables.get(name) ?? new Map<string, Held>());
      if (JSON.stringify(state?.['sent'] ?? {}).length > NEARLY_FULL) this.#forgetful.add(name);
    }
  }

  /** Nothing changes any more, and everything was read whole: now all must be there. */
  conclude(): void {
    const { plan, changes, world } = this.#judged;
    for (const [name, mode] of Object.entries(plan.modes)) {
      const facts = this.#factsOf(name);
      const table = this.#tables.get(name) ?? new Map<string, Held>();
      this.#compare('the union of all rows equals the truth', facts, this.#truths(name), table);
      const known = new Set(this.#told(name, world, plan.config).map(({ key }) => key));
      const isWhole = mode === 'full_refresh' || facts.cursor === undefined;
      for (const [key, { row }] of table) {
        if (known.has(key) || name === 'events' || name === 'event_summaries') continue;
        if (isWhole || changes.lastOf(facts.entityOf(row), facts.showsCompanies) === -Infinity)
          this.#found('no row is there that the workspace does not have', [`${name} ${key}: ${JSON.stringify(row)}`]);
      }
    }
  }

  /** How many rows are held. */
  get size(): number {
    return [...this.#tables.values()].reduce((sum, table) => sum + table.size, 0);
  }

  #current(): Run {
    if (this.#run === undefined) throw new Error('No run has begun.');
    return this.#run;
  }

  #row(name: string, row: JsonObject, run: Run): void {
    if (!run.streams.has(name)) {
      this.#found('no row comes that nobody asked for', [name]);
      return;
    }
    const schema = run.schemas.get(name) ?? this.#judged.schemas.get(name);
    const fault = schema === undefined ? 'it has no schema' : misfit(row, schema);
    if (fault !== undefined)
      this.#found('every row holds to the schema of its stream', [fault, `${name}: ${JSON.stringify(row)}`]);
    const facts = this.#factsOf(name);
    const key = facts.keyOf(row);
    const due = facts.dueOf(row);
    const version = versionOf(row);
    const table = run.tables.get(name) ?? new Map<string, Held>();
    run.tables.set(name, table);
    const evidence = (...more: string[]): string[] => [`${name} ${key}: ${version}`, ...more];
    if (due !== undefined && due < startOf(this.#judged.plan.config))
      this.#found('no row is older than the start date', evidence());
    const before = table.get(key);
    if (before?.version === version && !this.#mayHaveChanged(facts, row, run.since))
      this.#found('no unchanged row comes twice in a run', evidence());
    const held = this.#tables.get(name)?.get(key);
    if (
      held?.version === version &&
      held.isCovered &&
      held.withMerges === isWithMerges(run) &&
      this.#remembers(facts, row, run) &&
      !this.#mayHaveChanged(facts, row, held.since)
    ) {
      const state = run.start.get(name);
      this.#found(
        'no unchanged row comes again in a later run',
        evidence(
          `began with ${JSON.stringify(state)}`,
          `first sent in the run of ${new Date(held.since).toISOString()}`,
        ),
      );
    }
    table.set(key, { row, version, since: run.since, isCovered: false, withMerges: isWithMerges(run) });
  }

  /** Whether the state with which the run began says that the row went out. */
  #remembers({ name, cursor, dueOf }: StreamFacts, row: JsonObject, { start }: Run): boolean {
    const { config } = this.#judged.plan;
    if (cursor === undefined || config['lookback_window'] !== undefined || this.#forgetful.has(name)) return false;
    return start.get(name)?.[cursor] !== undefined && (dueOf(row) !== undefined || name === 'ticket_parts');
  }

  /** Whether the row's record may be another than in a run that began then. What search does not show yet had changed before. */
  #mayHaveChanged({ entityOf, showsCompanies }: StreamFacts, row: JsonObject, since: number): boolean {
    const { changes, plan } = this.#judged;
    const lag = (plan.workspace.indexLag ?? 0) * 1000;
    return changes.lastOf(entityOf(row), showsCompanies) >= since - lag - A_SECOND;
  }

  #states(states: Readonly<Record<string, JsonObject>>, run: Run): void {
    for (const [name, state] of Object.entries(states)) {
      if (!run.streams.has(name)) continue;
      const facts = this.#factsOf(name);
      const started = run.start.get(name);
      if (this.#cursor(name, state) < this.#cursor(name, started))
        this.#found('no state goes back', [`${name}: ${JSON.stringify(started)}, then ${JSON.stringify(state)}`]);
      if (Buffer.byteLength(JSON.stringify(state)) > MOST_BYTES)
        this.#found('the state of a stream has less than 16 KB', [`${name}: ${JSON.stringify(state)}`]);
      // Those that a run ends with are always compared; of the others some, since it takes its time.
      if (run.items.length % COMPARED_EVERY !== 0 || this.#judged.plan.modes[name] !== 'incremental') continue;
      const rows = new Map(this.#tables.get(name) ?? []);
      for (const [key, held] of run.tables.get(name) ?? []) rows.set(key, held);
      this.#passes(facts, state, rows);
    }
  }

  #passes(facts: StreamFacts, state: JsonObject, rows: Table): void {
    const cursor = this.#cursor(facts.name, state);
    const passed = this.#truths(facts.name).filter(({ due }) => due !== undefined && due < cursor);
    this.#compare('no state passes a row that did not go out', facts, passed, rows, `state ${JSON.stringify(state)}`);
  }

  #compare(invariant: string, { name }: StreamFacts, truths: readonly Truth[], rows: Table, ...more: string[]): void {
    const missing = truths.flatMap(({ key, due, columns }) => {
      const row = rows.get(key)?.row;
      const what = `${name} ${key}, due by ${String(due)}: ${JSON.stringify(columns)}`;
      if (row === undefined) return [`${what} is not there`];
      const differs = Object.entries(columns).filter(([column, value]) => !isSame(row[column], value));
      return differs.length === 0
        ? []
        : [`${what} differs in ${differs.map(([column]) => column).join(', ')}: ${JSON.stringify(row)}`];
    });
    if (missing.length > 0)
      this.#found(invariant, [...more, `${String(missing.length)} rows of ${name}:`, ...missing.slice(0, 5)]);
  }

  /** What is demanded. Left out is what Intercom does not announce, so that no reader can promise it (section 8 of the contract). */
  #truths(name: string): readonly Truth[] {
    const { world, plan, changes } = this.#judged;
    const hidden = this.#unannounced.get(name) ?? new Set();
    const truths = this.#told(name, world, plan.config).filter(({ key }) => !hidden.has(key));
    if (/^compan(ies$|y_(?!attributes))/.test(name))
      return truths.filter(({ key }) => !changes.comers.has(key.split('/')[0] ?? ''));
    const isByRole = ['event_type', 'user_ids', 'lead_ids'].some((option) => plan.config[option] !== undefined);
    if (name === 'events' && isByRole)
      return truths.filter(({ key }) => !changes.converted.has(key.split('/')[0] ?? ''));
    if (name === 'notes_by_user' && isByRole)
      return truths.filter(({ columns }) => !changes.converted.has(textOf(columns['contact_id'])));
    return truths;
  }

  #told(name: string, world: World, config: JsonObject): readonly Truth[] {
    const known = this.#known.get(name);
    if (known?.revision === world.revision && name !== 'events') return known.truths;
    const truths = truthsOf(name, world, config);
    this.#known.set(name, { revision: world.revision, truths });
    return truths;
  }

  #keep({ name }: StreamFacts, run: Run, kept: number, coveredBefore: number): void {
    const table = this.#tables.get(name) ?? new Map<string, Held>();
    this.#tables.set(name, table);
    const { keyOf } = this.#factsOf(name);
    for (const [line, item] of run.items.slice(0, kept).entries()) {
      if (item.what !== 'row' || item.stream !== name) continue;
      table.set(keyOf(item.row), {
        row: item.row,
        version: versionOf(item.row),
        since: run.since,
        isCovered: line < coveredBefore,
        withMerges: isWithMerges(run),
      });
    }
  }

  #factsOf(name: string): StreamFacts {
    const facts = this.#facts.get(name) ?? factsOf(name);
    this.#facts.set(name, facts);
    return facts;
  }

  #cursor(name: string, state: JsonObject | undefined): number {
    const { cursor } = this.#factsOf(name);
    return (cursor === undefined ? undefined : secondsOf(state?.[cursor])) ?? -Infinity;
  }

  #found(invariant: string, evidence: readonly string[]): void {
    this.violation ??= new Violation(invariant, evidence);
  }
}

/** A run that is under way. */
interface Run {
  /** Unix milliseconds. */
  readonly since: number;
  readonly streams: ReadonlySet<string>;
  /** The states that it was given. */
  readonly start: ReadonlyMap<string, JsonObject | undefined>;
  readonly items: Item[];
  /** That it said itself. */
  readonly schemas: Map<string, JsonObject>;
  /** Its own rows. */
  readonly tables: Map<string, Table>;
}

/** A read of `contact_merges` asks for contacts with their merges, so that all that is made from contacts sees other records. */
function isWithMerges({ streams }: Run): boolean {
  return streams.has('contact_merges');
}

/** Ids come as text, times as seconds or as text, and what is null may be left out. */
function isSame(came: Json | undefined, true_: Json): boolean {
  if (came === undefined || came === null || true_ === null) return (came ?? null) === true_;
  if (typeof true_ === 'object') return isDeepStrictEqual(came, true_);
  return textOf(came) === textOf(true_) || (secondsOf(came) !== undefined && secondsOf(came) === secondsOf(true_));
}

const A_SECOND = 1000;
const MOST_BYTES = 16 * 1024;
/** Characters of what a state remembers: hardly any more rows have room. */
const NEARLY_FULL = 14_000;
const COMPARED_EVERY = 4;
