import type { Contact, UserByCompany, UserBySegment, UserByTag, UserByUsername } from '../generated/schemas.ts';
import {
  configuredIds,
  each,
  expandable,
  forEach,
  having,
  list,
  lookup,
  path,
  search,
  stream,
  textOf,
  where,
  whole,
} from '../readers/index.ts';
import type { Expansion, Filter, ReadContext, Source } from '../readers/index.ts';

const PERMISSION = 'Read and list users and companies';
const EXPANDED = 'shared/contact_expanded';

/** Every contact. All streams of contacts, and of what belongs to them, share one walk through it, and look alike whoever else does. */
export const everyContact = having(
  search<Contact>('/contacts/search', 'data', { purpose: 'Reading contacts', dates: 'day' }),
  { include_merge_history: true },
);

/** Contacts that `user_ids` and `lead_ids` name. */
export const listedContacts = lookup(everyContact, ({ user_ids, lead_ids }) => [
  { option: 'user_ids', fields: ['id', 'external_id'], values: user_ids, filters: [role('user')] },
  { option: 'lead_ids', fields: ['id', 'external_id'], values: lead_ids, filters: [role('lead')] },
]);

const everyUser = where(everyContact, () => [role('user')]);
const everyLead = where(everyContact, () => [role('lead')]);

export const contacts = stream('contacts', {
  title: 'Contacts',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'contact',
  read: expandable(everyContact, EXPANDED, contactLists()),
});

export const users = stream('users', {
  title: 'Users (Scroll API)',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'contact',
  read: expandable(everyUser, EXPANDED, contactLists()),
});

export const leads = stream('leads', {
  title: 'Leads (Scroll API)',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'contact',
  read: expandable(everyLead, EXPANDED, contactLists()),
});

const namedLeads = lookup(everyLead, ({ lead_ids, lead_emails }) => [
  { option: 'lead_ids', fields: ['id', 'external_id'], values: lead_ids },
  { option: 'lead_emails', fields: ['email'], values: lead_emails },
]);

export const leadsById = stream('leads_by_id', {
  title: 'Lead by Lead ID',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'contact',
  read: expandable(namedLeads, EXPANDED, contactLists()),
});

const usersByName = forEach<UserByUsername>(
  ({ config, log }) => {
    if (config.usernames.length === 0)
      log('warn', 'users_by_username: nothing to look for. Set usernames in the configuration.');
    return Promise.resolve(config.usernames);
  },
  (username) => where(everyUser, () => [{ field: 'name', operator: '~', value: username }]),
  'username',
);

export const usersByUsername = stream('users_by_username', {
  title: 'Users by Username',
  primaryKey: ['username', 'id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'contact',
  read: expandable(usersByName, EXPANDED, contactLists()),
});

const usersOfTags = forEach<UserByTag>(
  (context) => configuredIds('tag_ids', context),
  (tag) => where(everyUser, () => [{ field: 'tag_id', operator: '=', value: tag }]),
  'tag_id',
);
const usersOfEveryTag = each<Contact, UserByTag>(everyUser, (user) => whole(user.tags, tagsOf(user)), {
  map: (tags, user) => tags.map(({ id }) => ({ ...user, tag_id: textOf(id) })),
});

export const usersByTag = stream('users_by_tag', {
  title: 'Users by Tag',
  primaryKey: ['tag_id', 'id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'contact',
  read: (config) =>
    expandable(config.tag_ids.length > 0 ? usersOfTags : usersOfEveryTag, EXPANDED, contactLists<UserByTag>())(config),
});

const usersOfCompanies = forEach<UserByCompany>(
  (context) => configuredIds('company_ids', context),
  (company) =>
    where(
      list<Contact>(path`/companies/${company}/contacts`, 'data', {
        purpose: 'Reading contacts of a company',
        cursor: 'updated_at',
        pageSize: 60,
        isUnstable: true,
      }),
      () => [role('user')],
    ),
  'company_id',
);
const usersOfEveryCompany = each<Contact, UserByCompany>(
  everyUser,
  (user) => whole(user.companies, companiesOf(user)),
  {
    map: (companies, user) => companies.map(({ id }) => ({ ...user, company_id: textOf(id) })),
  },
);

export const usersByCompany = stream('users_by_company', {
  title: 'Users by Company',
  primaryKey: ['company_id', 'id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'contact',
  read: (config) =>
    expandable(
      config.company_ids.length > 0 ? usersOfCompanies : usersOfEveryCompany,
      EXPANDED,
      contactLists<UserByCompany>(),
    )(config),
});

const usersOfSegments = forEach<UserBySegment>(
  (context) => (context.config.segment_ids.length > 0 ? configuredIds('segment_ids', context) : everySegment(context)),
  (segment) => where(everyUser, () => [{ field: 'segment_id', operator: '=', value: segment }]),
  'segment_id',
);

export const usersBySegment = stream('users_by_segment', {
  title: 'Users by Segments',
  primaryKey: ['segment_id', 'id'],
  cursor: 'updated_at',
  permission: PERMISSION,
  attributes: 'contact',
  read: expandable(usersOfSegments, EXPANDED, contactLists()),
});

export function role(value: 'lead' | 'user'): Filter {
  return { field: 'role', operator: '=', value };
}

export function everySegment({ directory }: ReadContext): Promise<readonly string[]> {
  return directory.all('segments');
}

export function tagsOf({ id }: Pick<Contact, 'id'>): Source<object> {
  return list(path`/contacts/${id}/tags`, 'data', { purpose: 'Reading tags of a contact' });
}

export function companiesOf({ id }: Pick<Contact, 'id'>): Source<object> {
  return list(path`/contacts/${id}/companies`, 'data', {
    purpose: 'Reading companies of a contact',
    pageSize: 60,
    isUnstable: true,
  });
}

export function notesOf({ id }: Pick<Contact, 'id'>): Source<object> {
  return list(path`/contacts/${id}/notes`, 'data', {
    purpose: 'Reading notes of a contact',
    pageSize: 50,
    isUnstable: true,
  });
}

/** The lists of a contact, each to be had whole. Of segments and subscriptions the contact itself shows nothing. */
function contactLists<T extends Contact>(): Readonly<Record<string, Expansion<T>>> {
  return {
    tags: { read: tagsOf, when: ({ tags }) => hasAny(tags) },
    notes: { read: notesOf, when: ({ notes }) => hasAny(notes) },
    companies: { read: companiesOf, when: ({ companies }) => hasAny(companies) },
    segments: {
      read: ({ id }) => list(path`/contacts/${id}/segments`, 'data', { purpose: 'Reading segments of a contact' }),
    },
    subscription_types: {
      read: ({ id }) =>
        list(path`/contacts/${id}/subscriptions`, 'data', { purpose: 'Reading subscriptions of a contact' }),
    },
  };
}

/** Whether a list inside a record has members; unless it says that it has none, it may. */
export function hasAny(nested: Contact['tags']): boolean {
  return nested?.total_count !== 0;
}
