import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createPacer, TooLate, type Ticket, type Wait } from './pacer.ts';
import type { RateFacts } from './rate-facts.ts';
import { createLimiter } from './testing/limiter.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';

interface World {
  readonly limit: number;
  readonly window: number;
  readonly behind: number;
  readonly late?: number;
  readonly share: number;
  readonly concurrency: number;
  readonly requests: number;
  /** Milliseconds there, in work, and back. */
  readonly uplink: number;
  readonly work: number;
  readonly downlink: number;
  /** One in so many answers has no headers, or never comes. */
  readonly bare?: number;
  readonly lost?: number;
  /** Requests per window of somebody else, evenly. */
  readonly others?: number;
  readonly seed: number;
}

const usual: World = {
  limit: 1666,
  window: 10_000,
  behind: 0,
  share: 100,
  concurrency: 50,
  requests: 9000,
  uplink: 50,
  work: 150,
  downlink: 50,
  seed: 1,
};

describe('a pacer at its gate', () => {
  const setUp = (concurrency = 2, now?: number) => {
    const clock = createVirtualClock(now);
    const onWait = jest.fn<(wait: Wait | undefined) => void>();
    const pacer = createPacer({ clock, concurrency, share: 100, onWait, random: () => 0 });
    const { signal } = new AbortController();
    /** A first answer, by which everything is known: what is left, until `seconds` from now. */
    const learn = async (remaining: number, seconds: number, change: Partial<RateFacts> = {}) => {
      const [limit, date] = [100, clock.now()];
      const facts = { status: 200, limit, remaining, date, reset: date + seconds * 1000, ...change };
      pacer.settle(await pacer.take(signal), facts);
      return facts;
    };
    return { clock, pacer, onWait, signal, learn };
  };

  test('the first request goes alone, since nothing is known; a lost one is followed by another', async () => {
    const { clock, pacer, signal } = setUp(10);
    const first = await pacer.take(signal);
    const second = pacer.take(signal);
    await expect(clock.run(second)).rejects.toThrow('Everybody waits');
    pacer.settle(first, undefined);
    pacer.settle(await second, { status: 200 });
    await expect(clock.run(Promise.all([pacer.take(signal), pacer.take(signal)]))).resolves.toHaveLength(2);
  });

  test('nothing left: everybody waits until the window ends, and is told so', async () => {
    const { clock, pacer, onWait, signal, learn } = setUp();
    const { reset } = await learn(0, 7);
    const ticket = await clock.run(pacer.take(signal));
    expect(ticket.sentAt).toBe(reset);
    expect(onWait.mock.calls).toEqual([[{ until: reset }], [undefined]]);
  });

  test('an older answer that comes late does not add to what is left', async () => {
    const { clock, pacer, signal, learn } = setUp(10);
    const facts = await learn(3, 5);
    const [a, b] = [await pacer.take(signal), await pacer.take(signal)];
    pacer.settle(b, { ...facts, remaining: 0 });
    pacer.settle(a, { ...facts, remaining: 1 });
    expect((await clock.run(pacer.take(signal))).sentAt).toBe(facts.reset);
  });

  test('first come, first served; a slot is free when an answer has come', async () => {
    const { clock, pacer, signal, learn } = setUp(1);
    const facts = await learn(50, 5);
    const from = clock.now();
    const order: [number, number][] = [];
    const turns = [1, 2, 3].map(async (turn) => {
      const ticket = await pacer.take(signal);
      order.push([turn, clock.now() - from]);
      await clock.sleep(100);
      pacer.settle(ticket, { ...facts, remaining: 50 - turn });
    });
    await clock.run(Promise.all(turns));
    expect(order).toEqual([
      [1, 0],
      [2, 100],
      [3, 200],
    ]);
  });

  test('who aborts leaves the queue at once, and the others move up', async () => {
    const { clock, pacer, signal, learn, onWait } = setUp();
    const { date } = await learn(0, 60);
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [pacer.take(first.signal), pacer.take(second.signal)] as const;
    const reason = new Error('enough');
    first.abort(reason);
    await expect(waiting[0]).rejects.toBe(reason);
    second.abort(reason);
    await expect(waiting[1]).rejects.toBe(reason);
    // Nobody waits any more, hence no timer either, which would hold up the end of the process.
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('Everybody waits');
    expect(clock.now()).toBe(date);
    expect(onWait).toHaveBeenLastCalledWith(undefined);
    await expect(pacer.take(first.signal)).rejects.toBe(reason);
    await expect(clock.run(pacer.take(signal))).resolves.toBeDefined();
  });

  test.each<[string, Partial<RateFacts>, number]>([
    ['the window ends', { remaining: 0 }, 7_000],
    ['Retry-After, if that is later', { remaining: 0, retryAfter: 600_000 }, 600_000],
    [
      'ten seconds pass, if nothing is said',
      { limit: undefined, remaining: undefined, reset: undefined } as never,
      10_000,
    ],
    [
      'Retry-After, if nothing else is said',
      { reset: undefined, remaining: undefined, retryAfter: 3_000 } as never,
      3_000,
    ],
  ])('a refusal stops everybody until %s', async (_name, change, pause) => {
    const { clock, pacer, signal, learn } = setUp();
    const { date } = await learn(50, 7, { status: 429, ...change });
    const tickets = await clock.run(Promise.all([pacer.take(signal), pacer.take(signal)]));
    expect(tickets.map(({ sentAt }) => sentAt - date)).toEqual([pause, pause]);
  });

  test('a refusal of the last window, in the first moments of the new: a short pause, not a whole window', async () => {
    const { clock, pacer, signal, learn } = setUp();
    const facts = await learn(0, 7);
    const early = await clock.run(pacer.take(signal));
    pacer.settle(early, { ...facts, status: 429, date: facts.reset - 1000 });
    const { sentAt } = await clock.run(pacer.take(signal));
    expect(sentAt - facts.reset).toBeLessThanOrEqual(1_100);
  });

  test('a request on its way while a window began counts there, also if nobody looked at that moment', async () => {
    const { clock, pacer, signal, learn } = setUp(1);
    const { reset } = await learn(1, 5, { limit: 2 });
    await clock.run(clock.sleep(4_000));
    const ticket = await pacer.take(signal);
    await clock.run(clock.sleep(9_000));
    pacer.settle(ticket, undefined);
    pacer.settle(await pacer.take(signal), undefined);
    expect((await clock.run(pacer.take(signal))).sentAt).toBe(reset + 10_000);
  });

  test('a slow answer of the last window opens no third one, even if its way back was slow, too', async () => {
    const { clock, pacer, signal, learn } = setUp();
    const { reset } = await learn(1, 10, { limit: 1 });
    const facts = { status: 200, limit: 1, remaining: 0 };
    const second = await clock.run(pacer.take(signal));
    pacer.settle(second, { ...facts, reset: reset + 10_000, date: reset });
    await clock.run(clock.sleep(195_000));
    const slow = await pacer.take(signal);
    const next = await clock.run(pacer.take(signal));
    expect(next.sentAt - reset).toBe(200_000);
    await clock.run(clock.sleep(5_000));
    pacer.settle(slow, { ...facts, reset: reset + 200_000, date: reset + 201_000 });
    pacer.settle(next, { status: 200 });
    expect((await clock.run(pacer.take(signal))).sentAt - reset).toBe(210_000);
  });

  test('who cannot wait that long is told at once; who can goes on waiting', async () => {
    const { clock, pacer, signal, learn } = setUp();
    const { date } = await learn(0, 60);
    const impatient = pacer.take(signal, date + 50_000);
    await expect(impatient).rejects.toBeInstanceOf(TooLate);
    expect(clock.now()).toBe(date);
    await expect(clock.run(pacer.take(signal, date + 61_000))).resolves.toBeDefined();
  });

  test.each([
    ['in the past, without a Date to compare', { reset: 0, date: undefined }],
    ['hours ahead', { reset: 1_800_007_200_000 }],
  ])('a Reset %s makes no sense: ten seconds', async (_name, change) => {
    const { clock, pacer, signal, learn } = setUp();
    const from = clock.now();
    await learn(0, 7, change as never);
    expect((await clock.run(pacer.take(signal))).sentAt - from).toBe(10_000);
  });

  test('answers without headers: 166 requests in ten seconds', async () => {
    const { clock, pacer, signal } = setUp(500);
    const from = clock.now();
    const sent: number[] = [];
    const all = Array.from({ length: 400 }, async () => {
      const ticket = await pacer.take(signal);
      sent.push(ticket.sentAt - from);
      await clock.sleep(100);
      pacer.settle(ticket, { status: 200 });
    });
    await clock.run(Promise.all(all));
    expect(sent.filter((moment) => moment < 10_000)).toHaveLength(166);
    expect(sent.filter((moment) => moment < 20_100)).toHaveLength(332);
  });
});

describe('a pacer against a server that counts', () => {
  test.each<[string, Partial<World>, number]>([
    ['the usual limit', {}, 0.97],
    ['our clock an hour ahead', { behind: 3_600_000 }, 0.97],
    ['our clock an hour and a bit behind', { behind: -3_600_321 }, 0.97],
    ['an old, small limit', { limit: 83, requests: 600 }, 0.99],
    ['a tiny limit and long windows', { limit: 5, window: 60_000, requests: 40 }, 0.99],
    ['short windows', { limit: 50, window: 2_000, requests: 500 }, 0.99],
    ['a share of a third', { share: 33, requests: 4000 }, 0.97],
    ['slow answers and a small limit', { limit: 83, work: 5000, concurrency: 100, requests: 600 }, 0.97],
    ['answers as slow as a window', { limit: 20, work: 12_000, requests: 200 }, 0.92],
    ['one at a time', { concurrency: 1, limit: 20, requests: 120 }, 0.99],
  ])('%s: no refusal, and nearly all that is permitted', async (_name, change, least) => {
    const world = { ...usual, ...change };
    const { refusals, use } = await play(world);
    expect(refusals).toBe(0);
    expect(use).toBeGreaterThan(least);
    expect(use).toBeLessThanOrEqual(1);
  });

  test('whatever the delays and clocks: no refusal, no more than the share, no deadlock', async () => {
    const worlds = fc.record({
      limit: fc.integer({ min: 1, max: 120 }),
      window: fc.constantFrom(1000, 10_000, 60_000),
      behind: fc.integer({ min: -5_000_000, max: 5_000_000 }),
      share: fc.integer({ min: 1, max: 100 }),
      concurrency: fc.integer({ min: 1, max: 60 }),
      requests: fc.constant(150),
      uplink: fc.integer({ min: 0, max: 2000 }),
      work: fc.integer({ min: 0, max: 20_000 }),
      downlink: fc.integer({ min: 0, max: 600 }),
      bare: fc.constantFrom(0, 2, 5),
      lost: fc.constantFrom(0, 3, 10),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { refusals, most } = await play({ ...usual, ...world });
        // A request that tells nothing does not tell either in which window it was counted.
        const isTold = world.bare + world.lost === 0;
        expect(refusals).toBeLessThanOrEqual(isTold ? 0 : 2);
        if (isTold) expect(most).toBeLessThanOrEqual(Math.max(1, Math.floor((world.limit * world.share) / 100)));
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    );
  });

  test('others use the workspace too: few refusals, and what they leave is used', async () => {
    const { refusals, use } = await play({ ...usual, others: 800, requests: 6000 });
    expect(refusals).toBeLessThan(60);
    expect(use).toBeGreaterThan(0.48);
  });

  test('windows that begin later than promised are learnt from the first refusals', async () => {
    const { refusals } = await play({ ...usual, limit: 100, late: 350, requests: 2000 });
    expect(refusals).toBeLessThan(250);
  });
});

/** Sends many requests through a pacer, and tells what the server made of them. */
async function play(world: World): Promise<{ refusals: number; use: number; most: number }> {
  const { concurrency, share, requests, limit, lost = 0, bare = 0, others = 0 } = world;
  const clock = createVirtualClock();
  const random = generator(world.seed);
  const around = (milliseconds: number): number => Math.round(milliseconds * (0.5 + random()));
  const limiter = createLimiter(world);
  const pacer = createPacer({ clock, concurrency, share, random });
  const { signal } = new AbortController();
  let left = requests;
  let isOver = false;
  let refusals = 0;
  // Before the first headers nobody can know the limit, and before those of a second window how long windows are.
  const known = new Set<number | undefined>();
  const unknown = new Set<number>();

  const send = async (ticket: Ticket): Promise<void> => {
    const isKnown = known.size > 2;
    await clock.sleep(around(world.uplink));
    const seen = limiter.arrive(clock.now());
    if (!isKnown) unknown.add(seen.index);
    if (isKnown && lost > 0 && Math.floor(random() * lost) === 0) {
      await clock.sleep(around(world.work));
      pacer.settle(ticket, undefined);
      return;
    }
    await clock.sleep(around(world.work));
    const facts = limiter.headers(seen, clock.now());
    await clock.sleep(around(world.downlink));
    pacer.settle(
      ticket,
      isKnown && bare > 0 && seen.status === 200 && Math.floor(random() * bare) === 0 ? { status: 200 } : facts,
    );
    known.add(facts.reset);
    if (seen.status === 429) left++;
    if (seen.status === 429 && isKnown) refusals++;
  };
  const worker = async (): Promise<void> => {
    while (left-- > 0) await send(await pacer.take(signal));
  };
  const somebody = async (): Promise<void> => {
    while (!isOver) {
      limiter.arrive(clock.now(), false);
      await clock.sleep(world.window / others);
    }
  };
  if (others > 0) void somebody();
  const workers = Promise.all(Array.from({ length: concurrency * 2 }, worker));
  await clock.run(workers.finally(() => (isOver = true)));
  // The first and last windows were begun late and ended early.
  const full = [...limiter.ours.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, count]) => count)
    .slice(1, -1);
  const windows =
    (Math.max(...limiter.ours.keys()) - Math.min(...limiter.ours.keys()) - 1) * Math.floor((limit * share) / 100);
  const used = full.reduce((sum, count) => sum + count, 0);
  const counts = [...limiter.ours].filter(([index]) => !unknown.has(index)).map(([, count]) => count);
  return { refusals, use: used / windows, most: Math.max(0, ...counts) };
}

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
