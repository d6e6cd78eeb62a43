import type { RateFacts } from './rate-facts.ts';
import { createServerClock, type ServerClock } from './server-clock.ts';

/** A request that has been let go and has not been answered. */
export interface Ticket {
  /** Unix milliseconds of our clock. */
  readonly sentAt: number;
}

/**
 * How many requests may go out now. Moments are unix milliseconds of our clock; nothing here waits.
 *
 * What a window still permits is the least that an answer of that window reported, less what is on its way and may not have
 * been counted in that report; and never more than the limit less what we ourselves sent. So other clients of the same
 * workspace are respected, and answers may arrive in any order.
 */
export interface RateBudget {
  readonly server: ServerClock;
  /** Requests that may be sent now; not positive: none. */
  available(now: number): number;
  /** When `available` grows without any further answer; undefined: only an answer can tell. */
  opensAt(now: number): number | undefined;
  /** Nothing but time helps: the window is used up, whatever the answers on their way may say. */
  isExhausted(now: number): boolean;
  sent(ticket: Ticket): void;
  /** The request has ended, with an answer or (undefined) without. */
  settled(ticket: Ticket, facts: RateFacts | undefined, now: number): void;
}

export interface RateBudgetOptions {
  /** Percent of the limit that we may use. */
  readonly share: number;
  readonly random?: () => number;
}

interface Window {
  limit: number;
  /** What the answers called its end; undefined while no answer of this window has come. */
  reset: number | undefined;
  /** When we first knew of it. */
  readonly start: number;
  /** When the last of the requests was sent whose answers `left` comes from. */
  asOf: number;
  left: number;
  /** Our own requests that were answered in it. */
  spent: number;
}

export function createRateBudget({ share, random = Math.random }: RateBudgetOptions): RateBudget {
  const server = createServerClock();
  const pending = new Set<Ticket>();
  let window: Window | undefined;
  let previousReset = -Infinity;
  let longestLeft = 0;
  let shortestStep = Infinity;
  let lateness = 0;
  let closedUntil = -Infinity;

  const open = (now: number, known: Partial<Window> & { readonly limit: number }): Window => {
    return { reset: undefined, start: now, asOf: now, left: known.limit, spent: 0, ...known };
  };

  /** How long windows last, as far as we have seen. */
  const length = (): number => Math.max(DEFAULT_LENGTH, shortestStep === Infinity ? longestLeft : shortestStep);

  /** A moment of Intercom's clock by ours. */
  const local = (moment: number): number => moment + (server.ahead() ?? 0) + lateness;

  /** The same for the end of a window that began at `start`, if it makes sense. */
  const endBy = (reset: number | undefined, start: number): number | undefined => {
    const end = reset === undefined ? Infinity : local(reset);
    return end <= start + LONGEST && (server.ahead() !== undefined || end >= start) ? end : undefined;
  };

  const endOf = ({ reset, start }: Window): number => endBy(reset, start) ?? start + length();

  /** The window at this moment, a fresh one if the last has ended. */
  const at = (now: number): Window | undefined => {
    const end = window === undefined ? Infinity : endOf(window);
    if (window !== undefined && now >= end) {
      previousReset = window.reset ?? previousReset;
      // Nobody may have looked for some windows.
      window = open(now - ((now - end) % length()), { limit: window.limit });
    }
    return window;
  };

  /** Whether a request may be counted in the window: it reaches Intercom soon after it is sent. */
  const mayCount = ({ sentAt }: Ticket, { start }: Window): boolean => sentAt >= start - LONGEST_WAY;

  /** Whether `left` does not know of a request yet: it has not been sent long before those whose answers told. */
  const isNew = ({ sentAt }: Ticket, { asOf }: Window): boolean => sentAt >= asOf - LONGEST_WAY;

  const onTheirWay = (present: Window, which: (ticket: Ticket, window: Window) => boolean): number => {
    let count = 0;
    for (const ticket of pending) if (which(ticket, present)) count++;
    return count;
  };

  const oursLeft = (present: Window): number =>
    Math.max(1, Math.floor((present.limit * share) / 100)) - present.spent - onTheirWay(present, mayCount);

  /** A request that ended without telling what is left. */
  const count = (ticket: Ticket, present: Window): void => {
    if (mayCount(ticket, present)) present.spent++;
    if (isNew(ticket, present)) present.left--;
  };

  const learnLength = (reset: number, date: number | undefined, last: number): void => {
    if (date !== undefined && reset - date <= LONGEST) longestLeft = Math.max(longestLeft, reset - date);
    if (reset > last) shortestStep = Math.min(shortestStep, reset - last);
  };

  /** Whether an answer is of a window that was over before the present one began. */
  const isOver = (reset: number, date: number | undefined, present: Window): boolean => {
    if (present.reset !== undefined) return reset < present.reset;
    const doubt = Math.min(1_000, longestLeft / 2);
    return reset <= previousReset || (date !== undefined && date >= reset) || local(reset) <= present.start + doubt;
  };

  const learn = (ticket: Ticket, facts: RateFacts, now: number): void => {
    const { reset, remaining, status, date } = facts;
    const present = at(now);
    const limit = facts.limit ?? present?.limit ?? DEFAULT_LIMIT;
    if (reset !== undefined) learnLength(reset, date, present?.reset ?? previousReset);
    if (present === undefined || (reset !== undefined && present.reset !== undefined && reset > present.reset)) {
      window = open(now, { limit, reset, left: remaining ?? limit - 1, spent: 1 });
    } else if (reset === undefined) {
      present.limit = limit;
      count(ticket, present);
      present.left = Math.min(present.left, remaining ?? Infinity);
    } else if (!isOver(reset, date, present)) {
      present.limit = limit;
      present.reset = reset;
      present.spent++;
      present.left = Math.min(limit, present.left, remaining ?? present.left - 1);
      if (remaining !== undefined) present.asOf = Math.max(present.asOf, ticket.sentAt);
    } else if (present.reset === undefined) {
      previousReset = Math.max(previousReset, reset);
      // The last window was not over when we thought so.
      if (status === 429) lateness = Math.min(MOST_LATENESS, lateness + LATENESS_STEP);
    }
  };

  const refused = ({ reset, retryAfter }: RateFacts, now: number): void => {
    const present = at(now);
    if (present === undefined || (reset !== undefined && present.reset !== undefined && reset < present.reset)) return;
    const moments = [now + SHORTEST_PAUSE];
    if (retryAfter !== undefined) moments.push(now + retryAfter);
    if (reset !== undefined) moments.push(endBy(reset, now) ?? now + DEFAULT_LENGTH);
    if (moments.length === 1) moments.push(now + DEFAULT_LENGTH);
    closedUntil = Math.max(closedUntil, Math.max(...moments) + random() * JITTER);
    if (reset === undefined) window = open(closedUntil, { limit: present.limit });
  };

  return {
    server,
    available(now) {
      if (now < closedUntil) return 0;
      const present = at(now);
      if (present === undefined) return 1 - pending.size;
      return Math.min(present.left - onTheirWay(present, isNew), oursLeft(present));
    },
    opensAt(now) {
      if (now < closedUntil) return closedUntil;
      const present = at(now);
      return present && endOf(present);
    },
    isExhausted(now) {
      if (now < closedUntil) return true;
      const present = at(now);
      if (present === undefined) return false;
      return present.left <= 0 || oursLeft(present) <= 0;
    },
    sent: (ticket) => void pending.add(ticket),
    settled(ticket, facts, now) {
      pending.delete(ticket);
      if (facts === undefined) {
        const present = at(now);
        if (present !== undefined) count(ticket, present);
        return;
      }
      if (facts.date !== undefined) server.observe(facts.date, now);
      learn(ticket, facts, now);
      if (facts.status === 429) refused(facts, now);
    },
  };
}

/** Without headers: 1,000 requests a minute, in windows of ten seconds, the least that Intercom's pages of late years name. */
const DEFAULT_LIMIT = 166;
const DEFAULT_LENGTH = 10_000;
/** A window that seems longer than this is a clock that went wrong. */
const LONGEST = 600_000;
/** How long a request may take to reach Intercom, with a second for the doubt about clocks. */
const LONGEST_WAY = 4_000;
/** How much later than promised windows may begin; learnt from refusals. */
const MOST_LATENESS = 1_000;
const LATENESS_STEP = 100;
const SHORTEST_PAUSE = 250;
const JITTER = 250;
