/** Who belongs to what, from slots of one table to slots of another: partly by rule, partly changed since. */
export class Links {
  private readonly rule: (slot: number, out: number[]) => void;
  private readonly generated: number;
  private readonly changed = new Map<number, number[]>();
  private readonly lists = new Map<number, Uint32Array>();
  private base: Uint32Array[] | undefined;
  private readonly joined = new Map<number, Set<number>>();
  private readonly left = new Map<number, Set<number>>();

  /** The rule appends the targets of a generated slot, each once. */
  constructor(generated: number, rule: (slot: number, out: number[]) => void) {
    this.generated = generated;
    this.rule = rule;
  }

  /** The targets of a slot, in the order in which they were joined. */
  of(slot: number): readonly number[] {
    const changed = this.changed.get(slot);
    if (changed) return changed;
    const targets: number[] = [];
    if (slot < this.generated) this.rule(slot, targets);
    return targets;
  }

  /** False when it was so already. */
  add(slot: number, target: number): boolean {
    const targets = this.of(slot);
    if (targets.includes(target)) return false;
    this.changed.set(slot, [...targets, target]);
    setOf(this.joined, target).add(slot);
    this.left.get(target)?.delete(slot);
    this.lists.delete(target);
    return true;
  }

  /** False when it was so already. */
  remove(slot: number, target: number): boolean {
    const targets = this.of(slot);
    if (!targets.includes(target)) return false;
    this.changed.set(
      slot,
      targets.filter((other) => other !== target),
    );
    setOf(this.left, target).add(slot);
    this.joined.get(target)?.delete(slot);
    this.lists.delete(target);
    return true;
  }

  /** All slots with this target, in ascending order; those of hidden records included. */
  members(target: number): Uint32Array {
    const known = this.lists.get(target);
    if (known) return known;
    this.base ??= this.invert();
    const joined = this.joined.get(target);
    const left = this.left.get(target);
    const base = this.base[target] ?? new Uint32Array(0);
    const members = joined === undefined && left === undefined ? base : merged(base, joined, left);
    this.lists.set(target, members);
    return members;
  }

  /** The members of every target by rule alone, found in two passes. */
  private invert(): Uint32Array[] {
    const counts: number[] = [];
    const targets: number[] = [];
    for (let slot = 0; slot < this.generated; slot++) {
      targets.length = 0;
      this.rule(slot, targets);
      for (const target of targets) counts[target] = (counts[target] ?? 0) + 1;
    }
    const lists = Array.from(counts, (count: number | undefined) => new Uint32Array(count ?? 0));
    const filled = new Uint32Array(lists.length);
    for (let slot = 0; slot < this.generated; slot++) {
      targets.length = 0;
      this.rule(slot, targets);
      for (const target of targets) lists[target]![filled[target]!++] = slot;
    }
    return lists;
  }
}

function merged(base: Uint32Array, joined?: ReadonlySet<number>, left?: ReadonlySet<number>): Uint32Array {
  const kept = left ? base.filter((slot) => !left.has(slot)) : base;
  if (!joined || joined.size === 0) return kept;
  const fresh = [...joined].filter((slot) => !contains(kept, slot));
  const all = new Uint32Array(kept.length + fresh.length);
  all.set(kept);
  all.set(fresh, kept.length);
  return all.sort();
}

function contains(sorted: Uint32Array, slot: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < slot) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === slot;
}

function setOf(sets: Map<number, Set<number>>, target: number): Set<number> {
  const set = sets.get(target) ?? new Set<number>();
  sets.set(target, set);
  return set;
}
