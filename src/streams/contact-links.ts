import type {
  CompanyOfAContact,
  Contact,
  ContactMerge,
  SegmentOfAContact,
  SubscriptionOfAContact,
  TagOfAContact,
} from '../generated/schemas.ts';
import {
  countChanged,
  each,
  fewerCalls,
  forEach,
  isComplete,
  list,
  objectsOf,
  path,
  rows,
  stream,
  textOf,
  where,
  whole,
} from '../readers/index.ts';
import type { Source } from '../readers/index.ts';
import { companiesOf, everyContact, everySegment, hasAny, tagsOf } from './contacts.ts';

const PERMISSION = 'Read and list users and companies';

export const contactTags = stream('contact_tags', {
  title: 'Tags of Contacts',
  primaryKey: ['contact_id', 'tag_id'],
  cursor: 'contact_updated_at',
  permission: PERMISSION,
  read: each<Contact, TagOfAContact>(everyContact, (contact) => whole(contact.tags, tagsOf(contact)), {
    when: ({ tags }) => hasAny(tags),
    map: (tags, contact) => tags.map(({ id }) => ({ ...parent(contact), tag_id: textOf(id) })),
  }),
});

export const contactCompanies = stream('contact_companies', {
  title: 'Companies of Contacts',
  primaryKey: ['contact_id', 'company_id'],
  cursor: 'contact_updated_at',
  permission: PERMISSION,
  read: each<Contact, CompanyOfAContact>(everyContact, (contact) => whole(contact.companies, companiesOf(contact)), {
    when: ({ companies }) => hasAny(companies),
    map: (companies, contact) => companies.map(({ id }) => ({ ...parent(contact), company_id: textOf(id) })),
  }),
});

const contactsOfSegments = forEach<Contact & { segment_id: string }>(
  everySegment,
  (segment) => where(everyContact, () => [{ field: 'segment_id', operator: '=', value: segment }]),
  'segment_id',
);

const bySegment = rows<Contact & { segment_id: string }, SegmentOfAContact>(contactsOfSegments, (contact) => [
  { ...parent(contact), segment_id: contact.segment_id },
]);
const byContact = each<Contact, SegmentOfAContact>(
  everyContact,
  ({ id }) => list(path`/contacts/${id}/segments`, 'data', { purpose: 'Reading segments of a contact' }),
  { map: (segments, contact) => segments.map(({ id }) => ({ ...parent(contact), segment_id: textOf(id) })) },
);

/** One search for each segment, or one call for each contact. */
export const contactSegments = stream('contact_segments', {
  title: 'Segments of Contacts',
  primaryKey: ['contact_id', 'segment_id'],
  cursor: 'contact_updated_at',
  permission: PERMISSION,
  read: fewerCalls(
    { source: byContact, calls: (since, context) => countChanged(everyContact, 'data', since, context) },
    { source: bySegment, calls: async (_, context) => (await everySegment(context)).length },
    'contact_updated_at',
  ),
});

export const contactSubscriptions = stream('contact_subscriptions', {
  title: 'Subscriptions of Contacts',
  primaryKey: ['contact_id', 'subscription_type_id'],
  cursor: 'contact_updated_at',
  permission: PERMISSION,
  read: each<Contact, SubscriptionOfAContact>(everyContact, subscriptionsOf, {
    when: ({ opted_in_subscription_types: optedIn, opted_out_subscription_types: optedOut }) =>
      hasAny(optedIn) || hasAny(optedOut),
    map: (subscriptions, contact) =>
      subscriptions.map((subscription) => ({
        ...parent(contact),
        subscription_type_id: textOf(subscription['id']),
        opted_in: isOptedIn(subscription),
      })),
  }),
});

/** The two lists of a contact say which way it chose. The full list does not; there the kind of consent does. */
function subscriptionsOf({
  id,
  opted_in_subscription_types: optedIn,
  opted_out_subscription_types: optedOut,
}: Contact): Source<object> {
  const known =
    isComplete(optedIn) && isComplete(optedOut)
      ? {
          data: [
            ...optedIn.data.map((each) => ({ ...each, opted_in: true })),
            ...optedOut.data.map((each) => ({ ...each, opted_in: false })),
          ],
        }
      : undefined;
  return whole(
    known,
    list(path`/contacts/${id}/subscriptions`, 'data', { purpose: 'Reading subscriptions of a contact' }),
  );
}

function isOptedIn(subscription: Readonly<Record<string, unknown>>): boolean {
  return (subscription['opted_in'] as boolean | undefined) ?? subscription['consent_type'] === 'opt_in';
}

export const contactMerges = stream('contact_merges', {
  title: 'Merged Contacts',
  primaryKey: ['contact_id', 'source_contact_id'],
  cursor: 'contact_updated_at',
  permission: PERMISSION,
  read: rows<Contact, ContactMerge>(everyContact, (contact) =>
    objectsOf(contact.merge_history).map((merge) => ({
      ...merge,
      ...parent(contact),
      source_contact_id: merge.source_contact_id ?? '',
    })),
  ),
});

function parent({ id, updated_at }: Contact): { contact_id: string; contact_updated_at: Contact['updated_at'] } {
  return { contact_id: id, contact_updated_at: updated_at };
}
