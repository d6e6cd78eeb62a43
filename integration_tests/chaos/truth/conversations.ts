import type { JsonObject, World } from '../../../simulator/index.ts';
import { textOf } from '../../../simulator/json.ts';
import type { Conversation } from '../../../simulator/world/conversation-fields.ts';
import { listed, objectsAt, row, type Truth, type Truths } from './truth.ts';

function* ofStatus(world: World, config: JsonObject): Generator<Conversation> {
  const status = config['conversation_status'] ?? 'all';
  for (const conversation of world.conversations.all())
    if (status === 'all' || conversation.state === status) yield conversation;
}

function* assigned(world: World, config: JsonObject): Generator<Conversation> {
  const type = config['conversation_admin_type'] ?? 'all';
  const admins = type === 'unassigned' ? ['0'] : listed(config, 'conversation_admin_ids');
  for (const conversation of ofStatus(world, config)) {
    const admin = textOf(conversation['admin_assignee_id'] ?? 0);
    if (type === 'all' || admins?.includes(admin) === true) yield conversation;
  }
}

function each(of: typeof ofStatus): Truths {
  return function* (world, config) {
    for (const conversation of of(world, config))
      yield row(conversation, [conversation.id], conversation.updated_at, [
        'state',
        'title',
        'admin_assignee_id',
        'updated_at',
      ]);
  };
}

/** Rows that are made from each conversation, by the last part of their keys. */
function inside(keysOf: (conversation: Conversation, world: World) => readonly string[], isKeyAlone = false): Truths {
  return function* (world, config): Generator<Truth> {
    for (const conversation of ofStatus(world, config)) {
      const { id, updated_at: due } = conversation;
      for (const key of keysOf(conversation, world))
        yield row({ conversation_updated_at: due }, isKeyAlone ? [key] : [id, key], due, ['conversation_updated_at']);
    }
  };
}

function idsAt(list: string): (conversation: Conversation) => readonly string[] {
  return (conversation) => objectsAt(conversation, list).map(({ id }) => textOf(id));
}

export const CONVERSATIONS: Readonly<Record<string, Truths>> = {
  conversations: each(ofStatus),
  conversations_by_admin: each(assigned),
  conversation_details: each(assigned),
  conversation_parts: inside(
    ({ id }, { conversations }) =>
      conversations
        .parts(id)
        .slice(-500)
        .map((part) => part.id),
    true,
  ),
  conversation_tags: inside(idsAt('tags.tags')),
  conversation_contacts: inside(idsAt('contacts.contacts')),
  conversation_teammates: inside(idsAt('teammates.admins')),
  conversation_handling_events: inside(({ id }, world) =>
    world
      .handlingEvents(world.conversations.slotOf(id) ?? -1)
      .map(({ type, timestamp }) => `${textOf(type)}/${textOf(timestamp)}`),
  ),
  *tickets({ tickets }) {
    for (const ticket of tickets.all()) yield row(ticket, [ticket.id], ticket.updated_at, ['open', 'updated_at']);
  },
  *ticket_parts({ tickets }) {
    for (const ticket of tickets.all())
      for (const part of objectsAt(ticket, 'ticket_parts.ticket_parts'))
        yield row(part, [part['id']], ticket.updated_at, ['part_type']);
  },
};
