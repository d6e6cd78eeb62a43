import type { Simulator } from '../../simulator/index.ts';
import type { Clock } from '../../src/index.ts';
import type { Transport } from '../../src/intercom/transport.ts';
import type { Chance } from '../engine/support/chance.ts';
import { virtualTransport } from '../engine/support/virtual-workspace.ts';

/**
 * The way to a simulator in virtual time. A request arrives, and its answer leaves, when it would: others may overtake it, and the
 * workspace may change on the way.
 *
 * @param slowest - Milliseconds that either way may take
 */
export function networkTo(simulator: Simulator, clock: Clock, chance: Chance, slowest: number): Transport {
  const reach = virtualTransport(simulator, clock, Infinity);
  return async (call) => {
    await clock.sleep(1 + chance.below(slowest), call.signal);
    const back = 1 + chance.below(slowest);
    const answer = await reach(call);
    await clock.sleep(back, call.signal);
    return answer;
  };
}
