import type { Config } from '../generated/config.ts';
import type {
  Conversation,
  ConversationByAdmin,
  ConversationDetail,
  PartOfAConversation,
} from '../generated/schemas.ts';
import {
  configuredIds,
  each,
  get,
  list,
  numberOf,
  objectsIn,
  path,
  rows,
  search,
  stream,
  textOf,
  where,
} from '../readers/index.ts';
import type { FilterSource, Source } from '../readers/index.ts';

const PERMISSION = 'Read conversations';

/** Every conversation of the wanted status. All streams of conversations, and of what belongs to them, share one walk. */
export const everyConversation = where(
  search<Conversation>('/conversations/search', 'conversations', { purpose: 'Reading conversations' }),
  ({ config }) =>
    config.conversation_status === 'all' ? [] : [{ field: 'state', operator: '=', value: config.conversation_status }],
);

/** Intercom writes "nobody" as 0. */
const byAssignee: FilterSource = async (context) => {
  const { conversation_admin_type: type, conversation_admin_ids: admins } = context.config;
  if (type === 'unassigned') return [{ field: 'admin_assignee_id', operator: '=', value: 0 }];
  if (admins.length === 0) return [];
  const ids = await configuredIds('conversation_admin_ids', context);
  const [only] = ids;
  return ids.length === 1 && only !== undefined
    ? [{ field: 'admin_assignee_id', operator: '=', value: only }]
    : [{ field: 'admin_assignee_id', operator: 'IN', value: ids }];
};

const assignedConversations = where(everyConversation, byAssignee);

export const conversations = stream('conversations', {
  title: 'All Conversations',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'conversation',
  read: everyConversation,
});

export const conversationsByAdmin = stream('conversations_by_admin', {
  title: 'Conversations by Admin',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'conversation',
  read: rows<Conversation, ConversationByAdmin>(
    assignedConversations,
    (conversation) => [{ ...conversation, admin_id: assigneeOf(conversation) }],
    { isOneRow: true },
  ),
});

export const conversationDetails = stream('conversation_details', {
  title: 'Conversation Details',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'conversation',
  read: each<Conversation, ConversationDetail>(assignedConversations, detailOf, {
    skipFailed,
    isOneRow: true,
    map: (found) =>
      (found as readonly ConversationDetail[]).map((detail) => ({ ...detail, parts_truncated: isTruncated(detail) })),
  }),
});

export const conversationParts = stream('conversation_parts', {
  title: 'Conversation Parts',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  read: each<Conversation, PartOfAConversation>(everyConversation, detailOf, {
    missing: olderParts,
    skipFailed,
    map: partsOf,
  }),
});

export const deletedConversations = stream('deleted_conversations', {
  title: 'Deleted Conversations',
  primaryKey: ['id'],
  cursor: 'deleted_at',
  permission: PERMISSION,
  read: list('/conversations/deleted', 'conversations', {
    purpose: 'Reading deleted conversations',
    query: { order: 'desc' },
    pageSize: 60,
    cursor: 'deleted_at',
    newestFirst: true,
  }),
});

function detailOf({ id }: Conversation, { conversation_body_format: format }: Config): Source<object> {
  return get(path`/conversations/${id}`, {
    purpose: 'Reading conversation details',
    query: format === 'plaintext' ? { display_as: 'plaintext' } : {},
  });
}

export function skipFailed(config: Config): boolean {
  return config.skip_failed_conversations;
}

function assigneeOf({ admin_assignee_id: id }: Conversation): string | null {
  const text = textOf(id);
  return text === '' || text === '0' ? null : text;
}

function partsOf(found: readonly object[]): readonly PartOfAConversation[] {
  return (found as readonly ConversationDetail[]).flatMap((conversation) =>
    listedParts(conversation).map(
      (part) =>
        ({
          ...part,
          conversation_id: conversation.id,
          conversation_created_at: conversation.created_at,
          conversation_updated_at: conversation.updated_at,
          conversation_total_parts: Math.max(countedParts(conversation), listedParts(conversation).length),
        }) as PartOfAConversation,
    ),
  );
}

function olderParts(found: readonly object[]): { what: string; of: string } | undefined {
  const conversation = (found as readonly ConversationDetail[]).find(isTruncated);
  return conversation && { what: 'older parts that Intercom does not send', of: `conversation ${conversation.id}` };
}

function listedParts({ conversation_parts: parts }: ConversationDetail): readonly object[] {
  return objectsIn(parts, 'conversation_parts');
}

/** Intercom sends the 500 newest parts and no more. How many there are, it says in one of two places, or not at all. */
function isTruncated(conversation: ConversationDetail): boolean {
  const sent = listedParts(conversation).length;
  const { count_conversation_parts: counted } = conversation.statistics ?? {};
  return countedParts(conversation) > sent || (sent >= MOST_PARTS && !(numberOf(counted) <= sent));
}

function countedParts({ conversation_parts: parts }: ConversationDetail): number {
  const total = numberOf(parts?.total_count);
  return Number.isNaN(total) ? 0 : total;
}

const MOST_PARTS = 500;
