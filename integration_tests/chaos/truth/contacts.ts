import type { JsonObject, World } from '../../../simulator/index.ts';
import { textOf } from '../../../simulator/json.ts';
import { listed, row, secondsOf, startOf, type Truth, type Truths } from './truth.ts';

interface VisibleContact {
  readonly slot: number;
  readonly id: string;
  readonly role: string;
  readonly updated: number;
}

function* visible({ contacts }: World, role?: string): Generator<VisibleContact> {
  for (let slot = 0; slot < contacts.slotCount; slot++) {
    const own = contacts.isLead(slot) ? 'lead' : 'user';
    if (!contacts.isHidden(slot) && (role === undefined || role === own))
      yield { slot, id: contacts.idOf(slot), role: own, updated: contacts.updated(slot) };
  }
}

function contactsOf(role?: string): Truths {
  return function* (world) {
    for (const contact of visible(world, role)) yield contactRow(world, contact);
  };
}

function contactRow(
  { contacts }: World,
  { slot, id, role, updated }: VisibleContact,
  ...before: readonly string[]
): Truth {
  return {
    key: [...before, id].join('/'),
    due: updated,
    columns: { name: contacts.peek(slot, 'name') ?? null, role, updated_at: updated },
  };
}

/** Rows that stand for something that contacts are linked to. */
function linksOf(
  targets: (world: World, contact: VisibleContact) => readonly string[],
  order: 'contact first' | 'contact last',
  { role, option }: { readonly role?: string; readonly option?: string } = {},
): Truths {
  return function* (world, config) {
    const wanted = option === undefined ? undefined : listed(config, option);
    for (const contact of visible(world, role))
      for (const target of targets(world, contact)) {
        if (wanted !== undefined && !wanted.includes(target)) continue;
        if (order === 'contact last') yield contactRow(world, contact, target);
        else
          yield {
            key: `${contact.id}/${target}`,
            due: contact.updated,
            columns: { contact_updated_at: contact.updated },
          };
      }
  };
}

const tagsOf = ({ memberships, tags }: World, { slot }: VisibleContact): readonly string[] =>
  memberships.contactTags.of(slot).flatMap((index) => tags.at(index)?.id ?? []);
const companiesOf = ({ memberships, companies }: World, { slot }: VisibleContact): readonly string[] =>
  companies.idsOf(memberships.contactCompanies.of(slot));
const segmentsOf = ({ memberships, segments }: World, { slot }: VisibleContact): readonly string[] =>
  memberships.contactSegments.of(slot).flatMap((index) => segments.at(index)?.id ?? []);
const subscriptionsOf = ({ memberships, subscriptionTypes }: World, { slot }: VisibleContact): readonly string[] =>
  [...new Set([...memberships.optedIn.of(slot), ...memberships.optedOut.of(slot)])].flatMap(
    (index) => subscriptionTypes.at(index)?.id ?? [],
  );

function* inScope(world: World, config: JsonObject): Generator<VisibleContact> {
  const [users, leads] = [listed(config, 'user_ids'), listed(config, 'lead_ids')];
  for (const contact of visible(world)) {
    const ids = contact.role === 'user' ? users : leads;
    if (users === undefined && leads === undefined) yield contact;
    else if (ids?.includes(contact.id) === true) yield contact;
  }
}

function* withEvents(world: World, config: JsonObject): Generator<VisibleContact> {
  const kind = textOf(config['event_type'] ?? 'all');
  for (const contact of inScope(world, config)) if (kind === 'all' || kind === contact.role) yield contact;
}

/** Those whose own changes say that there may be something new, where only such are to be asked. */
function* asked(contacts: Iterable<VisibleContact>, config: JsonObject): Generator<VisibleContact> {
  for (const contact of contacts)
    if (config['per_contact_scope'] !== 'changed' || contact.updated >= startOf(config)) yield contact;
}

export const CONTACTS: Readonly<Record<string, Truths>> = {
  contacts: contactsOf(),
  users: contactsOf('user'),
  leads: contactsOf('lead'),
  *leads_by_id(world, config) {
    const ids = listed(config, 'lead_ids') ?? [];
    const emails = listed(config, 'lead_emails') ?? [];
    for (const contact of visible(world, 'lead'))
      if (ids.includes(contact.id) || emails.includes(textOf(world.contacts.peek(contact.slot, 'email'))))
        yield contactRow(world, contact);
  },
  *users_by_username(world, config) {
    for (const text of listed(config, 'usernames') ?? [])
      for (const contact of visible(world, 'user'))
        if (textOf(world.contacts.peek(contact.slot, 'name')).toLowerCase().includes(text))
          yield contactRow(world, contact, text);
  },
  users_by_tag: linksOf(tagsOf, 'contact last', { role: 'user', option: 'tag_ids' }),
  users_by_company: linksOf(companiesOf, 'contact last', { role: 'user', option: 'company_ids' }),
  users_by_segment: linksOf(segmentsOf, 'contact last', { role: 'user', option: 'segment_ids' }),
  contact_tags: linksOf(tagsOf, 'contact first'),
  contact_companies: linksOf(companiesOf, 'contact first'),
  contact_segments: linksOf(segmentsOf, 'contact first'),
  contact_subscriptions: linksOf(subscriptionsOf, 'contact first'),
  contact_merges: linksOf(
    ({ contacts }, { id }) => contacts.mergeHistory(id).map((merge) => textOf(merge['source_contact_id'])),
    'contact first',
    { role: 'user' },
  ),
  *events(world, config) {
    for (const { slot, id } of asked(withEvents(world, config), config))
      for (const { row: event } of world.events.recent(slot))
        yield row(event, [id, event['id']], secondsOf(event['created_at']), ['event_name', 'created_at']);
  },
  *event_summaries(world, config) {
    for (const { slot, id, updated } of withEvents(world, config))
      for (const summary of world.events.summary(slot)) yield row(summary, [id, summary['name']], updated, ['count']);
  },
  *notes_by_user(world, config) {
    for (const { slot, id } of asked(inScope(world, config), config))
      for (const note of world.notes.ofContact(slot))
        yield row({ ...note, contact_id: id }, [note.id], note.created_at, ['contact_id', 'body', 'created_at']);
  },
};
