import type { Stream } from '../readers/index.ts';
import * as companies from './companies.ts';
import * as contactLinks from './contact-links.ts';
import * as contacts from './contacts.ts';
import * as content from './content.ts';
import * as conversationLinks from './conversation-links.ts';
import * as conversations from './conversations.ts';
import * as events from './events.ts';
import * as tickets from './tickets.ts';
import * as workspace from './workspace.ts';

/** The twelve reports. */
export const reports: readonly Stream[] = [
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
];

/** What other connectors have. */
export const usual: readonly Stream[] = [
  contacts.contacts,
  conversations.conversationParts,
  companies.companies,
  companies.companySegments,
  workspace.companyAttributes,
  workspace.contactAttributes,
  workspace.conversationAttributes,
  workspace.segments,
  workspace.tags,
  workspace.teams,
  workspace.admins,
  workspace.activityLogs,
  tickets.tickets,
  tickets.ticketParts,
  tickets.ticketTypes,
  tickets.ticketStates,
  workspace.subscriptionTypes,
  workspace.awayStatusReasons,
  workspace.brands,
  content.helpCenters,
  content.newsfeeds,
  content.articles,
  content.collections,
  content.internalArticles,
  content.newsItems,
  content.macros,
  content.calls,
];

/** What no other connector has. */
export const exclusive: readonly Stream[] = [
  conversations.deletedConversations,
  contactLinks.contactMerges,
  events.eventSummaries,
  contactLinks.contactTags,
  contactLinks.contactCompanies,
  contactLinks.contactSegments,
  contactLinks.contactSubscriptions,
  conversationLinks.conversationTags,
  conversationLinks.conversationContacts,
  conversationLinks.conversationTeammates,
  companies.companyTags,
  workspace.teamAdmins,
  conversationLinks.conversationHandlingEvents,
];

/** Every stream, in the order in which they are offered. */
export const streams: readonly Stream[] = [...reports, ...usual, ...exclusive];

/** Those that people read most, and that are read if nobody chooses. */
export const suggested: readonly Stream[] = [
  contacts.contacts,
  companies.companies,
  conversations.conversations,
  conversations.conversationParts,
  workspace.admins,
  workspace.teams,
  workspace.tags,
  workspace.segments,
  tickets.tickets,
  contactLinks.contactTags,
  contactLinks.contactCompanies,
  conversationLinks.conversationTags,
  conversations.deletedConversations,
];

export type { Stream };
