import { notFound } from '../http/errors.ts';
import type { ApiRequest, Route, Services } from '../http/router.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { conversationDialect, ticketDialect } from '../search/dialects.ts';
import type { Searched } from '../search/engine.ts';
import { CONVERSATION_FIELDS } from '../search/fields.ts';
import { evaluations, type Conversation } from '../world/conversation-fields.ts';
import { GONE } from '../world/table.ts';
import { answerFound, answerPage, answerSearch, flag, list, perPageInQuery } from './lists.ts';
import { asPlainText } from './plain-text.ts';

export const CONVERSATION_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/conversations', scope: 'read_conversations', handle: listConversations },
  { method: 'POST', path: '/conversations/search', scope: 'read_conversations', handle: searchConversations },
  {
    method: 'GET',
    path: '/conversations/deleted',
    scope: 'read_conversations',
    modern: true,
    since: 16,
    handle: deletedConversations,
  },
  {
    method: 'GET',
    path: '/conversations/attributes',
    scope: 'read_conversations',
    modern: true,
    since: 16,
    handle: conversationAttributes,
  },
  { method: 'GET', path: '/conversations/{id}', scope: 'read_conversations', handle: getConversation },
  {
    method: 'GET',
    path: '/conversations/{id}/handling_events',
    scope: 'read_conversations',
    modern: true,
    since: 15,
    handle: (request, services) => ({
      handling_events: services.world.handlingEvents(conversationSlot(request, services)),
    }),
  },
  {
    method: 'POST',
    path: '/tickets/search',
    scope: 'read_tickets',
    handle: (request, services) =>
      answerSearch(request, services, {
        searched: { table: services.world.tickets, variant: 'tickets' },
        dialect: ticketDialect(services.world),
        type: 'ticket.list',
        key: 'tickets',
      }),
  },
  { method: 'GET', path: '/tickets/{id}', scope: 'read_tickets', handle: getTicket },
  {
    method: 'GET',
    path: '/ticket_types',
    scope: 'read_tickets',
    handle: (_request, { world }) => list(world.ticketTypes.all()),
  },
  { method: 'GET', path: '/ticket_states', scope: 'read_tickets', since: 12, handle: ticketStates },
];

/** Tickets are conversations, too, but only for those who may read tickets. */
function searchedConversations({ world }: Services, { may }: ApiRequest): Searched<Conversation> {
  const { conversations } = world;
  if (may('read_tickets')) return { table: conversations, variant: 'conversations and tickets' };
  return { table: conversations, variant: 'conversations', isHidden: (slot) => conversations.isTicket(slot) };
}

function listConversations(request: ApiRequest, services: Services): JsonObject {
  const { perPage, shown } = perPageInQuery(request, services, 20, 150);
  const startingAfter = request.url.searchParams.get('starting_after');
  const everything = {
    query: { kind: 'filter', field: CONVERSATION_FIELDS.get('updated_at')!, operator: '>', value: 0 },
    sort: { field: CONVERSATION_FIELDS.get('updated_at')!, ascending: false },
    perPage,
    startingAfter: startingAfter === null || startingAfter === '' ? undefined : startingAfter,
  } as const;
  return answerFound(
    everything,
    services,
    { ...SHAPE, searched: searchedConversations(services, request), dialect: conversationDialect(services.world) },
    shown,
  );
}

function searchConversations(request: ApiRequest, services: Services): JsonObject {
  const monitors = flag(request, 'include_monitors');
  const scorecards = flag(request, 'include_scorecards');
  return answerSearch(request, services, {
    ...SHAPE,
    searched: searchedConversations(services, request),
    dialect: conversationDialect(services.world),
    show: (row, slot) => {
      if (!monitors && !scorecards) return row;
      const { monitor_evaluations: evaluated, scorecards: cards } = evaluations(
        services.world.seed,
        slot,
        row.updated_at,
      );
      return {
        ...row,
        ...(monitors ? { monitor_evaluations: evaluated } : {}),
        ...(scorecards ? { scorecards: cards } : {}),
      };
    },
  });
}

function getConversation(request: ApiRequest, services: Services): JsonObject {
  const slot = conversationSlot(request, services);
  const { conversations } = services.world;
  const conversation = conversations.get(request.params['id']!)!;
  const parts = conversation['conversation_parts'];
  if (services.quirks.partsTotal === 'all' && isObject(parts)) parts['total_count'] = conversations.partCount(slot);
  return request.url.searchParams.get('display_as') === 'plaintext' ? inPlainText(conversation) : conversation;
}

function deletedConversations(request: ApiRequest, { world }: Services): JsonObject {
  const rows = [...world.deletedConversations.all()].sort(
    (a, b) => Number(b['deleted_at']) - Number(a['deleted_at']) || Number(b.id) - Number(a.id),
  );
  if (request.url.searchParams.get('order') === 'asc') rows.reverse();
  return answerPage(request, rows, { perPage: 20, most: 60, type: 'conversation.list', key: 'conversations' });
}

function conversationAttributes(request: ApiRequest, { world }: Services): JsonObject {
  const rows = [...world.conversationAttributes.all()].filter(
    (row) => flag(request, 'include_archived') || row['archived'] !== true,
  );
  return list(rows.map((row) => ({ ...row, id: /^\d+$/.test(row.id) ? Number(row.id) : row.id })));
}

function getTicket({ params }: ApiRequest, { world }: Services): JsonObject {
  const ticket = world.tickets.get(params['id']!);
  if (!ticket) throw notFound('Ticket');
  return ticket;
}

function ticketStates(_request: ApiRequest, { world }: Services): JsonObject {
  const types = [...world.ticketTypes.all()];
  return list(
    [...world.ticketStates.all()].map((state) => ({
      ...state,
      ticket_types: { type: 'list', data: state['archived'] === true ? [] : types },
    })),
  );
}

function conversationSlot({ params, may }: ApiRequest, { world }: Services): number {
  const { conversations } = world;
  const slot = conversations.slotOf(params['id']!);
  const isGone =
    slot === undefined || conversations.has(slot, GONE) || (conversations.isTicket(slot) && !may('read_tickets'));
  if (isGone) throw notFound('Resource');
  return slot;
}

/** Bodies and subjects of the conversation and its parts without HTML. */
function inPlainText(conversation: Conversation): JsonObject {
  const source = conversation['source'];
  const list = conversation['conversation_parts'];
  const parts = isObject(list) && Array.isArray(list['conversation_parts']) ? list['conversation_parts'] : [];
  return {
    ...conversation,
    source: plain(source ?? null),
    conversation_parts: { ...(list as JsonObject), conversation_parts: parts.map(plain) },
  };
}

function plain(message: Json): Json {
  if (!isObject(message)) return message;
  const changed = { ...message };
  for (const field of ['body', 'subject'])
    if (typeof changed[field] === 'string') changed[field] = asPlainText(changed[field]);
  return changed;
}

const SHAPE = { type: 'conversation.list', key: 'conversations' };
