import { applyPatch, isObject, type Json, type JsonObject, type Patch } from '../json.ts';
import { hash } from '../random.ts';
import type { CompanyTable } from './companies.ts';
import type { ContactTable } from './contacts.ts';
import type { WorldContext } from './context.ts';
import {
  assigneesOf,
  conversationFields,
  conversationState,
  FIRST_CONVERSATION_ID,
  type Conversation,
} from './conversation-fields.ts';
import { KIND } from './kinds.ts';
import { conversationPart, type Part } from './parts.ts';
import { GONE, Table, TICKET } from './table.ts';
import { changeTime, creationTime } from './times.ts';

export interface ConversationNeighbours {
  readonly contacts: ContactTable;
  readonly companies: CompanyTable;
  /** Changes a conversation that is also a ticket. */
  readonly ticketChanged: (id: string, updated: number, change: () => void) => void;
  /** Called when a conversation was deleted. */
  readonly deleted: (id: string, metricsRetained: boolean) => void;
}

/** Conversations; those that are tickets, too, stand behind the plain ones. */
export class ConversationTable extends Table<Conversation> {
  /** Set by the world once all of it exists. */
  neighbours!: ConversationNeighbours;
  private readonly addedParts = new Map<number, Part[]>();
  private readonly partCounts = new Map<number, number>();
  private nextPartId = 90_000_000_000_000;

  constructor(context: WorldContext) {
    super(context, context.sizes.conversations + context.sizes.tickets);
    const { seed, start, sizes } = context;
    for (let slot = 0; slot < this.generated; slot++) {
      const updated = changeTime(seed, KIND.conversationTimes, slot, start);
      this.seed(
        slot,
        creationTime(seed, KIND.conversationTimes, slot, updated),
        updated,
        slot < sizes.conversations ? 0 : TICKET,
      );
    }
  }

  /** The conversation with its newest 500 parts. */
  override get(id: string): Conversation | undefined {
    const slot = this.slotOf(id);
    return slot === undefined || this.has(slot, GONE) ? undefined : this.detail(slot);
  }

  override *all(): Iterable<Conversation> {
    for (let slot = 0; slot < this.slotCount; slot++) if (!this.isHidden(slot)) yield this.detail(slot);
  }

  /** `parts` is the number of parts to generate; `ticket_id` marks a conversation that is also a ticket. */
  override add(partial: Patch = {}): Conversation {
    const { parts, ticket, ...fields } = partial;
    const conversation = super.add(isObject(ticket) ? { ...withOpen(fields), ticket } : withOpen(fields));
    if (typeof parts === 'number') this.partCounts.set(this.slotOf(conversation.id)!, parts);
    return this.get(conversation.id)!;
  }

  override update(id: string, patch: Patch): Conversation {
    super.update(id, withOpen(patch));
    const slot = this.slotOf(id)!;
    if (this.isTicket(slot)) this.neighbours.ticketChanged(id, this.updated(slot), () => undefined);
    return this.get(id)!;
  }

  /** Deletes the conversation; it then stands in the list of deleted ones. */
  override delete(id: string, metricsRetained = false): void {
    super.delete(id);
    this.neighbours.deleted(id, metricsRetained);
  }

  /** Appends a part; the conversation's `updated_at` moves to now unless `touch` is false. */
  addPart(id: string, partial: Patch = {}, { touch = true }: { touch?: boolean } = {}): Part {
    const slot = this.slotOf(id);
    if (slot === undefined || this.has(slot, GONE)) throw new Error(`The world has no conversation ${id}.`);
    const now = this.context.clock.now();
    const count = this.partCount(slot);
    const part = conversationPart(this.context, {
      slot,
      index: 0,
      count: 1,
      created: now,
      updated: now,
      contact: this.contactsOf(slot)[0] ?? NOBODY,
    });
    applyPatch(part, {
      id: String(this.nextPartId++),
      part_type: 'comment',
      body: `<p>Reply ${count + 1}</p>`,
      event_details: null,
      ...partial,
    });
    const append = (): void => {
      this.touch(slot, touch ? now : undefined, () => {
        this.addedParts.set(slot, [...(this.addedParts.get(slot) ?? []), part]);
      });
    };
    if (this.isTicket(slot)) this.neighbours.ticketChanged(id, touch ? now : this.updated(slot), append);
    else append();
    return part;
  }

  /** All parts, oldest first, beyond the 500 that the API shows. */
  parts(id: string): Part[] {
    return this.partsOf(this.slotOf(id) ?? -1, Infinity);
  }

  /** How many parts there are. */
  partCount(slot: number): number {
    return this.generatedPartCount(slot) + (this.addedParts.get(slot)?.length ?? 0);
  }

  /** The newest parts, oldest of them first. */
  partsOf(slot: number, limit: number): Part[] {
    if (slot < 0) return [];
    const generated = this.generatedPartCount(slot);
    const added = this.addedParts.get(slot) ?? [];
    const first = Math.max(0, generated + added.length - limit);
    const place = {
      slot,
      count: generated,
      created: this.created(slot),
      updated: this.lastGeneratedPartAt(slot),
      contact: this.contactsOf(slot)[0] ?? NOBODY,
    };
    const parts: Part[] = [];
    for (let index = first; index < generated; index++) parts.push(conversationPart(this.context, { ...place, index }));
    return parts.concat(added.slice(Math.max(0, first - generated)));
  }

  contactsOf(slot: number): JsonObject[] {
    const { contacts } = this.neighbours;
    const count = this.context.sizes.contacts;
    if (count === 0) return [];
    const first = hash(this.context.seed, KIND.conversation + 200, slot) % count;
    const slots = slot % 13 === 4 && count > 2 ? [first, (first + 1) % count, (first + 2) % count] : [first];
    return slots.map((contact) => contacts.reference(contact));
  }

  isTicket(slot: number): boolean {
    return this.has(slot, TICKET);
  }

  protected override generate(slot: number, created: number, updated: number): Conversation {
    const { companies } = this.neighbours;
    const { sizes } = this.context;
    const hasCompany = slot % 6 === 1 && sizes.companies > 0;
    return conversationFields(this.context, {
      slot,
      id: this.idOf(slot),
      created,
      updated,
      partCount: this.partCount(slot),
      contacts: this.contactsOf(slot),
      company: hasCompany ? companies.row(slot % sizes.companies) : null,
      ticketId: this.isTicket(slot) ? this.idOf(slot) : null,
    });
  }

  protected override generateField(slot: number, field: string): Json | undefined {
    if (field === 'state') return conversationState(this.context.seed, slot);
    if (field === 'open') return conversationState(this.context.seed, slot) !== 'closed';
    if (field === 'admin_assignee_id') return assigneesOf(this.context, slot).admin;
    if (field === 'team_assignee_id') return assigneesOf(this.context, slot).team;
    return undefined;
  }

  protected override flagsFor(fields: Patch, flags: number): number {
    return isObject(fields['ticket']) ? flags | TICKET : flags;
  }

  protected override encodeId(slot: number): string {
    return String(FIRST_CONVERSATION_ID + slot);
  }

  protected override decodeId(id: string): number | undefined {
    return /^\d{15}$/.test(id) ? Number(id) - FIRST_CONVERSATION_ID : undefined;
  }

  private detail(slot: number): Conversation {
    const parts = this.partsOf(slot, 500);
    return {
      ...this.row(slot),
      conversation_parts: { type: 'conversation_part.list', conversation_parts: parts, total_count: parts.length },
    };
  }

  private generatedPartCount(slot: number): number {
    const asked = this.partCounts.get(slot);
    if (asked !== undefined) return asked;
    if (slot >= this.generated) return 0;
    const value = hash(this.context.seed, KIND.conversationParts, slot) % 100;
    return value < 10 ? 0 : 1 + (value % 14);
  }

  /** Parts stay where they are when the conversation changes later. */
  private lastGeneratedPartAt(slot: number): number {
    const { seed, start } = this.context;
    return slot < this.generated
      ? Math.max(this.created(slot), changeTime(seed, KIND.conversationTimes, slot, start))
      : this.created(slot);
  }
}

/** A change of state changes `open` with it. */
function withOpen(patch: Patch): Patch {
  return typeof patch['state'] === 'string' && patch['open'] === undefined
    ? { ...patch, open: patch['state'] !== 'closed' }
    : patch;
}

const NOBODY: JsonObject = { type: 'contact', id: '', external_id: null };
