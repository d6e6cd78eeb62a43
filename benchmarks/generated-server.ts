import { startSimulator } from '../simulator/index.ts';
import { serve } from './search-server.ts';

/**
 * Serves more contacts than memory holds, as many as the argument says: those of a small workspace of the simulator over and over, each time
 * with another id and a later time of change. The id is the position, in hexadecimal.
 */
const simulator = await startSimulator({ sizes: { contacts: 1_000 } });
const kinds = [...simulator.world.contacts.all()].map((contact) =>
  JSON.stringify({ ...contact, id: '#ID#', external_id: '#ID#', updated_at: '#TIME#' }).split(/#ID#|"#TIME#"/),
);
await simulator.close();

const count = Number(process.argv[2]);
const end = Math.floor(Date.now() / 1000) - 86_400;
/** A few contacts share each second, as after an import. */
const timeAt = (position: number) => end - Math.floor((count - position) / 7);

function contact(position: number): string {
  const [start, afterId, afterExternalId, rest] = kinds[position % kinds.length]!;
  const id = position.toString(16).padStart(24, '0');
  return `${start}${id}${afterId}${id}${afterExternalId}${timeAt(position)}${rest}`;
}

serve({
  count,
  timeAt,
  text: (from, to) => [Buffer.from(Array.from({ length: to - from }, (_, index) => contact(from + index)).join(','))],
});
