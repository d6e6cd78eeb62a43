import type { World } from '../../../simulator/index.ts';
import { textOf } from '../../../simulator/json.ts';

/**
 * The keys of the rows that the workspace holds, as the simulator knows them, for the streams whose rows are its records, their parts or
 * their links. Rows of the other streams are told by the connector alone.
 */
export function keysIn(world: World): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(KEYS).map(([stream, keys]) => [stream, [...keys(world)].sort()]));
}

const KEYS: Readonly<Record<string, (world: World) => Iterable<string>>> = {
  conversations: ({ conversations }) => ids(conversations.all()),
  conversations_by_admin: ({ conversations }) => ids(conversations.all()),
  conversation_details: ({ conversations }) => ids(conversations.all()),
  conversation_parts: ({ conversations }) =>
    [...conversations.all()].flatMap(({ id }) => ids(conversations.parts(id).slice(-500))),
  contacts: ({ contacts }) => ids(contacts.all()),
  users: ({ contacts }) => ids([...contacts.all()].filter(({ role }) => role === 'user')),
  leads: ({ contacts }) => ids([...contacts.all()].filter(({ role }) => role === 'lead')),
  companies: ({ companies }) => companies.idsOf(companies.listedSlots()),
  tickets: ({ tickets }) => ids(tickets.all()),
  ticket_parts: ({ tickets, conversations }) => [...tickets.all()].flatMap(({ id }) => ids(conversations.parts(id))),
  notes_by_user: ({ notes, contacts }) => slotsOf(contacts).flatMap((slot) => notes.idsOfContact(slot)),
  contact_tags: (world) =>
    slotsOf(world.contacts).flatMap((slot) =>
      world.contactTags(slot).map(({ id = '' }) => `${world.contacts.idOf(slot)}/${textOf(id)}`),
    ),
  contact_companies: ({ contacts, companies, memberships }) =>
    slotsOf(contacts).flatMap((slot) =>
      companies.idsOf(memberships.contactCompanies.of(slot)).map((id) => `${contacts.idOf(slot)}/${id}`),
    ),
  activity_logs: ({ activityLogs }) => ids(activityLogs.all()),
  admins: ({ admins }) => ids(admins.all()),
  articles: ({ articles }) => ids(articles.all()),
  away_status_reasons: ({ awayStatusReasons }) => ids(awayStatusReasons.all()),
  brands: ({ brands }) => ids(brands.all()),
  calls: ({ calls }) => ids(calls.all()),
  collections: ({ collections }) => ids(collections.all()),
  conversation_attributes: ({ conversationAttributes }) => ids(conversationAttributes.all()),
  deleted_conversations: ({ deletedConversations }) => ids(deletedConversations.all()),
  help_centers: ({ helpCenters }) => ids(helpCenters.all()),
  internal_articles: ({ internalArticles }) => ids(internalArticles.all()),
  macros: ({ macros }) => ids(macros.all()),
  news_items: ({ newsItems }) => ids(newsItems.all()),
  newsfeeds: ({ newsfeeds }) => ids(newsfeeds.all()),
  segments: ({ segments }) => ids(segments.all()),
  subscription_types: ({ subscriptionTypes }) => ids(subscriptionTypes.all()),
  tags: ({ tags }) => ids(tags.all()),
  teams: ({ teams }) => ids(teams.all()),
  ticket_states: ({ ticketStates }) => ids(ticketStates.all()),
  ticket_types: ({ ticketTypes }) => ids(ticketTypes.all()),
};

function ids(rows: Iterable<{ readonly id: string }>): string[] {
  return [...rows].map(({ id }) => id);
}

/** The slots of the contacts that Intercom lists. */
function slotsOf(contacts: World['contacts']): number[] {
  return Array.from({ length: contacts.slotCount }, (_, slot) => slot).filter((slot) => !contacts.isHidden(slot));
}
