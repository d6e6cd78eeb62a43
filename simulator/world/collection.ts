import { applyPatch, type Patch, type Row } from '../json.ts';
import type { WorldContext } from './context.ts';
import type { Store } from './table.ts';

/** A collection small enough to be kept whole. Records keep their number for good, also when others are deleted. */
export class Collection<R extends Row = Row> implements Store<R> {
  private readonly context: WorldContext;
  private readonly make: (index: number) => R;
  private readonly rows: (R | undefined)[] = [];
  private readonly indexes = new Map<string, number>();

  /** `make` gives the record of a number; its times are those of a generated one. */
  constructor(context: WorldContext, count: number, make: (index: number) => R) {
    this.context = context;
    this.make = make;
    for (let index = 0; index < count; index++) this.push(make(index));
  }

  get size(): number {
    return this.indexes.size;
  }

  /** How many numbers were given out, those of deleted records included. */
  get count(): number {
    return this.rows.length;
  }

  get(id: string): R | undefined {
    const index = this.indexes.get(id);
    return index === undefined ? undefined : this.rows[index];
  }

  at(index: number): R | undefined {
    return this.rows[index];
  }

  indexOf(id: string): number | undefined {
    return this.indexes.get(id);
  }

  *all(): Iterable<R> {
    for (const row of this.rows) if (row) yield row;
  }

  add(partial: Patch = {}): R {
    const row = this.make(this.rows.length);
    for (const field of ['created_at', 'updated_at']) {
      if (field in row) applyPatch(row, { [field]: this.time(row[field]) });
    }
    applyPatch(row, partial);
    if (this.indexes.has(row.id)) throw new Error(`The id ${row.id} is taken.`);
    this.push(row);
    this.context.revision++;
    return row;
  }

  update(id: string, patch: Patch): R {
    const row = this.get(id);
    if (!row) throw new Error(`The world has no record ${id} here.`);
    const changed = { ...row };
    if ('updated_at' in row && row['updated_at'] !== null)
      applyPatch(changed, { updated_at: this.time(row['updated_at']) });
    applyPatch(changed, patch);
    this.rows[this.indexes.get(id)!] = changed;
    this.context.revision++;
    return changed;
  }

  delete(id: string): void {
    const index = this.indexes.get(id);
    if (index === undefined) throw new Error(`The world has no record ${id} here.`);
    this.rows[index] = undefined;
    this.indexes.delete(id);
    this.context.revision++;
  }

  private push(row: R): void {
    this.indexes.set(row.id, this.rows.length);
    this.rows.push(row);
  }

  /** Now, written the way the record writes times. */
  private time(sample: unknown): number | string {
    const now = this.context.clock.now();
    return typeof sample === 'string' ? new Date(now * 1000).toISOString() : now;
  }
}
