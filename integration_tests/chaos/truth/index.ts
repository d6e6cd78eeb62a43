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

/**
 * Keys of events and notes that a read which asks only contacts that changed has no way to know of: those of contacts whose last change
 * is before the start date. It need not go back for them when the contact changes at some later time.
 */
export function unannounced(stream: string, world: World, config: JsonObject): ReadonlySet<string> {
  if (config['per_contact_scope'] !== 'changed' || (stream !== 'events' && stream !== 'notes_by_user'))
    return new Set();
  const found = new Set(truthsOf(stream, world, config).map(({ key }) => key));
  const all = truthsOf(stream, world, { ...config, per_contact_scope: 'all' }).map(({ key }) => key);
  return new Set(all.filter((key) => !found.has(key)));
}

const TRUTHS: Readonly<Record<string, Truths>> = { ...CONTACTS, ...COMPANIES, ...CONVERSATIONS, ...WORKSPACE };
