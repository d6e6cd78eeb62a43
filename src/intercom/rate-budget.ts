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
  /** Its end as long as `reset` is not known, or makes no sense. */
  readonly end: number;
  left: number;
  /** Our own requests that were answered in it. */
  spent: number;
}

export function createRateBudget({ share, random = Math.random }: RateBudgetOptions): RateBudget {
  const server = createServerClock();
  const pending = new Set<Ticket>();
  let window: Window | undefined;
  let previousReset = -Infinity;
  let length = Infinity;
  let lateness = 0;
  let closedUntil = -Infinity;

  const open = (now: number, known: Partial<Window> & { readonly limit: number }): Window => {
    const end = now + Math.max(DEFAULT_LENGTH, length === Infinity ? 0 : length);
    return { reset: undefined, start: now, end, left: known.limit, spent: 0, ...known };
  };

  /** A moment of Intercom's clock by ours; `otherwise` where clocks make no sense of it. */
  const local = (reset: number, start: number, otherwise: number): number => {
    const ahead = server.ahead();
    const moment = reset + (ahead ?? 0) + lateness;
    const isPlausible = moment <= start + LONGEST && (ahead !== undefined || moment >= start);
    return isPlausible ? moment : otherwise;
  };

  const endOf = ({ reset, start, end }: Window): number => (reset === undefined ? end : local(reset, start, end));

  /** The window at this moment, a fresh one if the last has ended. */
  const at = (now: number): Window | undefined => {
    if (window !== undefined && now >= endOf(window)) {
      previousReset = window.reset ?? previousReset;
      window = open(now, { limit: window.limit });
    }
    return window;
  };

  /** Whether a request may be counted in the window: it cannot have been on its way for long when the window began. */
  const mayCount = (ticket: Ticket, { start }: Window): boolean => ticket.sentAt >= start - LONGEST_WAY;

  const uncounted = (present: Window): number => {
    let count = 0;
    for (const ticket of pending) if (mayCount(ticket, present)) count++;
    return count;
  };

  const ours = ({ limit }: Window): number => Math.max(1, Math.floor((limit * share) / 100));

  const learn = (ticket: Ticket, facts: RateFacts, now: number): void => {
    const { reset, remaining, status } = facts;
    const present = at(now);
    const limit = facts.limit ?? present?.limit ?? DEFAULT_LIMIT;
    if (present === undefined || (reset !== undefined && present.reset !== undefined && reset > present.reset)) {
      if (present?.reset !== undefined && reset !== undefined) length = Math.min(length, reset - present.reset);
      window = open(now, { limit, reset, left: remaining ?? limit - 1, spent: 1 });
      return;
    }
    if (reset !== undefined && reset <= (present.reset === undefined ? previousReset : present.reset - 1)) {
      // Of a window that is over. A refusal says that it was not over yet when we thought so.
      if (status === 429 && present.reset === undefined) lateness = Math.min(MOST_LATENESS, lateness + LATENESS_STEP);
      return;
    }
    if (reset === undefined && !mayCount(ticket, present)) return;
    present.limit = limit;
    present.reset ??= reset;
    present.left = Math.min(limit, present.left - (reset === undefined ? 1 : 0), remaining ?? Infinity);
    present.spent++;
  };

  const refused = ({ reset, retryAfter }: RateFacts, now: number): void => {
    const present = at(now);
    if (present === undefined || (reset !== undefined && present.reset !== undefined && reset < present.reset)) return;
    if (reset === undefined || reset === present.reset) present.left = 0;
    const moments = [now + SHORTEST_PAUSE];
    if (retryAfter !== undefined) moments.push(now + retryAfter);
    if (reset !== undefined) moments.push(local(reset, now, now + DEFAULT_LENGTH));
    if (moments.length === 1) moments.push(now + DEFAULT_LENGTH);
    closedUntil = Math.max(closedUntil, ...moments) + random() * JITTER;
  };

  return {
    server,
    available(now) {
      if (now < closedUntil) return 0;
      const present = at(now);
      if (present === undefined) return 1 - pending.size;
      return Math.min(present.left, ours(present) - present.spent) - uncounted(present);
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
      return present.left <= 0 || ours(present) - present.spent - uncounted(present) <= 0;
    },
    sent: (ticket) => void pending.add(ticket),
    settled(ticket, facts, now) {
      pending.delete(ticket);
      if (facts === undefined) {
        const present = at(now);
        if (present !== undefined && mayCount(ticket, present)) {
          present.left--;
          present.spent++;
        }
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
/** How long a request may take to reach Intercom. */
const LONGEST_WAY = 5_000;
/** How much later than promised windows may begin; learnt from refusals. */
const MOST_LATENESS = 1_000;
const LATENESS_STEP = 100;
const SHORTEST_PAUSE = 250;
const JITTER = 250;
