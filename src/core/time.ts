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
  if (typeof value === 'number') return Number.isFinite(value) ? seconds(inMilliseconds(value)) : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  if (Number.isFinite(number)) return seconds(inMilliseconds(number));
  const instant = Date.parse(ISO_WITHOUT_ZONE.test(value) ? `${value}Z` : value);
  return Number.isNaN(instant) ? undefined : seconds(instant);
}

/** Databases and other connectors write UTC so; here it must not mean the zone of the machine. */
const ISO_WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

function inMilliseconds(value: number): number {
  return Math.abs(value) >= FIRST_MILLISECONDS ? value : value * 1000;
}

/** As seconds this is the year 33658, as milliseconds 2001: no time of Intercom's is on the wrong side. */
const FIRST_MILLISECONDS = 1e12;
