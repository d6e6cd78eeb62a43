import { startSimulator } from '../../simulator/index.ts';
import { selecting } from '../singer/support/catalogs.ts';
import { tap } from '../singer/support/tap.ts';

let lines: Promise<ReadonlySet<string>> | undefined;

/** What the tap logs of a read in which a conversation was deleted meanwhile, by `withoutNames`. */
export function logLines(): Promise<ReadonlySet<string>> {
  return (lines ??= runTap());
}

/** A line with N for every number, and one name for all streams. */
export function withoutNames(line: string): string {
  return line.replace(/\d+(\.\d+)?/g, 'N').replace(/\b[a-z]+(_[a-z]+)*:/, 'stream:');
}

async function runTap(): Promise<ReadonlySet<string>> {
  const simulator = await startSimulator({ sizes: { contacts: 20, conversations: 20 } });
  try {
    simulator.trouble.add({
      match: { route: 'GET /conversations/{id}', nth: 2, times: 1 },
      effect: { kind: 'status', status: 404, code: 'not_found' },
    });
    const catalog = selecting(['conversations', 'conversation_parts', 'contacts']);
    const { stderr } = await tap({ config: { access_token: simulator.token }, catalog }, { api: simulator.url });
    return new Set(stderr.split('\n').map(withoutNames));
  } finally {
    await simulator.close();
  }
}
