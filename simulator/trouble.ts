import type { Effect } from './effects.ts';
import type { RequestEntry } from './http/service.ts';
import { Dice } from './random.ts';

/** Which requests a rule is about; every condition that is named must hold. */
export interface Match {
  /** As in the request log, e.g. `GET /contacts/{id}`. */
  route?: string | RegExp;
  /** The path with its ids. */
  path?: RegExp;
  /** Only the so-manieth matching request, counted from 1. */
  nth?: number;
  /** At most so many matching requests, beginning with the first (or with the nth). */
  times?: number;
  /** Only requests for more than so many rows per page. */
  perPageAbove?: number;
  /** Only requests for a first page, or only for those after it. */
  page?: 'first' | 'later';
  /** Only requests that this answers true for. */
  when?: (request: RequestEntry) => boolean;
}

export interface TroubleRule {
  match?: Match;
  effect: Effect;
  /** Strikes so often of 1; thrown with `seed`. Default 1. */
  probability?: number;
  seed?: number;
}

/** A rule in force. */
export interface ActiveRule {
  readonly rule: TroubleRule;
  /** How many requests it has struck. */
  readonly hits: number;
  /** Takes the rule away. */
  remove(): void;
}

/** What rules look at. */
export interface Target {
  readonly entry: RequestEntry;
  readonly perPage: number | undefined;
  readonly isLaterPage: boolean;
}

/** What a token may do. */
export interface TokenGrant {
  /** Names of the scopes it has. Default: all. */
  scopes?: readonly string[];
  /** The code with which it is refused, e.g. `token_revoked`. Default: it is good. */
  refusedWith?: string;
}

/** Everything that can go wrong, and the switches for it. */
export class Trouble {
  /** Scopes that every token lacks. */
  readonly withheldScopes = new Set<string>();
  /** Further tokens, or other rights for the default one. */
  readonly tokens = new Map<string, TokenGrant>();
  /** Routes (as in the request log) that the workspace's plan does not include: 403 `api_plan_restricted`. */
  readonly planRestricted = new Set<string>();
  private rules: Rule[] = [];

  add(rule: TroubleRule): ActiveRule {
    const active = new Rule(rule, (gone) => {
      this.rules = this.rules.filter((other) => other !== gone);
    });
    this.rules.push(active);
    return active;
  }

  /** Puts everything in order again. */
  clear(): void {
    this.rules = [];
    this.withheldScopes.clear();
    this.tokens.clear();
    this.planRestricted.clear();
  }

  /** The rules that strike this request; it counts for each that it matches. */
  strike(target: Target): Rule[] {
    return this.rules.length === 0 ? [] : this.rules.filter((rule) => rule.strikes(target));
  }
}

export class Rule implements ActiveRule {
  readonly rule: TroubleRule;
  hits = 0;
  /** Where each search or list was said to go on, for effects that repeat it. */
  readonly seenNext = new Map<string, string[]>();
  private matched = 0;
  private readonly dice: Dice;
  private readonly onRemove: (rule: Rule) => void;

  constructor(rule: TroubleRule, onRemove: (rule: Rule) => void) {
    this.rule = rule;
    this.dice = new Dice(rule.seed ?? 1, 999, 0);
    this.onRemove = onRemove;
  }

  remove(): void {
    this.onRemove(this);
  }

  strikes(target: Target): boolean {
    const { match = {}, probability = 1 } = this.rule;
    if (!matches(match, target)) return false;
    this.matched++;
    if (match.nth !== undefined && (match.times === undefined ? this.matched !== match.nth : this.matched < match.nth))
      return false;
    if (match.times !== undefined && this.hits >= match.times) return false;
    if (probability < 1 && this.dice.next() >= probability * 2 ** 32) return false;
    this.hits++;
    return true;
  }
}

function matches({ route, path, perPageAbove, page, when }: Match, target: Target): boolean {
  const { entry } = target;
  if (typeof route === 'string' && route !== entry.route) return false;
  if (route instanceof RegExp && !route.test(entry.route)) return false;
  if (page !== undefined && target.isLaterPage !== (page === 'later')) return false;
  if (path && !path.test(entry.path)) return false;
  if (when && !when(entry)) return false;
  return perPageAbove === undefined || (target.perPage ?? 0) > perPageAbove;
}
