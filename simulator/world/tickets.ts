import { type JsonObject, type Patch, type TimedRow, without } from '../json.ts';
import { Dice } from '../random.ts';
import type { Collection } from './collection.ts';
import type { WorldContext } from './context.ts';
import { assigneesOf, FIRST_CONVERSATION_ID } from './conversation-fields.ts';
import type { ConversationTable } from './conversations.ts';
import { KIND } from './kinds.ts';
import { attachment, type Part } from './parts.ts';
import { GONE, Table } from './table.ts';

export interface Ticket extends TimedRow {
  ticket_id: string;
}

export interface TicketNeighbours {
  readonly conversations: ConversationTable;
  readonly ticketTypes: Collection;
  readonly ticketStates: Collection;
}

/** Tickets. Each is a conversation, too, under the same id. */
export class TicketTable extends Table<Ticket> {
  /** Set by the world once all of it exists. */
  neighbours!: TicketNeighbours;

  constructor(context: WorldContext, conversations: ConversationTable) {
    super(context, context.sizes.tickets);
    for (let slot = 0; slot < this.generated; slot++) {
      const twin = context.sizes.conversations + slot;
      this.seed(slot, conversations.created(twin), conversations.updated(twin), 0);
    }
  }

  /** Adds the ticket and its conversation; `parts` is the number of parts to generate. */
  override add(partial: Patch = {}): Ticket {
    const { parts, ...fields } = partial;
    const ticket = super.add(fields);
    const { created_at: created, updated_at: updated } = ticket;
    const twin: Patch = {
      id: ticket.id,
      created_at: created,
      updated_at: updated,
      ticket: { type: 'ticket', id: ticket.id },
    };
    this.neighbours.conversations.add(parts === undefined ? twin : { ...twin, parts });
    return this.get(ticket.id)!;
  }

  override update(id: string, patch: Patch): Ticket {
    const ticket = super.update(id, patch);
    const { conversations } = this.neighbours;
    const twin = conversations.slotOf(id);
    if (twin !== undefined) conversations.touch(twin, ticket.updated_at, () => undefined);
    return ticket;
  }

  /** Deletes the ticket and its conversation. */
  override delete(id: string): void {
    super.delete(id);
    this.neighbours.conversations.mark(id, GONE);
  }

  /** Appends a part to the ticket and its conversation. */
  addPart(id: string, partial: Patch = {}, options: { touch?: boolean } = {}): Part {
    return this.neighbours.conversations.addPart(id, partial, options);
  }

  /** Changes the ticket's conversation, and the ticket with it. */
  follow(id: string, updated: number, change: () => void): void {
    const slot = this.slotOf(id);
    if (slot === undefined) change();
    else this.touch(slot, updated, change);
  }

  protected override generate(slot: number, created: number, updated: number): Ticket {
    const { conversations, ticketTypes, ticketStates } = this.neighbours;
    const dice = new Dice(this.context.seed, KIND.ticket, slot);
    const id = this.idOf(slot);
    const twin = conversations.slotOf(id) ?? -1;
    const type = ticketTypes.at(slot % Math.max(1, ticketTypes.count));
    const state = ticketStates.at(slot % Math.max(1, ticketStates.count));
    const parts = conversations.partsOf(twin, 500).map((part, index) => ticketPart(part, index, slot));
    const linked = slot % 3 === 0 && this.context.sizes.conversations > 0;
    return {
      type: 'ticket',
      id,
      ticket_id: String(slot + 1),
      category: type?.['category'] ?? 'Customer',
      ticket_attributes: {
        _default_title_: dice.pick(['VAT number missing', 'Größe falsch', 'クラッシュ']),
        _default_description_: dice.percent(50) ? 'Please add our VAT id' : null,
        Severity: dice.pick(['Low', 'High']),
        'Screen shots': dice.percent(30) ? [attachment(this.context, slot)] : [],
      },
      ticket_state: state ? brief(state) : null,
      ticket_type: type ? insideTicket(type) : null,
      contacts: { type: 'contact.list', contacts: twin < 0 ? [] : conversations.contactsOf(twin) },
      admin_assignee_id: assigneesOf(this.context, twin).admin,
      team_assignee_id: assigneesOf(this.context, twin).team,
      created_at: created,
      updated_at: updated,
      open: dice.percent(70),
      snoozed_until: dice.percent(10) ? updated + 86_400 : null,
      linked_objects: {
        type: 'list',
        total_count: Number(linked),
        has_more: false,
        data: linked
          ? [
              {
                type: 'conversation',
                id: String(FIRST_CONVERSATION_ID + (slot % this.context.sizes.conversations)),
                category: null,
              },
            ]
          : [],
      },
      ticket_parts: { type: 'ticket_part.list', ticket_parts: parts, total_count: parts.length },
      is_shared: dice.percent(60),
      previous_ticket_state_id: dice.percent(50) ? '81' : null,
    };
  }

  protected override generateField(): undefined {
    return undefined;
  }

  protected override encodeId(slot: number): string {
    const first = FIRST_CONVERSATION_ID + this.context.sizes.conversations;
    return String(slot < this.generated ? first + slot : FIRST_ADDED_ID + slot);
  }

  protected override decodeId(id: string): number | undefined {
    if (!/^\d{15}$/.test(id)) return undefined;
    const number = Number(id);
    return number >= FIRST_ADDED_ID
      ? number - FIRST_ADDED_ID
      : number - FIRST_CONVERSATION_ID - this.context.sizes.conversations;
  }
}

function ticketPart(part: Part, index: number, slot: number): JsonObject {
  const kind = (index + slot) % 5;
  const row: JsonObject = {
    type: 'ticket_part',
    id: part.id,
    part_type: part.part_type,
    body: part['body'] ?? null,
    created_at: part.created_at,
    updated_at: part.updated_at,
    assigned_to: part['assigned_to'] ?? null,
    author: withoutAgent(part['author'] as JsonObject),
    attachments: part['attachments'] ?? [],
    external_id: part['external_id'] ?? null,
    redacted: part['redacted'] ?? false,
  };
  if (part['app_package_code'] !== null) row['app_package_code'] = part['app_package_code'] ?? null;
  if (kind === 1)
    Object.assign(row, {
      part_type: 'ticket_state_updated_by_admin',
      body: null,
      ticket_state: 'in_progress',
      previous_ticket_state: 'submitted',
    });
  if (kind === 2)
    Object.assign(row, {
      part_type: 'ticket_attribute_updated_by_admin',
      body: null,
      updated_attribute_data: ATTRIBUTE_CHANGES[index % ATTRIBUTE_CHANGES.length]!,
    });
  return row;
}

function withoutAgent(author: JsonObject): JsonObject {
  const { type, id, name, email } = author;
  return { type: type === 'lead' ? 'user' : (type ?? null), id: id ?? null, name: name ?? null, email: email ?? null };
}

function brief(state: JsonObject): JsonObject {
  const { type, id, category, internal_label: internal, external_label: external } = state;
  return {
    type: type ?? null,
    id: id ?? null,
    category: category ?? null,
    internal_label: internal ?? null,
    external_label: external ?? null,
  };
}

/** Inside a ticket its type lacks the states and says whether it is internal. */
function insideTicket(type: JsonObject): JsonObject {
  return { ...without(type, 'ticket_states'), is_internal: type['category'] !== 'Customer' };
}

const FIRST_ADDED_ID = 300_000_000_000_000;
const ATTRIBUTE_CHANGES: readonly JsonObject[] = [
  { attribute: { type: 'attribute', id: '221', label: 'Severity' }, value: { type: 'value', id: '3', label: 'High' } },
  {
    attribute: { type: 'attribute', id: '222', label: 'Products' },
    value: { type: 'value', id: [1, 2], label: ['Desk', 'Lamp'] },
  },
];
