import type { Stream } from '../readers/index.ts';
import * as contacts from './contacts.ts';
import * as conversations from './conversations.ts';
import * as events from './events.ts';

/** Every stream, in the order in which they are offered. */
export const streams: readonly Stream[] = [
  conversations.conversations,
  conversations.conversationsByAdmin,
  conversations.conversationDetails,
  events.events,
  contacts.leads,
  contacts.leadsById,
  events.notesByUser,
  contacts.users,
  contacts.usersByUsername,
  contacts.usersByCompany,
  contacts.usersByTag,
  contacts.usersBySegment,
  contacts.contacts,
  conversations.conversationParts,
];
