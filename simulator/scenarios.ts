import { hostile } from './hostile.ts';
import type { JsonObject } from './json.ts';
import type { World } from './world/world.ts';

/** Named sets of changes; each answers the ids it changed, per collection. */
export const SCENARIOS: Record<string, (world: World) => JsonObject> = {
  a_day_of_changes: aDayOfChanges,
  replies: (world) => ({ conversations: reply(world, 5) }),
  merges: mergeSome,
  hostile,
};

/** What an ordinary day brings: new and changed contacts, replies, a closed and a deleted conversation, a new company. */
function aDayOfChanges(world: World): JsonObject {
  const contacts = first(world.contacts.all(), 5).map(
    ({ id }) => world.contacts.update(id, { name: `Renamed ${id.slice(-4)}` }).id,
  );
  const added = [0, 1, 2].map(
    (number) => world.contacts.add({ role: number === 2 ? 'lead' : 'user', name: `New contact ${number}` }).id,
  );
  const replied = reply(world, 4);
  const [closed] = first(
    world.conversations.all(),
    1,
    (conversation) => conversation.state === 'open' && !replied.includes(conversation.id),
  );
  if (closed) world.conversations.update(closed.id, { state: 'closed' });
  const [doomed] = first(
    world.conversations.all(),
    1,
    ({ id, ticket }) => ticket === null && id !== closed?.id && !replied.includes(id),
  );
  if (doomed) world.conversations.delete(doomed.id);
  const company = world.companies.add({ name: 'Newcomers Ltd' });
  world.attachCompany(added[0]!, company.id);
  const tickets = first(world.tickets.all(), 2).map(({ id }) => world.tickets.update(id, { open: false }).id);
  return {
    contacts: [...contacts, ...added],
    conversations: [...replied, ...(closed ? [closed.id] : []), ...tickets],
    deleted_conversations: doomed ? [doomed.id] : [],
    companies: [company.id],
    tickets,
  };
}

function reply(world: World, count: number): string[] {
  return first(world.conversations.all(), count, ({ ticket }) => ticket === null).map(({ id }) => {
    world.conversations.addPart(id);
    return id;
  });
}

/** Merges three leads into the first user. */
function mergeSome(world: World): JsonObject {
  const [into] = first(world.contacts.all(), 1, ({ role }) => role === 'user');
  if (!into) return { contacts: [], merged: [] };
  const merged = first(world.contacts.all(), 3, ({ role }) => role === 'lead').map(({ id }) => {
    world.contacts.merge(id, into.id);
    return id;
  });
  return { contacts: [into.id], merged };
}

function first<R>(rows: Iterable<R>, count: number, passes: (row: R) => boolean = () => true): R[] {
  const found: R[] = [];
  for (const row of rows) {
    if (found.length >= count) break;
    if (passes(row)) found.push(row);
  }
  return found;
}
