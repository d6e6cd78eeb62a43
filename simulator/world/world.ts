import type { Clock } from '../clock.ts';
import { applyPatch, type JsonObject, type Patch, type Row } from '../json.ts';
import type { Sizes } from '../options.ts';
import { hash } from '../random.ts';
import { Collection } from './collection.ts';
import { CompanyTable } from './companies.ts';
import { ContactTable } from './contacts.ts';
import {
  article,
  brand,
  helpCenter,
  helpCenterCollection,
  internalArticle,
  macro,
  newsfeed,
  newsItem,
} from './content.ts';
import type { WorldContext } from './context.ts';
import { ConversationTable } from './conversations.ts';
import { EventLog } from './events.ts';
import { call, deletedConversation, handlingEvents, ticketState, ticketType } from './helpdesk.ts';
import { conversationAttributes, dataAttributes, segment, subscriptionType, tag } from './labels.ts';
import type { Links } from './links.ts';
import { Memberships } from './memberships.ts';
import { Notebook } from './notes.ts';
import { activityLog, admin, awayStatusReason, me, team } from './people.ts';
import { TicketTable } from './tickets.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly sizes: Sizes;
  readonly clock: Clock;
  readonly timezone: string;
  readonly region: string;
  readonly indexLag: number;
}

/** Whether a change of what belongs to a contact moves the contact's `updated_at`. */
export interface TouchOption {
  touch?: boolean;
}

/** Everything that the workspace holds: the truth behind the API, and the way to change it. */
export class World {
  readonly contacts: ContactTable;
  readonly companies: CompanyTable;
  readonly conversations: ConversationTable;
  readonly tickets: TicketTable;
  readonly notes: Notebook;
  readonly events: EventLog;
  readonly memberships: Memberships;
  readonly admins: Collection;
  readonly teams: Collection;
  readonly tags: Collection;
  readonly segments: Collection;
  readonly subscriptionTypes: Collection;
  readonly dataAttributes: Collection;
  readonly conversationAttributes: Collection;
  readonly ticketTypes: Collection;
  readonly ticketStates: Collection;
  readonly awayStatusReasons: Collection;
  readonly activityLogs: Collection;
  readonly articles: Collection;
  readonly collections: Collection;
  readonly helpCenters: Collection;
  readonly internalArticles: Collection;
  readonly newsItems: Collection;
  readonly newsfeeds: Collection;
  readonly macros: Collection;
  readonly brands: Collection;
  readonly calls: Collection;
  readonly deletedConversations: Collection;
  readonly timezone: string;
  readonly region: string;
  private readonly context: WorldContext;
  private readonly applied = new Map<string, JsonObject>();

  constructor({ seed, sizes, clock, timezone, region, indexLag }: WorldOptions) {
    const context: WorldContext = {
      seed,
      sizes,
      clock,
      start: clock.now(),
      workspaceId: `k7m2q${hash(seed, 0, 0).toString(36).slice(0, 3)}`,
      indexLag,
      revision: 0,
    };
    const collection = (count: number, make: (context: WorldContext, index: number) => Row): Collection =>
      new Collection(context, count, (index) => make(context, index));
    this.context = context;
    this.timezone = timezone;
    this.region = region;
    this.memberships = new Memberships(seed, sizes);
    this.admins = collection(sizes.admins, admin);
    this.teams = collection(sizes.teams, team);
    this.tags = collection(sizes.tags, tag);
    this.segments = collection(sizes.segments, segment);
    this.subscriptionTypes = collection(sizes.subscriptionTypes, subscriptionType);
    this.ticketTypes = collection(3, ticketType);
    this.ticketStates = collection(5, ticketState);
    this.awayStatusReasons = collection(4, awayStatusReason);
    this.activityLogs = collection(sizes.activityLogs, activityLog);
    this.articles = collection(sizes.articles, article);
    this.collections = collection(sizes.collections, helpCenterCollection);
    this.helpCenters = collection(sizes.helpCenters, helpCenter);
    this.internalArticles = collection(sizes.internalArticles, internalArticle);
    this.newsItems = collection(sizes.newsItems, newsItem);
    this.newsfeeds = collection(sizes.newsfeeds, newsfeed);
    this.macros = collection(sizes.macros, macro);
    this.brands = collection(sizes.brands, brand);
    this.deletedConversations = collection(sizes.deletedConversations, deletedConversation);
    this.dataAttributes = fixed(context, dataAttributes(context));
    this.conversationAttributes = fixed(context, conversationAttributes(context));
    this.contacts = new ContactTable(context);
    this.companies = new CompanyTable(context);
    this.conversations = new ConversationTable(context);
    this.tickets = new TicketTable(context, this.conversations);
    this.notes = new Notebook(context);
    this.events = new EventLog(context);
    this.calls = collection(sizes.calls, (_, index) => call(context, this.contacts, index));
    this.introduce();
  }

  /** Grows with every change. */
  get revision(): number {
    return this.context.revision;
  }

  /** Seconds until a change can be found by search. */
  get indexLag(): number {
    return this.context.indexLag;
  }

  set indexLag(seconds: number) {
    this.context.indexLag = seconds;
  }

  get seed(): number {
    return this.context.seed;
  }

  get workspaceId(): string {
    return this.context.workspaceId;
  }

  /** What `GET /me` says. */
  me(): JsonObject {
    return me(this.context, this.admins.at(0), this.timezone, this.region);
  }

  tagContact(
    contactId: string,
    tagId: string,
    { touch = true, ...application }: TouchOption & { applied_at?: number; applied_by?: string } = {},
  ): void {
    const at = application.applied_at ?? this.context.clock.now();
    this.applied.set(`${contactId} ${tagId}`, {
      applied_at: at,
      applied_by: { type: 'admin', id: application.applied_by ?? '7700000' },
    });
    this.link(this.memberships.contactTags, contactId, required(this.tags, tagId), true, touch);
  }

  untagContact(contactId: string, tagId: string, { touch = true }: TouchOption = {}): void {
    this.link(this.memberships.contactTags, contactId, required(this.tags, tagId), false, touch);
  }

  attachCompany(contactId: string, companyId: string, { touch = true }: TouchOption = {}): void {
    this.link(this.memberships.contactCompanies, contactId, this.companySlot(companyId), true, touch);
  }

  detachCompany(contactId: string, companyId: string, { touch = true }: TouchOption = {}): void {
    this.link(this.memberships.contactCompanies, contactId, this.companySlot(companyId), false, touch);
  }

  /** As in Intercom, membership changes do not move the contact's `updated_at` unless asked to. */
  addToSegment(contactId: string, segmentId: string, { touch = false }: TouchOption = {}): void {
    this.link(this.memberships.contactSegments, contactId, required(this.segments, segmentId), true, touch);
  }

  removeFromSegment(contactId: string, segmentId: string, { touch = false }: TouchOption = {}): void {
    this.link(this.memberships.contactSegments, contactId, required(this.segments, segmentId), false, touch);
  }

  /** Records that the contact opted in to, or out of, a subscription type. */
  subscribe(
    contactId: string,
    subscriptionTypeId: string,
    { optedIn = true, touch = true }: TouchOption & { optedIn?: boolean } = {},
  ): void {
    const index = required(this.subscriptionTypes, subscriptionTypeId);
    this.link(this.memberships.optedIn, contactId, index, optedIn, touch);
    this.link(this.memberships.optedOut, contactId, index, !optedIn, touch);
  }

  unsubscribe(contactId: string, subscriptionTypeId: string, options: TouchOption = {}): void {
    this.subscribe(contactId, subscriptionTypeId, { ...options, optedIn: false });
  }

  addNote(contactId: string, partial: Patch = {}, { touch = false }: TouchOption = {}): Row {
    const write = (): Row => this.notes.add({ ...partial, contact_id: contactId });
    return touch ? this.contacts.changing(contactId, write) : write();
  }

  addEvent(contactId: string, partial: Patch = {}, { touch = false }: TouchOption = {}): JsonObject {
    const write = (): JsonObject => this.events.add(contactId, partial);
    return touch ? this.contacts.changing(contactId, write) : write();
  }

  /** The tags of a contact with when and by whom they were applied, as the API shows them. */
  contactTags(slot: number): JsonObject[] {
    const contactId = this.contacts.idOf(slot);
    return this.memberships.contactTags.of(slot).flatMap((index) => {
      const row = this.tags.at(index);
      if (!row) return [];
      const generated = {
        applied_at: this.contacts.created(slot) + index,
        applied_by: index % 6 === 5 ? null : { type: 'admin', id: '7700000' },
      };
      return [{ ...row, ...(this.applied.get(`${contactId} ${row.id}`) ?? generated) }];
    });
  }

  handlingEvents(slot: number): JsonObject[] {
    return handlingEvents(this.context, slot, this.conversations.created(slot));
  }

  private introduce(): void {
    const { memberships, tags, companies, subscriptionTypes, notes, contacts, segments, admins, conversations } = this;
    contacts.neighbours = { memberships, tags, companies, subscriptionTypes, notes };
    companies.neighbours = { memberships, contacts, tags, segments, notes };
    notes.neighbours = { contacts, companies, admins };
    this.events.contacts = contacts;
    this.tickets.neighbours = { conversations, ticketTypes: this.ticketTypes, ticketStates: this.ticketStates };
    conversations.neighbours = {
      contacts,
      companies,
      ticketChanged: (id, updated, change) => {
        this.tickets.follow(id, updated, change);
      },
      deleted: (id, metricsRetained) => {
        this.deletedConversations.add({ id, metrics_retained: metricsRetained, deleted_at: this.context.clock.now() });
      },
    };
  }

  private link(links: Links, contactId: string, target: number, joins: boolean, touch: boolean): void {
    const slot = this.contacts.slotOf(contactId);
    if (slot === undefined) throw new Error(`The world has no contact ${contactId}.`);
    this.contacts.touch(slot, touch ? this.context.clock.now() : undefined, () => {
      if (joins) links.add(slot, target);
      else links.remove(slot, target);
    });
  }

  private companySlot(id: string): number {
    const slot = this.companies.slotOf(id);
    if (slot === undefined) throw new Error(`The world has no company ${id}.`);
    return slot;
  }
}

/** A collection that begins with the given records. */
function fixed(context: WorldContext, rows: Row[]): Collection {
  return new Collection(context, rows.length, (index) => {
    const row = { ...(rows[index] ?? rows[0]!) };
    if (index >= rows.length) applyPatch(row, { id: `added-${index}` });
    return row;
  });
}

function required(collection: Collection, id: string): number {
  const index = collection.indexOf(id);
  if (index === undefined) throw new Error(`The world has no record ${id} here.`);
  return index;
}
