import type {
  ContactOfAConversation,
  Conversation,
  ConversationHandlingEvent,
  TagOfAConversation,
  TeammateOfAConversation,
} from '../generated/schemas.ts';
import { each, get, objectsIn, path, rows, stream } from '../readers/index.ts';
import { everyConversation, skipFailed } from './conversations.ts';

const PERMISSION = 'Read conversations';

export const conversationTags = stream('conversation_tags', {
  title: 'Tags of Conversations',
  primaryKey: ['conversation_id', 'tag_id'],
  cursor: 'conversation_updated_at',
  permission: PERMISSION,
  read: rows<Conversation, TagOfAConversation>(everyConversation, (conversation) =>
    objectsIn(conversation.tags, 'tags').map(({ id, applied_at, applied_by }) => ({
      ...parent(conversation),
      tag_id: id,
      applied_at: applied_at ?? null,
      applied_by: applied_by ?? null,
    })),
  ),
});

export const conversationContacts = stream('conversation_contacts', {
  title: 'Contacts of Conversations',
  primaryKey: ['conversation_id', 'contact_id'],
  cursor: 'conversation_updated_at',
  permission: PERMISSION,
  read: rows<Conversation, ContactOfAConversation>(everyConversation, (conversation) =>
    objectsIn(conversation.contacts, 'contacts').map(({ id }) => ({ ...parent(conversation), contact_id: id ?? '' })),
  ),
});

export const conversationTeammates = stream('conversation_teammates', {
  title: 'Teammates of Conversations',
  primaryKey: ['conversation_id', 'admin_id'],
  cursor: 'conversation_updated_at',
  permission: PERMISSION,
  read: rows<Conversation, TeammateOfAConversation>(everyConversation, (conversation) =>
    teammatesOf(conversation).map(({ id }) => ({
      ...parent(conversation),
      admin_id: id ?? '',
    })),
  ),
});

export const conversationHandlingEvents = stream('conversation_handling_events', {
  title: 'Handling Events of Conversations',
  primaryKey: ['conversation_id', 'type', 'timestamp'],
  cursor: 'conversation_updated_at',
  permission: PERMISSION,
  read: each<Conversation, ConversationHandlingEvent>(
    everyConversation,
    ({ id }) =>
      get(path`/conversations/${id}/handling_events`, {
        purpose: 'Reading handling events of a conversation',
        records: 'handling_events',
      }),
    {
      skipFailed,
      map: (found, conversation) =>
        found.map((event) => ({ ...event, ...parent(conversation) }) as ConversationHandlingEvent),
    },
  ),
});

/** Live answers keep them under `admins`, Intercom's description under `teammates`. */
function teammatesOf({ teammates }: Conversation): readonly { readonly id?: string | null }[] {
  const { length } = objectsIn(teammates, 'admins');
  return objectsIn(teammates, length > 0 ? 'admins' : 'teammates');
}

function parent({ id, updated_at }: Conversation): {
  conversation_id: string;
  conversation_updated_at: Conversation['updated_at'];
} {
  return { conversation_id: id, conversation_updated_at: updated_at };
}
