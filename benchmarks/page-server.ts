import { startSimulator } from '../simulator/index.ts';
import { serve } from './search-server.ts';

/** Serves contacts of the simulator, as many as the argument says, from memory. */
const simulator = await startSimulator({ sizes: { contacts: Number(process.argv[2]) } });
const contacts = [...simulator.world.contacts.all()].sort((a, b) => a.updated_at - b.updated_at);
const times = contacts.map((contact) => contact.updated_at);
const rows = contacts.map((contact) => Buffer.from(`${JSON.stringify(contact)},`));
const starts = [0];
for (const { length } of rows) starts.push(starts.at(-1)! + length);
const bytes = Buffer.concat(rows);
rows.length = 0;
contacts.length = 0;
await simulator.close();

serve({
  count: times.length,
  timeAt: (position) => times[position]!,
  text: (from, to) => [bytes.subarray(starts[from], Math.max(starts[from]!, starts[to]! - 1))],
});
