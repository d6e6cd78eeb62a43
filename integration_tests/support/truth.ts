import type { World } from '../../simulator/index.ts';
import { textOf, type JsonObject } from '../../simulator/json.ts';

/**
 * The keys of the rows that the workspace holds, as the simulator knows them, where nothing is configured. Of events, whose keys the
 * connector makes, and of what is looked up by configured names it tells nothing.
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
  contact_tags: (world) => pairs(world, tagsOf),
  contact_companies: (world) => pairs(world, companiesOf),
  contact_segments: (world) => pairs(world, segmentsOf),
  contact_subscriptions: (world) => pairs(world, subscriptionsOf),
  contact_merges: ({ contacts }) =>
    ids(contacts.all()).flatMap((id) =>
      contacts.mergeHistory(id).map((merge) => `${id}/${textOf(merge['source_contact_id'])}`),
    ),
  event_summaries: ({ contacts, events }) =>
    slotsOf(contacts).flatMap((slot) =>
      events.summary(slot).map((summary) => `${contacts.idOf(slot)}/${textOf(summary['name'])}`),
    ),
  users_by_tag: (world) => turned(pairs(world, tagsOf, isUser)),
  users_by_company: (world) => turned(pairs(world, companiesOf, isUser)),
  users_by_segment: (world) => turned(pairs(world, segmentsOf, isUser)),
  company_tags: ({ companies }) =>
    [...companies.all()].flatMap((company) => inside(company, 'tags', 'tags').map((id) => `${company.id}/${id}`)),
  company_segments: ({ companies }) =>
    [...companies.all()].flatMap((company) =>
      inside(company, 'segments', 'segments').map((id) => `${company.id}/${id}`),
    ),
  conversation_tags: (world) => ofConversations(world, 'tags', 'tags'),
  conversation_contacts: (world) => ofConversations(world, 'contacts', 'contacts'),
  conversation_teammates: (world) => ofConversations(world, 'teammates', 'admins'),
  conversation_handling_events: (world) =>
    ids(world.conversations.all()).flatMap((id) =>
      world
        .handlingEvents(world.conversations.slotOf(id)!)
        .map((event) => [id, event['type'], event['timestamp']].map(textOf).join('/')),
    ),
  team_admins: ({ teams }) =>
    [...teams.all()].flatMap((team) => (team['admin_ids'] as readonly string[]).map((admin) => `${team.id}/${admin}`)),
  company_attributes: (world) => attributesOf(world, 'company'),
  contact_attributes: (world) => attributesOf(world, 'contact'),
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

/** `<contact>/<target>` of everything that contacts belong to. */
function pairs(
  world: World,
  targets: (world: World, slot: number) => readonly string[],
  passes: (world: World, slot: number) => boolean = () => true,
): readonly string[] {
  const slots = slotsOf(world.contacts).filter((slot) => passes(world, slot));
  return slots.flatMap((slot) => targets(world, slot).map((target) => `${world.contacts.idOf(slot)}/${target}`));
}

function turned(pairs: readonly string[]): readonly string[] {
  return pairs.map((pair) => pair.split('/').reverse().join('/'));
}

function isUser({ contacts }: World, slot: number): boolean {
  return !contacts.isLead(slot);
}

function tagsOf(world: World, slot: number): readonly string[] {
  return world.contactTags(slot).map(({ id = '' }) => textOf(id));
}

function companiesOf({ companies, memberships }: World, slot: number): readonly string[] {
  return companies.idsOf(memberships.contactCompanies.of(slot));
}

function segmentsOf({ segments, memberships }: World, slot: number): readonly string[] {
  return memberships.contactSegments.of(slot).flatMap((index) => segments.at(index)?.id ?? []);
}

function subscriptionsOf({ subscriptionTypes, memberships }: World, slot: number): readonly string[] {
  const { optedIn, optedOut } = memberships;
  return [...optedIn.of(slot), ...optedOut.of(slot)].flatMap((index) => subscriptionTypes.at(index)?.id ?? []);
}

function ofConversations({ conversations }: World, column: string, list: string): readonly string[] {
  return [...conversations.all()].flatMap((row) => inside(row, column, list).map((id) => `${row.id}/${id}`));
}

/** The ids of a list inside a record. */
function inside(row: Readonly<Record<string, unknown>>, column: string, list: string): readonly string[] {
  const nested = row[column] as Readonly<Record<string, readonly JsonObject[]>> | undefined;
  return (nested?.[list] ?? []).map(({ id = '' }) => textOf(id));
}

function attributesOf({ dataAttributes }: World, model: string): readonly string[] {
  return [...dataAttributes.all()]
    .filter((attribute) => attribute['model'] === model)
    .map((attribute) => textOf(attribute['full_name']));
}
