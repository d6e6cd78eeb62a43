import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSimulator, type Effect, type Simulator } from '../../simulator/index.ts';
import { systemClock } from '../../src/index.ts';
import { createTransport, NoAnswer, type Transport } from '../../src/intercom/transport.ts';
import { deadPort } from '../support/scripted-server.ts';
import { createVirtualWorkspace, virtualTransport } from './support/virtual-workspace.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ sizes: { tags: 3 } });
});

afterAll(() => simulator.close());

/** What comes of one request for tags. */
async function outcomeOf(transport: Transport, base = simulator.url): Promise<object> {
  const call = {
    method: 'GET' as const,
    url: new URL('/tags', base),
    headers: { authorization: `Bearer ${simulator.token}`, 'intercom-version': '2.16' },
    body: undefined,
    timeoutMilliseconds: 300,
    signal: new AbortController().signal,
  };
  try {
    const { status, text, headers } = await transport(call);
    return { status, text, type: headers['content-type'] };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { reason: error.reason, code: error.code, message: error.message };
  }
}

const EFFECTS: readonly Effect[] = [
  { kind: 'delay', ms: 0 },
  { kind: 'reset' },
  { kind: 'resetMidBody' },
  { kind: 'hang' },
  { kind: 'truncate' },
  { kind: 'empty' },
  { kind: 'html', status: 502 },
  { kind: 'status', status: 503 },
];

test.each(EFFECTS.map((effect) => [effect.kind, effect] as const))(
  'without a socket, %s is the same as over one',
  async (_, effect) => {
    const rule = simulator.trouble.add({ effect });
    const real = await outcomeOf(createTransport(new URL(simulator.url)));
    const virtual = await outcomeOf(virtualTransport(simulator, systemClock));
    rule.remove();
    const stable = (outcome: object): string => JSON.stringify(outcome).replace(/"request_id\\?":\\?"[\w-]+/, '');
    expect(stable(virtual)).toBe(stable(real));
  },
);

test('without a socket, a refused connection is the same as a real one', async () => {
  const nobody = `http://127.0.0.1:${await deadPort()}`;
  const rule = simulator.trouble.add({ effect: { kind: 'refuse' } });
  const virtual = await outcomeOf(virtualTransport(simulator, systemClock));
  rule.remove();
  const real = await outcomeOf(createTransport(new URL(nobody)), nobody);
  expect(virtual).toEqual({ ...real, message: expect.any(String) });
});

test('waiting takes the time of the workspace, and of its readers, only', async () => {
  const workspace = createVirtualWorkspace({ sizes: { tags: 3 } });
  const before = workspace.simulator.now();
  workspace.simulator.trouble.add({ match: { route: 'GET /tags', times: 2 }, effect: { kind: 'hang' } });
  const { rows, failures } = await workspace.read(['tags']);
  expect([rows['tags']?.length, failures]).toEqual([3, []]);
  expect(workspace.simulator.now() - before).toBeGreaterThanOrEqual(2 * 300);
  await workspace.pass(3600);
  expect(workspace.simulator.now() - before).toBeGreaterThanOrEqual(3600 + 2 * 300);
});

test('requests without end are ended', async () => {
  const workspace = createVirtualWorkspace({ sizes: { tags: 3 }, mostCalls: 100 });
  workspace.simulator.trouble.add({
    match: { route: 'GET /tags' },
    effect: { kind: 'shape', change: (_, { at, query }) => page(Number(query['page'] ?? 1), at) },
  });
  const { incomplete } = await workspace.read(['tags']);
  expect(incomplete['tags']?.message).toMatch(/100 requests, and no end/);
});

/** A page that always has one after it. */
function page(number: number, now: number) {
  return { data: [{ id: String(number), name: String(now) }], pages: { page: number, total_pages: number + 1 } };
}
