import { Clock } from './clock.ts';
import { controlOf } from './control.ts';
import { RateLimiter } from './http/rate-limit.ts';
import { Router, type Services } from './http/router.ts';
import { ApiServer } from './http/server.ts';
import { ApiService, type Asked, type Reply, type RequestEntry } from './http/service.ts';
import {
  DEFAULT_NOW,
  DEFAULT_QUIRKS,
  DEFAULT_RATE_LIMIT,
  DEFAULT_SIZES,
  DEFAULT_TOKEN,
  type Quirks,
  type SimulatorOptions,
} from './options.ts';
import { ROUTES } from './routes/index.ts';
import { Scroll } from './scroll.ts';
import { SearchEngine } from './search/engine.ts';
import { Calendar } from './timezone.ts';
import { Trouble } from './trouble.ts';
import { World } from './world/world.ts';

export type { Effect } from './effects.ts';
export type { Asked, Reply, RequestEntry } from './http/service.ts';
export type { Json, JsonObject, Patch, Row, TimedRow } from './json.ts';
export type { Quirks, RateLimit, SimulatorOptions, Sizes } from './options.ts';
export { DEFAULT_NOW, DEFAULT_TOKEN } from './options.ts';
export type { ActiveRule, Match, TokenGrant, Trouble, TroubleRule } from './trouble.ts';
export { World } from './world/world.ts';

/** An Intercom workspace behind a loopback address. */
export interface Simulator {
  /** http://127.0.0.1:PORT; empty where it does not listen. */
  readonly url: string;
  /** The access token that may do everything. */
  readonly token: string;
  /** What the workspace holds, and the way to change it. */
  readonly world: World;
  /** All requests so far; `requests.length = 0` forgets them. */
  readonly requests: RequestEntry[];
  /** What shall go wrong. */
  readonly trouble: Trouble;
  /** How answers differ from case to case; may be changed at any time. */
  readonly quirks: Quirks;
  /** Requests per window; may be changed at any time. */
  rateLimit: number;
  /** Milliseconds added to each answer; may be changed at any time. */
  latency: number;
  /** Called with each request once its answer is computed and before the next request is served. */
  onRequest: ((entry: RequestEntry) => void) | undefined;
  /** Simulated unix seconds. */
  now(): number;
  advance(seconds: number): void;
  /** Answers a request that comes by no socket; whoever asked waits for `delay`, and is cut off as `cut` says. */
  reply(asked: Asked): Reply;
  /** Cuts all connections and stops listening. */
  close(): Promise<void>;
}

/** Starts a workspace of its own; nothing is shared between simulators. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = createSimulator(options);
  await listen(simulator, options.port);
  return simulator;
}

/** Lets a workspace listen behind a loopback address, on a free port unless one is named. */
export async function listen(simulator: ReturnType<typeof createSimulator>, port = 0): Promise<void> {
  const server = new ApiServer(
    (asked) => simulator.reply(asked),
    () => simulator.quirks.gzip,
  );
  simulator.url = `http://127.0.0.1:${await server.listen(port)}`;
  simulator.close = () => server.close();
}

/** A workspace that does not listen: it is asked by `reply` alone. */
export function createSimulator(options: SimulatorOptions = {}): Simulator & { url: string } {
  const { seed = 1, timezone = 'UTC', region = 'US', token = DEFAULT_TOKEN, indexLag = 0 } = options;
  const clock = new Clock(options.now ?? DEFAULT_NOW, options.frozen === false, options.ticks);
  const world = new World({ seed, sizes: { ...DEFAULT_SIZES, ...options.sizes }, clock, timezone, region, indexLag });
  const quirks: Quirks = { ...DEFAULT_QUIRKS, ...options.quirks };
  const services: Services = {
    world,
    clock,
    quirks,
    engine: new SearchEngine(() => world.revision),
    calendar: new Calendar(timezone),
    scroll: new Scroll(clock, () => quirks.mostPerPage),
    shuffles: { count: 0 },
  };
  const limiter = new RateLimiter(clock, options.rateLimit ?? DEFAULT_RATE_LIMIT);
  const trouble = new Trouble();
  const requests: RequestEntry[] = [];
  const simulator = {
    url: '',
    token,
    world,
    requests,
    trouble,
    quirks,
    latency: options.latency ?? 0,
    onRequest: undefined as Simulator['onRequest'],
    get rateLimit() {
      return limiter.limit;
    },
    set rateLimit(limit: number) {
      limiter.limit = limit;
    },
    now: () => clock.now(),
    advance: (seconds: number) => {
      clock.advance(seconds);
    },
    reply: (asked: Asked) => service.reply(asked),
    close: () => Promise.resolve(),
  };
  const service = new ApiService({
    services,
    router: new Router(ROUTES),
    trouble,
    limiter,
    token,
    latency: () => simulator.latency,
    onAnswer: (entry) => {
      requests.push(entry);
      simulator.onRequest?.(entry);
    },
    control: controlOf(simulator),
  });
  return simulator;
}
