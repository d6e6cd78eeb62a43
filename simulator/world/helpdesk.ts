import { type JsonObject, type Row, without } from '../json.ts';
import { Dice } from '../random.ts';
import type { ContactTable } from './contacts.ts';
import type { WorldContext } from './context.ts';
import { FIRST_CONVERSATION_ID } from './conversation-fields.ts';
import { KIND } from './kinds.ts';

export function ticketState(_context: WorldContext, index: number): Row {
  const [category, internal, external] = STATES[index % STATES.length]!;
  return {
    type: 'ticket_state',
    id: String(80 + index),
    category,
    internal_label: internal,
    external_label: external,
    archived: index === 4,
  };
}

export function ticketType(context: WorldContext, index: number): Row {
  const id = 14 + index;
  const created = context.start - 500 * 86_400 + index;
  return {
    type: 'ticket_type',
    id: String(id),
    category: ['Customer', 'Back-office', 'Tracker'][index % 3]!,
    name: ['Billing request', 'Datenpflege', 'Outage'][index % 3]!,
    description: index % 2 === 0 ? '' : 'For the back office',
    icon: '🧾',
    workspace_id: context.workspaceId,
    ticket_type_attributes: { type: 'list', data: typeAttributes(context, id, created) },
    ticket_states: { type: 'list', data: STATES.slice(0, 4).map((_, state) => briefState(context, state)) },
    archived: index === 2,
    created_at: created,
    updated_at: created + 86_400,
  };
}

/** What teammates handed over to each other in a conversation. */
export function handlingEvents(context: WorldContext, slot: number, created: number): JsonObject[] {
  const dice = new Dice(context.seed, KIND.small, slot);
  const pairs = dice.below(3);
  const events: JsonObject[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const at = created + 300 + pair * 3600;
    const teammate = TEAMMATES[(slot + pair) % TEAMMATES.length]!;
    events.push({
      teammate,
      type: 'paused',
      timestamp: new Date(at * 1000).toISOString(),
      reason: dice.percent(50) ? 'Waiting for finance' : null,
    });
    events.push({ teammate, type: 'resumed', timestamp: new Date((at + 600) * 1000).toISOString(), reason: null });
  }
  return events;
}

export function deletedConversation({ start }: WorldContext, index: number): Row {
  return {
    type: 'conversation',
    id: String(FIRST_CONVERSATION_ID - 1 - index),
    metrics_retained: index % 2 === 0,
    deleted_at: start - 61 - index * 50_000,
  };
}

export function call(context: WorldContext, contacts: ContactTable, index: number): Row {
  const dice = new Dice(context.seed, KIND.small + 1, index);
  const at = context.start - 61 - index * 40_000;
  const id = String(610_000 + index);
  const url = `https://api.intercom.io/calls/${id}`;
  const iso = index % 5 === 4;
  const moment = (seconds: number): number | string => (iso ? new Date(seconds * 1000).toISOString() : seconds);
  const { sizes } = context;
  const answered = !dice.percent(20);
  return {
    type: 'call',
    id,
    conversation_id:
      sizes.conversations > 0 && dice.percent(80)
        ? String(FIRST_CONVERSATION_ID + dice.below(sizes.conversations))
        : null,
    admin_id: sizes.admins > 0 && dice.percent(80) ? String(7_700_000 + dice.below(sizes.admins)) : null,
    contact_id: sizes.contacts > 0 && dice.percent(90) ? contacts.idOf(dice.below(sizes.contacts)) : null,
    state: answered ? 'completed' : 'missed',
    initiated_at: moment(at - 300),
    answered_at: moment(at - 280),
    ended_at: moment(at - 60),
    created_at: moment(at - 300),
    updated_at: moment(at),
    recording_url: answered ? `${url}/recording` : null,
    transcription_url: answered ? `${url}/transcript` : null,
    call_type: dice.pick(['phone', 'messenger']),
    direction: dice.pick(['inbound', 'outbound']),
    ended_reason: answered ? 'hangup' : null,
    phone: dice.percent(80) ? '+353861234567' : null,
    fin_recording_url: dice.percent(20) ? `${url}/fin_recording` : null,
    fin_transcription_url: dice.percent(20) ? `${url}/fin_transcript` : null,
  };
}

function briefState(context: WorldContext, index: number): JsonObject {
  return without(ticketState(context, index), 'archived');
}

function typeAttributes(context: WorldContext, ticketTypeId: number, created: number): JsonObject[] {
  return ['_default_title_', '_default_description_', 'Severity', 'Screen shots'].map((name, order) => ({
    type: 'ticket_type_attribute',
    id: String(ticketTypeId * 100 + order),
    workspace_id: context.workspaceId,
    name,
    description: '',
    data_type: ['string', 'string', 'list', 'files'][order]!,
    input_options:
      order < 2 ? { multiline: order === 1 } : order === 2 ? { list_options: [{ id: '1', label: 'Low' }] } : null,
    order,
    required_to_create: order === 0,
    required_to_create_for_contacts: order === 0,
    visible_on_create: true,
    visible_to_contacts: order < 2,
    default: order < 2,
    ticket_type_id: ticketTypeId,
    archived: false,
    created_at: created,
    updated_at: created,
  }));
}

const STATES: readonly (readonly [category: string, internal: string, external: string])[] = [
  ['submitted', 'Submitted', 'Submitted'],
  ['in_progress', 'With finance', 'In progress'],
  ['waiting_on_customer', 'Waiting', 'Waiting on you'],
  ['resolved', 'Resolved', 'Resolved'],
  ['in_progress', 'Old state', 'In progress'],
];
const TEAMMATES: readonly JsonObject[] = [
  { type: 'admin', id: 7_700_000, name: 'Mira Okafor', email: 'admin0@lumenworks.example' },
  { type: 'team', id: 5000, name: 'Support', email: null },
  { type: 'bot', id: 7_690_000, name: 'Fin', email: null },
];
