import { Chain, type Ask } from './chain.ts';
import { MARGIN } from './promise.ts';
import { Room } from './room.ts';
import type { Found } from './search-page.ts';
import type { Range } from './search-query.ts';
import { Signal } from './signal.ts';

export interface Taken extends Found {
  /** False when Intercom's answers were out of order; then no promise can be made from values. */
  readonly trusted: boolean;
}

export interface ChainsOptions {
  readonly ask: Ask;
  /** What is being done, for messages. */
  readonly purpose: string;
  /** Ascending by `from`; each asks for at least what those before it ask for. */
  readonly ranges: readonly Range[];
  readonly pageSize: number;
  /** Unix seconds at which the read began. */
  readonly startedAt: number;
}

/**
 * Reads ranges of a search by several chains side by side, and hands out their pages in order.
 *
 * A chain has no upper bound in its query. It ends where it meets the first row of the chain after it, which holds under the rules
 * of whole days and of seconds alike, in any time zone. Rows that change while the chains are read, or whose change search shows only
 * now, move to the newest part, so the last chain has all of that, and reads it only when all others have been fetched.
 */
export async function* readChains(options: ChainsOptions): AsyncGenerator<Taken, void, undefined> {
  const reading = new Reading(options);
  try {
    await reading.open();
    for (;;) {
      const taken = await reading.take();
      if (taken === undefined) return;
      yield taken;
    }
  } finally {
    reading.stop();
  }
}

/** About how many requests `readChains` makes for a range of so many rows. */
export function callsOfChains(rows: number, pageSize: number): number {
  const pages = Math.max(1, Math.ceil(rows / pageSize));
  return pages + Math.min(SPARE_PAGES - 1, Math.floor(pages / (WORTH_SPLITTING + 1)));
}

class Reading {
  readonly #options: ChainsOptions;
  readonly #change = new Signal();
  readonly #room = new Room();
  /** Chains that a look into their middle has shown to hold one day or second only, or that could not be looked into. */
  readonly #dense = new Set<Chain>();
  #chains: Chain[] = [];
  #stopped = false;
  #probing = false;
  /** Rows that splitting may still cost, on top of full pages. */
  #spare: number;

  constructor(options: ChainsOptions) {
    this.#options = options;
    this.#spare = (SPARE_PAGES - 2 * (options.ranges.length - 1)) * options.pageSize;
  }

  async open(): Promise<void> {
    const { ranges, ask, purpose } = this.#options;
    this.#chains = await Promise.all(ranges.map((range) => Chain.open(range, ask, purpose)));
    for (const chain of [...this.#chains]) this.#start(chain);
  }

  stop(): void {
    this.#stopped = true;
    this.#change.raise();
  }

  /** The next page in order; undefined when all are out. */
  async take(): Promise<Taken | undefined> {
    for (;;) {
      const [head, next] = this.#chains;
      if (head === undefined) return undefined;
      const found = head.queue.shift();
      if (found !== undefined) {
        const part = head.partBefore(next, found);
        this.#spare -= found.records.length - part.records.length;
        this.#room.leave(found);
        this.#change.raise();
        return { ...part, trusted: head.sorted };
      }
      if (this.#isFetched(head) && !(this.#probing && next === undefined)) this.#leave(next);
      else if (head.failure === undefined) await this.#change.wait();
      else throw head.failure.error;
    }
  }

  #leave(next: Chain | undefined): void {
    this.#chains.shift();
    if (next !== undefined) this.#spare += this.#options.pageSize;
    this.#change.raise();
  }

  /** Runs a chain to its end, as far ahead as there is room. */
  #start(chain: Chain): void {
    const isTooEarly = chain.queue.some((found) => !this.#isUsable(chain, found));
    if (isTooEarly) chain.rewind();
    for (const found of chain.queue) this.#room.enter(found);
    this.#run(chain, isTooEarly).catch((error: unknown) => {
      chain.failure = { error };
      this.#change.raise();
    });
    this.#split();
  }

  async #run(chain: Chain, isTooEarly: boolean): Promise<void> {
    while (!this.#stopped && !this.#isFetched(chain)) {
      if ((isTooEarly && this.#mustWait(chain)) || !this.#hasRoom(chain)) {
        await this.#change.wait();
        continue;
      }
      const before = new Set(chain.queue);
      isTooEarly = !(await chain.advance((found) => this.#isUsable(chain, found)));
      for (const found of chain.queue) if (!before.has(found)) this.#room.enter(found);
      this.#change.raise();
      this.#split();
    }
    this.#change.raise();
  }

  /** A chain that has meanwhile got another behind it is no longer the last: the new one waits for it. */
  #mustWait(chain: Chain): boolean {
    return chain === this.#chains.at(-1) && !this.#isAlone(chain);
  }

  /** Fetched to its end, or to where the next chain begins. */
  #isFetched(chain: Chain): boolean {
    if (chain.ended) return true;
    const next = this.#chains[this.#chains.indexOf(chain) + 1];
    return chain.sorted && next?.first !== undefined && chain.last !== undefined && chain.last >= next.first;
  }

  /**
   * What the last chain says of its newest part, and of its end, counts only when it was asked after everything else had been
   * fetched: a row that moved meanwhile has left the other chains for this place.
   */
  #isUsable(chain: Chain, { last, token }: Found): boolean {
    if (chain !== this.#chains.at(-1) || this.#isAlone(chain)) return true;
    return token !== undefined && last !== undefined && last < this.#newest;
  }

  /** Unix seconds from which on rows may still appear: search may have been late with what changed before the read. */
  get #newest(): number {
    return this.#options.startedAt - MARGIN;
  }

  #isAlone(chain: Chain): boolean {
    return !this.#probing && this.#chains.every((other) => other === chain || this.#isFetched(other));
  }

  #hasRoom(chain: Chain): boolean {
    return !this.#room.isFull || (chain === this.#chains[0] && chain.queue.length === 0);
  }

  /** Opens one more chain halfway through the longest one, as long as that can cost no more than is left to spend. */
  #split(): void {
    const chain = this.#longest();
    if (this.#probing || this.#stopped || this.#spare < this.#options.pageSize || chain?.last === undefined) return;
    const end = this.#chains[this.#chains.indexOf(chain) + 1]?.first ?? this.#newest;
    const middle = Math.floor((chain.last + end) / 2);
    if (middle <= chain.last) return;
    this.#probing = true;
    this.#spare -= this.#options.pageSize;
    void this.#probe(chain, middle);
  }

  /** Nobody needs the middle: a chain that cannot be read there meets the same failure in its turn. */
  async #probe(chain: Chain, middle: number): Promise<void> {
    const { ask, purpose } = this.#options;
    const opened = await Chain.open({ ...chain.range, from: middle }, ask, purpose).catch(() => undefined);
    this.#probing = false;
    const place = this.#chains.indexOf(chain);
    const isAhead = opened?.first !== undefined && chain.last !== undefined && opened.first > chain.last;
    const isNewest = (opened?.first ?? Infinity) >= this.#newest;
    if (opened === undefined || place === -1 || !isAhead || isNewest || !chain.sorted || this.#isFetched(chain)) {
      this.#dense.add(chain);
    } else {
      this.#chains.splice(place + 1, 0, opened);
      this.#start(opened);
    }
    this.#change.raise();
  }

  #longest(): Chain | undefined {
    const worth = WORTH_SPLITTING * this.#options.pageSize;
    return this.#chains
      .filter((chain) => chain.sorted && !this.#dense.has(chain) && !this.#isFetched(chain))
      .filter((chain) => this.#rest(chain) > worth)
      .sort((a, b) => this.#rest(b) - this.#rest(a))[0];
  }

  /** Rows not fetched yet: what Intercom counted from this chain's start, less what the chains after it have. */
  #rest(chain: Chain): number {
    return chain.total - chain.fetched - (this.#chains[this.#chains.indexOf(chain) + 1]?.total ?? 0);
  }
}

/** Pages that reading side by side may cost beyond full pages, besides one for asking for the newest page again. */
const SPARE_PAGES = 4;
/** Full pages that must be left of a chain. */
const WORTH_SPLITTING = 4;
