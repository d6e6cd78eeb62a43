import { createSimulator, DEFAULT_NOW, type Simulator, type SimulatorOptions } from '../../../simulator/index.ts';
import type { Clock } from '../../../src/index.ts';
import { createVirtualClock } from '../../../src/intercom/testing/virtual-clock.ts';
import { NoAnswer, type Transport } from '../../../src/intercom/transport.ts';
import { readStreams, type Reading, type ReadOptions } from './read.ts';

export interface VirtualOptions extends Omit<SimulatorOptions, 'frozen' | 'port' | 'ticks'> {
  /** Seconds by which the reader's clock is ahead of the workspace's. */
  readonly skew?: number;
  /** Requests after which a read is taken for endless. */
  readonly mostCalls?: number;
}

/** A workspace in this process, in which waiting costs no time: its clock leaps to the next moment for which somebody waits. */
export interface VirtualWorkspace {
  readonly simulator: Simulator;
  /** Reads streams as {@link readStreams} does. Fails when everybody waits and nothing happens, or when requests have no end. */
  readonly read: (names: readonly string[], options?: ReadOptions) => Promise<Reading>;
  /** Lets time pass. */
  readonly pass: (seconds: number) => Promise<void>;
}

export function createVirtualWorkspace({ skew = 0, mostCalls, ...options }: VirtualOptions = {}): VirtualWorkspace {
  const clock = createVirtualClock((options.now ?? DEFAULT_NOW) * 1000);
  const simulator = createSimulator({
    latency: LATENCY,
    ...options,
    frozen: false,
    ticks: () => clock.now() / 1000,
  });
  const own: Clock = {
    now: () => clock.now() + skew * 1000,
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
  };
  return {
    simulator,
    read: (names, readOptions) =>
      clock.run(
        readStreams(simulator, names, {
          ...readOptions,
          clock: own,
          transport: virtualTransport(simulator, clock, mostCalls),
        }),
      ),
    pass: (seconds) => clock.run(clock.sleep(seconds * 1000)),
  };
}

/** Carries requests to a simulator that does not listen, and lets them fail as a network does. */
export function virtualTransport(simulator: Simulator, clock: Clock, mostCalls = MOST_CALLS): Transport {
  let calls = 0;
  return async ({ method, url, headers, body, timeoutMilliseconds, signal }) => {
    if (++calls > mostCalls) throw new Error(`${mostCalls} requests, and no end: the last was ${method} ${url.href}`);
    const { status, headers: sent, bytes, delay, cut } = simulator.reply({ method, url, headers, text: body ?? '' });
    if (cut === 'hang' || delay >= timeoutMilliseconds) {
      await clock.sleep(timeoutMilliseconds, signal);
      throw new NoAnswer('timeout', `Timeout awaiting 'request' for ${timeoutMilliseconds}ms`, 'ETIMEDOUT');
    }
    await clock.sleep(delay, signal);
    if (cut === 'refuse') throw new NoAnswer('network', 'connect ECONNREFUSED', 'ECONNREFUSED');
    if (cut === 'reset') throw new NoAnswer('network', 'read ECONNRESET', 'ECONNRESET');
    if (cut === 'resetMidBody') throw cutOff(bytes.length);
    const received = Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value] as const);
    return { status, headers: Object.fromEntries(received), text: bytes.toString() };
  };
}

function cutOff(length: number): NoAnswer {
  const came = `expected ${length} bytes, received ${Math.floor(length / 2)} bytes`;
  return new NoAnswer('network', `Content-Length mismatch: ${came}`, 'ERR_HTTP_CONTENT_LENGTH_MISMATCH');
}

/** Milliseconds. */
const LATENCY = 50;
/** More than anything here needs. */
const MOST_CALLS = 20_000;
