import type { Clock } from '../core/time.ts';
import { createRateBudget, type Ticket } from './rate-budget.ts';
import type { RateFacts } from './rate-facts.ts';

export type { Ticket } from './rate-budget.ts';

/** A pause of everybody. */
export interface Wait {
  /** Unix milliseconds of our clock. */
  readonly until: number;
}

export interface PacerOptions {
  readonly clock: Clock;
  /** Most requests on their way. */
  readonly concurrency: number;
  /** Percent of the rate limit that may be used. */
  readonly share: number;
  readonly onWait?: ((wait: Wait | undefined) => void) | undefined;
  readonly random?: () => number;
}

/** The one gate through which all requests go, first come first served. */
export interface Pacer {
  /**
   * Resolves when a request may go out; the ticket must be settled. Rejects at once with the signal's reason when it aborts, and
   * with TooLate when the wait is known to last beyond `deadline` (unix milliseconds).
   */
  take(signal: AbortSignal, deadline?: number): Promise<Ticket>;
  /** The request has ended, with an answer or (undefined) without. */
  settle(ticket: Ticket, facts: RateFacts | undefined): void;
  /** By how many milliseconds our clock is ahead of Intercom's, at most; undefined before the first answer. */
  ahead(): number | undefined;
}

/** The rate limit leaves no room before the deadline. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

interface Waiter {
  readonly deadline: number;
  readonly go: (ticket: Ticket) => void;
  readonly fail: (reason: unknown) => void;
}

export function createPacer({ clock, concurrency, share, onWait, random = Math.random }: PacerOptions): Pacer {
  const budget = createRateBudget({ share, random });
  const waiters = new Set<Waiter>();
  let inFlight = 0;
  let alarm: { readonly until: number; readonly off: AbortController } | undefined;
  let announced: number | undefined;

  const pump = (): void => {
    let now = clock.now();
    for (const waiter of waiters) {
      if (inFlight >= concurrency || budget.available(now) <= 0) break;
      const ticket: Ticket = { sentAt: now };
      inFlight++;
      budget.sent(ticket);
      waiter.go(ticket);
    }
    now = clock.now();
    const until = waiters.size === 0 || inFlight >= concurrency ? undefined : budget.opensAt(now);
    const isPause = until !== undefined && budget.isExhausted(now);
    if (isPause) refuseLate(until);
    setAlarm(waiters.size === 0 ? undefined : until);
    announce(isPause && waiters.size > 0 ? until : undefined);
  };

  const refuseLate = (until: number): void => {
    for (const waiter of waiters) if (waiter.deadline < until) waiter.fail(new TooLate());
  };

  const setAlarm = (until: number | undefined): void => {
    if (alarm?.until === until) return;
    alarm?.off.abort();
    alarm = undefined;
    if (until === undefined) return;
    const mine = { until, off: new AbortController() };
    alarm = mine;
    clock.sleep(Math.max(1, until - clock.now()), mine.off.signal).then(
      () => {
        if (alarm !== mine) return;
        alarm = undefined;
        pump();
      },
      () => undefined, // switched off
    );
  };

  const announce = (until: number | undefined): void => {
    const isNews =
      until === undefined || announced === undefined ? until !== announced : Math.abs(until - announced) >= 1_000;
    if (!isNews) return;
    announced = until;
    onWait?.(until === undefined ? undefined : { until });
  };

  return {
    take: (signal, deadline = Infinity) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const leave = (): void => {
          waiters.delete(waiter);
          signal.removeEventListener('abort', abort);
        };
        const waiter: Waiter = {
          deadline,
          go: (ticket) => {
            leave();
            resolve(ticket);
          },
          fail: (reason) => {
            leave();
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a signal's reason is what it is
            reject(reason);
          },
        };
        const abort = (): void => {
          waiter.fail(signal.reason);
          pump();
        };
        signal.addEventListener('abort', abort);
        waiters.add(waiter);
        pump();
      }),
    settle(ticket, facts) {
      inFlight--;
      budget.settled(ticket, facts, clock.now());
      pump();
    },
    ahead: () => budget.server.ahead(),
  };
}
