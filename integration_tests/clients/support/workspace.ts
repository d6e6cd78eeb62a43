import { startSimulator, type Simulator } from '../../../simulator/index.ts';
import { SCENARIOS } from '../../../simulator/scenarios.ts';

/** Does something with a workspace that has some of everything. */
export async function withWorkspace(use: (simulator: Simulator) => Promise<void>): Promise<void> {
  const simulator = await startSimulator({ sizes: { contacts: 60, companies: 30, conversations: 30 } });
  try {
    await use(simulator);
  } finally {
    await simulator.close();
  }
}

/** What an ordinary day changes: contacts and companies are new, renamed, merged; conversations go on, one is deleted. */
export function letADayPass(simulator: Simulator): void {
  for (const name of DAY) {
    simulator.advance(HOURS_8);
    SCENARIOS[name]!(simulator.world);
  }
  simulator.advance(HOURS_8);
}

const DAY = ['a_day_of_changes', 'replies', 'merges'];
const HOURS_8 = 8 * 3600;
