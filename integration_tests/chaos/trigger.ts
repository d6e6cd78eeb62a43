import type { Interruption } from './random/plan.ts';

/** Strikes once: at the message or request that an interruption names. */
export class Trigger {
  readonly #interruption: Interruption | undefined;
  readonly #strike: (by: Interruption['by']) => void;
  readonly #counts = { message: 0, request: 0 };
  #hasStruck = false;

  constructor(interruption: Interruption | undefined, strike: (by: Interruption['by']) => void) {
    this.#interruption = interruption;
    this.#strike = strike;
  }

  get hasStruck(): boolean {
    return this.#hasStruck;
  }

  /** How many have come. */
  of(what: Interruption['at']): number {
    return this.#counts[what];
  }

  /** One more has come. @returns by what it was struck just now; undefined: by nothing */
  count(what: Interruption['at']): Interruption['by'] | undefined {
    const number = ++this.#counts[what];
    const { at, by, number: last } = this.#interruption ?? {};
    if (this.#hasStruck || by === undefined || at !== what || number !== last) return undefined;
    this.#hasStruck = true;
    this.#strike(by);
    return by;
  }
}
