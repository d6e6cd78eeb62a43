import { setTimeout as delay } from 'node:timers/promises';

/** Time as an injected thing, so that no test sleeps. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};

/** Whole unix seconds. */
export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Whole unix seconds of a time in any form that Intercom has been seen to send: seconds, milliseconds, either as text, ISO 8601. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return known(inMilliseconds(value));
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  if (!Number.isNaN(number)) return known(inMilliseconds(number));
  if (!ISO.test(value)) return undefined;
  return known(Date.parse(ISO_WITHOUT_ZONE.test(value) ? `${value}Z` : value));
}

function known(milliseconds: number): number | undefined {
  return Math.abs(milliseconds) <= LAST_INSTANT ? seconds(milliseconds) : undefined;
}

/** `Date.parse` alone takes "room 12" for a day in December. */
const ISO = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\d(?:$|[T ]\d)/;
/** The greatest number of milliseconds that a date can have. */
const LAST_INSTANT = 8.64e15;

/** Databases and other connectors write UTC so; here it must not mean the zone of the machine. */
const ISO_WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

function inMilliseconds(value: number): number {
  return Math.abs(value) >= FIRST_MILLISECONDS ? value : value * 1000;
}

/** As seconds this is the year 33658, as milliseconds 2001: no time of Intercom's is on the wrong side. */
const FIRST_MILLISECONDS = 1e12;
