import { applyPatch, type Json, type JsonObject, type Patch, type TimedRow, without } from '../json.ts';
import type { WorldContext } from './context.ts';
import { ABSENT, Order } from './order.ts';

/** What a test may do with any collection of the world. */
export interface Store<R> {
  /** How many records the API would list. */
  readonly size: number;
  /** The record as GET-one would show it; undefined when it is gone. */
  get(id: string): R | undefined;
  /** Every record that the API would list, as it is now. */
  all(): Iterable<R>;
  add(partial?: Patch): R;
  /** Changes fields; moves `updated_at` to now unless the patch names it. */
  update(id: string, patch: Patch): R;
  delete(id: string): void;
}

/**
 * A collection of up to millions of records of which only times and flags are kept; the rest of a record is made when it
 * is asked for. Records are numbered by slots; what was changed or added lies over what is generated.
 */
export abstract class Table<R extends TimedRow> implements Store<R> {
  protected readonly context: WorldContext;
  /** Slots below this are generated, those from here on were added. */
  readonly generated: number;

  private slots: number;
  private hidden = 0;
  private createdAt: Uint32Array;
  private updatedAt: Uint32Array;
  private flagsOf: Uint8Array;
  private readonly patches = new Map<number, Patch>();
  private readonly slotsByOwnId = new Map<string, number>();
  private readonly ownIds = new Map<number, string>();
  private readonly orders = {
    updated_at: this.order(() => this.updatedAt),
    created_at: this.order(() => this.createdAt),
  };
  private readonly versions = new Map<number, Version<R>[]>();

  constructor(context: WorldContext, generated: number) {
    this.context = context;
    this.generated = generated;
    this.slots = generated;
    this.createdAt = new Uint32Array(generated);
    this.updatedAt = new Uint32Array(generated);
    this.flagsOf = new Uint8Array(generated);
  }

  get size(): number {
    return this.slots - this.hidden;
  }

  /** How many slots there are, those of hidden records included. */
  get slotCount(): number {
    return this.slots;
  }

  get(id: string): R | undefined {
    const slot = this.slotOf(id);
    return slot === undefined || this.has(slot, GONE | MERGED) ? undefined : this.row(slot);
  }

  *all(): Iterable<R> {
    for (let slot = 0; slot < this.slots; slot++) if (!this.isHidden(slot)) yield this.row(slot);
  }

  add(partial: Patch = {}): R {
    const { created_at: created, updated_at: updated, id, ...fields } = partial;
    const now = this.context.clock.now();
    const slot = this.slots++;
    this.grow();
    this.createdAt[slot] = kept(created, now);
    this.updatedAt[slot] = kept(updated, now);
    this.flagsOf[slot] = this.flagsFor(fields, 0);
    if (typeof id === 'string') this.adoptId(slot, id);
    this.patches.set(slot, { ...fields, ...odd({ created_at: created, updated_at: updated }) });
    this.changed(slot, undefined);
    return this.row(slot);
  }

  update(id: string, patch: Patch): R {
    const slot = this.required(id);
    const before = this.snapshot(slot);
    const { created_at: created, updated_at: updated, ...fields } = patch;
    this.createdAt[slot] = kept(created, this.createdAt[slot]!);
    this.updatedAt[slot] = kept(updated, this.context.clock.now());
    this.flagsOf[slot] = this.flagsFor(fields, this.flagsOf[slot]!);
    const patched = without(
      (this.patches.get(slot) ?? {}) as JsonObject,
      ...(created === undefined ? [] : ['created_at']),
      'updated_at',
    );
    this.patches.set(slot, { ...patched, ...fields, ...odd({ created_at: created, updated_at: updated }) });
    this.changed(slot, before);
    return this.row(slot);
  }

  delete(id: string): void {
    this.mark(id, GONE);
  }

  /** The slot of a record, gone ones included. */
  slotOf(id: string): number | undefined {
    const own = this.slotsByOwnId.get(id);
    if (own !== undefined) return own;
    const slot = this.decodeId(id);
    return slot !== undefined && slot < this.slots && this.idOf(slot) === id ? slot : undefined;
  }

  idOf(slot: number): string {
    return this.ownIds.get(slot) ?? this.encodeId(slot);
  }

  /** The record as it is now. */
  row(slot: number): R {
    const row = this.generate(slot, this.createdAt[slot]!, this.updatedAt[slot]!);
    const patch = this.patches.get(slot);
    if (patch) applyPatch(row, patch);
    return row;
  }

  created(slot: number): number {
    return this.createdAt[slot]!;
  }

  updated(slot: number): number {
    return this.updatedAt[slot]!;
  }

  has(slot: number, flags: number): boolean {
    return (this.flagsOf[slot]! & flags) !== 0;
  }

  /** Whether lists leave the record out. */
  isHidden(slot: number): boolean {
    return (this.flagsOf[slot]! & HIDDEN) !== 0;
  }

  /** Slots in the order of a time, as search sees them. */
  orderBy(column: 'created_at' | 'updated_at'): Order {
    this.settleIndex();
    this.orders[column].settle();
    return this.orders[column];
  }

  /** The record as search shows it: as it was when the index last looked. */
  searchRow(slot: number): R {
    return this.versions.get(slot)?.[0]?.row ?? this.row(slot);
  }

  /** The time by which search knows the record. */
  searchTime(slot: number, column: 'created_at' | 'updated_at'): number {
    const version = this.versions.get(slot)?.[0];
    if (version) return version.row?.[column] ?? ABSENT;
    if (this.isHidden(slot)) return ABSENT;
    return (column === 'updated_at' ? this.updatedAt : this.createdAt)[slot]!;
  }

  /** Whether the index still shows an older state of the record. */
  isLagging(slot: number): boolean {
    return this.versions.has(slot);
  }

  /** A field's current value without the cost of the whole record; undefined where there is no such shortcut. */
  peek(slot: number, field: string): Json | undefined {
    const patched = this.patches.get(slot)?.[field];
    return patched === undefined ? this.generateField(slot, field) : patched;
  }

  /** Hides or shows a record. */
  mark(id: string, flag: number, on = true): void {
    const slot = this.required(id);
    const before = this.snapshot(slot);
    this.setFlag(slot, flag, on);
    this.changed(slot, before);
  }

  /** Moves `updated_at`, and says that something that belongs to the record has changed. */
  touch(slot: number, updated: number | undefined, change: () => void): void {
    const before = this.snapshot(slot);
    change();
    if (updated !== undefined) this.updatedAt[slot] = updated;
    this.changed(slot, before);
  }

  /** Changes what belongs to the record, which moves its `updated_at`. Search goes on to show the record as it was before, for its time. */
  changing<T>(id: string, change: () => T): T {
    let changed: { readonly result: T } | undefined;
    this.touch(this.required(id), this.context.clock.now(), () => {
      changed = { result: change() };
    });
    return changed!.result;
  }

  protected patched(slot: number): Patch | undefined {
    return this.patches.get(slot);
  }

  /** Sets what the generator knows of a slot; only for constructors. */
  protected seed(slot: number, created: number, updated: number, flags: number): void {
    this.createdAt[slot] = created;
    this.updatedAt[slot] = updated;
    this.flagsOf[slot] = flags;
    if ((flags & HIDDEN) !== 0) this.hidden++;
  }

  /** The flags that follow from fields. */
  protected flagsFor(_fields: Patch, flags: number): number {
    return flags;
  }

  protected abstract generateField(slot: number, field: string): Json | undefined;

  protected abstract generate(slot: number, created: number, updated: number): R;
  protected abstract encodeId(slot: number): string;
  protected abstract decodeId(id: string): number | undefined;

  private required(id: string): number {
    const slot = this.slotOf(id);
    if (slot === undefined || this.has(slot, GONE))
      throw new Error(`The world has no ${this.constructor.name} record ${id}.`);
    return slot;
  }

  private adoptId(slot: number, id: string): void {
    if (this.slotOf(id) !== undefined) throw new Error(`The id ${id} is taken.`);
    this.slotsByOwnId.set(id, slot);
    this.ownIds.set(slot, id);
  }

  private setFlag(slot: number, flag: number, on: boolean): void {
    const wasHidden = this.isHidden(slot);
    this.flagsOf[slot] = on ? this.flagsOf[slot]! | flag : this.flagsOf[slot]! & ~flag;
    this.hidden += Number(this.isHidden(slot)) - Number(wasHidden);
  }

  private grow(): void {
    if (this.slots <= this.createdAt.length) return;
    const capacity = Math.ceil(this.slots * 1.25) + 16;
    this.createdAt = resized(this.createdAt, capacity);
    this.updatedAt = resized(this.updatedAt, capacity);
    const flags = new Uint8Array(capacity);
    flags.set(this.flagsOf);
    this.flagsOf = flags;
  }

  /** The record as search shows it before a change; only kept where the index lags. */
  private snapshot(slot: number): R | undefined {
    return this.context.indexLag > 0 && !this.isHidden(slot) ? this.row(slot) : undefined;
  }

  private changed(slot: number, before: R | undefined): void {
    this.context.revision++;
    if (this.context.indexLag > 0) {
      const now = this.context.clock.now();
      const versions = this.versions.get(slot);
      // Whether or not anybody has searched since: what was known for long is known as it is.
      const known = (versions?.at(-1)?.from ?? 0) > now ? versions! : [{ from: 0, row: before }];
      known.push({ from: now + this.context.indexLag, row: this.snapshot(slot) });
      this.versions.set(slot, known);
    }
    this.touchOrders(slot);
  }

  private settleIndex(): void {
    const now = this.context.clock.now();
    for (const [slot, versions] of this.versions) {
      const due = versions.findLastIndex((version) => version.from <= now);
      if (due === 0) continue;
      if (due === versions.length - 1) this.versions.delete(slot);
      else versions.splice(0, due);
      this.context.revision++;
      this.touchOrders(slot);
    }
  }

  private touchOrders(slot: number): void {
    this.orders.updated_at.touch(slot);
    this.orders.created_at.touch(slot);
  }

  private order(column: () => Uint32Array): Order {
    const keyOf = (slot: number): number => {
      const version = this.versions.get(slot)?.[0];
      if (version) return version.row?.[column() === this.updatedAt ? 'updated_at' : 'created_at'] ?? ABSENT;
      return this.isHidden(slot) ? ABSENT : column()[slot]!;
    };
    return new Order(keyOf, () => this.slots);
  }
}

/** The time by which a record is found and ordered, which may be another than it shows: what can be no time of a change is taken for none. */
function kept(time: Json | undefined, otherwise: number): number {
  return typeof time === 'number' && Number.isInteger(time) && time > 0 && time < ABSENT ? time : otherwise;
}

/** The times that cannot be kept: records show them as they are. */
function odd(times: Patch): Patch {
  return Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined && kept(time, -1) !== time));
}

/** Deleted. */
export const GONE = 1;
export const ARCHIVED = 2;
/** Merged into another record. */
export const MERGED = 4;
/** What lists and search leave out. */
export const HIDDEN = GONE | ARCHIVED | MERGED;
export const LEAD = 8;
/** A conversation that is also a ticket. */
export const TICKET = 16;

/** What the index knows of a record from a moment on; without a row it does not know the record. */
interface Version<R> {
  readonly from: number;
  readonly row: R | undefined;
}

function resized(column: Uint32Array, capacity: number): Uint32Array {
  const larger = new Uint32Array(capacity);
  larger.set(column);
  return larger;
}
