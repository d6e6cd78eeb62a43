import type {
  ContactOfAConversation,
  Conversation,
  ConversationHandlingEvent,
  TagOfAConversation,
  TeammateOfAConversation,
} from '../generated/schemas.ts';
import { each, get, objectsOf, path, rows, stream } from '../readers/index.ts';
import { everyConversation, skipFailed } from './conversations.ts';

const PERMISSION = 'Read conversations';

export const conversationTags = stream('conversation_tags', {
  title: 'Tags of Conversations',
  primaryKey: ['conversation_id', 'tag_id'],
  cursor: 'conversation_updated_at',
  permission: PERMISSION,
  read: rows<Conversation, TagOfAConversation>(everyConversation, (conversation) =>
    objectsOf(conversation.tags?.tags).map(({ id, applied_at, applied_by }) => ({
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
    objectsOf(conversation.contacts?.contacts).map(({ id }) => ({ ...parent(conversation), contact_id: id ?? '' })),
  ),
});

/** Live answers keep the teammates under `admins`, Intercom's description under `teammates`. */
export const conversationTeammates = stream('conversation_teammates', {
  title: 'Teammates of Conversations',
  primaryKey: ['conversation_id', 'admin_id'],
  cursor: 'conversation_updated_at',
  permission: PERMISSION,
  read: rows<Conversation, TeammateOfAConversation>(everyConversation, (conversation) =>
    objectsOf(conversation.teammates?.admins ?? conversation.teammates?.teammates).map(({ id }) => ({
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

function parent({ id, updated_at }: Conversation): {
  conversation_id: string;
  conversation_updated_at: Conversation['updated_at'];
} {
  return { conversation_id: id, conversation_updated_at: updated_at };
}
