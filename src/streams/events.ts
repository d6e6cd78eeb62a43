import type { Config } from '../generated/config.ts';
import type { Contact, DataEvent, EventSummary, NoteByUser } from '../generated/schemas.ts';
import { derivedKeys, each, get, list, stream, where } from '../readers/index.ts';
import type { Source } from '../readers/index.ts';
import { everyContact, hasAny, listedContacts, notesOf, role } from './contacts.ts';

/** The contacts that `events` and `notes_by_user` cover. */
function contactsInScope({ user_ids, lead_ids }: Config): Source<Contact> {
  return user_ids.length + lead_ids.length > 0 ? listedContacts : everyContact;
}

function contactsWithEvents(config: Config): Source<Contact> {
  const { event_type: kind } = config;
  return kind === 'all' ? contactsInScope(config) : where(contactsInScope(config), () => [role(kind)]);
}

export const events = stream('events', {
  title: 'Events',
  primaryKey: ['event_key'],
  cursor: 'created_at',
  permission: 'Read events',
  read: (config) =>
    each<Contact, DataEvent>(contactsWithEvents(config), eventsOf, {
      parents: config.per_contact_scope,
      dueBy: 'row',
      map: (found, { id, role }) => {
        const keys = derivedKeys(found, (event) => [
          id,
          event['event_name'],
          event['created_at'],
          event['id'],
          event['metadata'],
        ]);
        return found.map(
          (event, index) =>
            ({ ...event, event_key: keys[index] ?? '', contact_id: id, contact_role: role ?? null }) as DataEvent,
        );
      },
    }),
});

/** `type` is `user` for leads too. */
function eventsOf({ id }: Contact): Source<object> {
  return list('/events', 'events', {
    purpose: 'Reading events of a contact',
    query: { type: 'user', intercom_user_id: id },
    pageSize: 50,
    cursor: 'created_at',
    newestFirst: true,
  });
}

export const notesByUser = stream('notes_by_user', {
  title: 'Notes by User',
  primaryKey: ['id'],
  cursor: 'created_at',
  permission: 'Read and list users and companies',
  read: (config) =>
    each<Contact, NoteByUser>(contactsInScope(config), notesOf, {
      parents: config.per_contact_scope,
      dueBy: 'row',
      when: ({ notes }) => hasAny(notes),
      map: (notes, { id, role }) =>
        notes.map((note) => ({ ...note, contact_id: id, contact_role: role ?? null }) as NoteByUser),
    }),
});

/** Lifetime counts, beyond the 90 days for which Intercom lists events. */
export const eventSummaries = stream('event_summaries', {
  title: 'Event Summaries',
  primaryKey: ['contact_id', 'name'],
  permission: 'Read events',
  read: (config) =>
    each<Contact, EventSummary>(
      contactsWithEvents(config),
      ({ id }) =>
        get('/events', {
          purpose: 'Reading the event summary of a contact',
          query: { type: 'user', intercom_user_id: id, summary: true },
          records: 'events',
        }),
      { map: (found, { id }) => found.map((summary) => ({ ...summary, contact_id: id }) as EventSummary) },
    ),
});
