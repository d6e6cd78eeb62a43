import type { JsonObject, World } from '../../../simulator/index.ts';
import { CONTACTS } from './contacts.ts';
import { CONVERSATIONS } from './conversations.ts';
import { startOf, type Truth, type Truths } from './truth.ts';
import { COMPANIES, WORKSPACE } from './workspace.ts';

export { startOf, type Truth } from './truth.ts';

/** What a stream should hold, told by the workspace alone. */
export function truthsOf(stream: string, world: World, config: JsonObject): readonly Truth[] {
  const tell = TRUTHS[stream];
  if (tell === undefined) throw new Error(`Nothing is known of the stream ${stream}.`);
  const start = startOf(config);
  return [...tell(world, config)].filter(({ due }) => due === undefined || due >= start);
}

const TRUTHS: Readonly<Record<string, Truths>> = { ...CONTACTS, ...COMPANIES, ...CONVERSATIONS, ...WORKSPACE };
