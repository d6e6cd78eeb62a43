import type { Json, JsonObject, TimedRow } from '../json.ts';
import { Dice, hash } from '../random.ts';
import type { Company } from './companies.ts';
import type { WorldContext } from './context.ts';
import { KIND } from './kinds.ts';
import { attachment } from './parts.ts';
import { QUESTIONS, TAG_NAMES, TEAM_NAMES } from './words.ts';

export interface Conversation extends TimedRow {
  state: string;
  open: boolean;
}

/** What a conversation's own fields are made from. */
export interface ConversationPlace {
  readonly slot: number;
  readonly id: string;
  readonly created: number;
  readonly updated: number;
  readonly partCount: number;
  readonly contacts: readonly JsonObject[];
  readonly company: Company | null;
  /** The id of the ticket that this conversation is, too. */
  readonly ticketId: string | null;
}

export function conversationState(seed: number, slot: number): 'open' | 'closed' | 'snoozed' {
  const value = hash(seed, KIND.conversationState, slot) % 100;
  if (value < 50) return 'open';
  return value < 85 ? 'closed' : 'snoozed';
}

/** The assignees of a generated conversation or ticket; 0 for nobody. */
export function assigneesOf({ seed, sizes }: WorldContext, slot: number): { admin: number; team: number } {
  const value = hash(seed, KIND.conversationState + 100, slot);
  return {
    admin: value % 10 < 3 || sizes.admins === 0 ? 0 : 7_700_000 + ((value >>> 8) % sizes.admins),
    team: value % 5 < 2 || sizes.teams === 0 ? 0 : 5000 + ((value >>> 16) % sizes.teams),
  };
}

/** A generated conversation as lists show it. */
export function conversationFields(context: WorldContext, place: ConversationPlace): Conversation {
  const { slot, id, created, updated } = place;
  const dice = new Dice(context.seed, KIND.conversation, slot);
  const state = conversationState(context.seed, slot);
  const { admin, team } = assigneesOf(context, slot);
  const fin = dice.percent(25);
  const sales = dice.percent(5);
  const contact = place.contacts[0] ?? null;
  return {
    type: 'conversation',
    id,
    title: dice.percent(60) ? null : dice.pick(['Invoice', 'Größenfrage', 'クラッシュ']),
    created_at: created,
    updated_at: updated,
    waiting_since: dice.percent(40) ? updated : null,
    snoozed_until: state === 'snoozed' ? updated + 86_400 : null,
    open: state !== 'closed',
    state,
    read: dice.percent(70),
    priority: dice.pick(['none', 'none', 'low', 'medium', 'high', 'urgent']),
    admin_assignee_id: admin,
    team_assignee_id: team,
    company: place.company,
    tags: { type: 'tag.list', tags: dice.percent(30) ? tags(dice, context, updated) : [] },
    conversation_rating: rating(slot, created, contact, admin),
    source: slot % 29 === 7 ? null : source(context, place, dice),
    contacts: { type: 'contact.list', contacts: [...place.contacts] },
    teammates:
      slot % 7 === 3 ? null : { type: 'admin.list', admins: admin === 0 ? [] : [{ type: 'admin', id: String(admin) }] },
    custom_attributes: customAttributes(dice, created),
    first_contact_reply: dice.percent(20)
      ? null
      : {
          created_at: created,
          type: 'conversation',
          url: dice.percent(50) ? 'https://app.lumenworks.example/billing' : null,
        },
    sla_applied: dice.percent(30)
      ? {
          type: 'conversation_sla_summary',
          sla_name: 'First reply 1h',
          sla_status: dice.pick(['hit', 'missed', 'cancelled', 'active']),
        }
      : null,
    statistics: slot % 23 === 3 ? null : statistics(context, place, dice, admin, state),
    linked_objects: linkedObjects(context, slot),
    topics: dice.percent(30)
      ? { type: 'topic.list', topics: [{ type: 'topic', id: 839, name: 'Invoices' }], total_count: 1 }
      : {},
    ticket: place.ticketId === null ? null : { type: 'ticket', id: place.ticketId },
    ai_agent_participated: fin,
    ai_agent: fin ? aiAgent(dice, created, updated) : null,
    sales_agent_participated: sales,
    sales_agent: sales
      ? {
          outcome: dice.pick(['qualified', 'disqualified', 'spam']),
          routing_outcome: dice.percent(50) ? 'routed' : null,
          collected_data: { budget: '10k', seats: '5' },
        }
      : null,
    channel: dice.percent(20) ? null : { initial: 'messenger', current: dice.pick(['messenger', 'email']) },
    external_references: dice.percent(10) ? [{ type: 'salesforce_case', id: `case-${slot}` }] : [],
  };
}

/** What search adds when it is asked to include monitors and scorecards. */
export function evaluations(
  seed: number,
  slot: number,
  updated: number,
): { monitor_evaluations: JsonObject[]; scorecards: JsonObject[] } {
  const dice = new Dice(seed, KIND.conversation + 500, slot);
  if (!dice.percent(40)) return { monitor_evaluations: [], scorecards: [] };
  return {
    monitor_evaluations: [
      {
        monitor_id: '31',
        monitor_name: 'Tone',
        monitor_type: 'quality',
        result: dice.pick(['pass', 'fail']),
        explanation: 'Friendly throughout.',
        evaluated_at: updated,
      },
    ],
    scorecards: [
      {
        scorecard_id: '12',
        scorecard_version_id: '3',
        name: 'Support quality',
        scorecard_type: 'manual',
        passed: dice.percent(50),
        score: 87.5,
        ai_score: dice.percent(50) ? 91 : null,
        evaluated_at: updated,
        reviewed_teammate: { type: 'admin', admin_id: '7700000' },
        evaluators: [
          {
            evaluator_id: '5',
            result: {
              value: 'good',
              source: 'admin',
              reasoning: 'Quick.',
              reason_ids: ['1'],
              other_text: dice.percent(50) ? 'Also kind.' : null,
            },
          },
        ],
      },
    ],
  };
}

function source(context: WorldContext, place: ConversationPlace, dice: Dice): JsonObject {
  const contact = place.contacts[0];
  const email = dice.percent(30);
  const fields: JsonObject = {
    type: email ? 'email' : 'conversation',
    id: String(3_300_000 + place.slot),
    delivered_as: dice.pick([
      'customer_initiated',
      'customer_initiated',
      'automated',
      'admin_initiated',
      'operator_initiated',
    ]),
    subject: email ? '<p>Billing question</p>' : '',
    body: `<p>${dice.pick(QUESTIONS)}</p>`,
    author: {
      type: 'user',
      id: contact?.['id'] ?? null,
      name: dice.percent(20) ? null : 'Mira Okafor',
      email: dice.percent(20) ? null : `contact.${place.slot}@lumenworks.example`,
    },
    attachments: dice.percent(15) ? [attachment(context, place.slot)] : [],
    url: email ? null : 'https://app.lumenworks.example/billing',
    redacted: dice.percent(3),
  };
  if (!email) return fields;
  return {
    ...fields,
    recipients: [
      { type: 'to', email: 'support@lumenworks.example', drop_reason: null },
      { type: 'cc', email: 'boss@lumenworks.example', drop_reason: 'bounced' },
    ],
    reply_to: [{ email: 'mira@lumenworks.example', name: dice.percent(50) ? 'Mira' : null }],
    email_message_metadata: {
      message_id: `<${place.slot}@mail.lumenworks.example>`,
      subject: 'Billing question',
      email_address_headers: [{ type: 'from', email_address: 'mira@lumenworks.example', name: 'Mira' }],
      history: '<blockquote>Earlier…</blockquote>',
    },
  };
}

function statistics(
  context: WorldContext,
  place: ConversationPlace,
  dice: Dice,
  admin: number,
  state: string,
): JsonObject {
  const { created, updated, partCount } = place;
  const closed = state === 'closed' ? updated : null;
  const team =
    context.sizes.teams > 0 ? [{ team_id: 5000, team_name: TEAM_NAMES[0]!, response_time: dice.below(900) }] : [];
  return {
    type: 'conversation_statistics',
    time_to_assignment: dice.below(300),
    time_to_admin_reply: dice.below(3000),
    time_to_first_close: closed === null ? null : closed - created,
    time_to_last_close: closed === null ? null : closed - created,
    median_time_to_reply: dice.below(1000),
    first_contact_reply_at: created,
    first_assignment_at: created,
    first_admin_reply_at: updated,
    first_close_at: closed,
    last_assignment_at: created,
    last_assignment_admin_reply_at: updated,
    last_contact_reply_at: updated,
    last_admin_reply_at: updated,
    last_close_at: closed,
    last_closed_by_id: closed === null || admin === 0 ? null : String(admin),
    count_reopens: dice.below(3),
    count_assignments: dice.below(4),
    count_conversation_parts: partCount,
    assigned_team_first_response_time: dice.percent(50) ? team : [],
    assigned_team_first_response_time_in_office_hours: dice.percent(50) ? team : [],
    handling_time: dice.percent(80) ? dice.below(5000) : null,
    adjusted_handling_time: dice.percent(60) ? dice.below(4000) : null,
  };
}

function rating(slot: number, created: number, contact: JsonObject | null, admin: number): Json {
  const variant = slot % 8;
  if (variant > 3 || contact === null) return null;
  if (variant === 3) return { rating: null, remark: null, created_at: null, contact: null, teammate: null };
  const asker = admin === 0 ? 7_700_000 : admin;
  const teammate = { type: 'admin', id: variant === 2 ? asker : String(asker) };
  return {
    rating: 1 + (slot % 5),
    remark: variant === 0 ? 'quick! 👍' : null,
    created_at: created,
    updated_at: created + 60,
    contact,
    teammate,
  };
}

function aiAgent(dice: Dice, created: number, updated: number): JsonObject {
  return {
    source_type: dice.pick(['profile', 'workflow', 'essentials_plan_setup']),
    source_title: dice.percent(50) ? 'Welcome' : null,
    last_answer_type: dice.pick(['ai_answer', 'custom_answer', null]),
    resolution_state: dice.pick([
      'assumed_resolution',
      'confirmed_resolution',
      'escalated',
      'negative_feedback',
      'procedure_handoff',
      null,
    ]),
    rating: dice.percent(50) ? 1 + dice.below(5) : null,
    rating_remark: dice.percent(30) ? 'helpful' : null,
    created_at: created,
    updated_at: updated,
    content_sources: {
      type: 'content_source.list',
      total_count: 1,
      content_sources: [
        {
          content_type: 'article',
          url: 'https://help.lumenworks.example/articles/12',
          title: 'Invoices',
          locale: 'en',
        },
      ],
    },
  };
}

function tags(dice: Dice, { sizes }: WorldContext, updated: number): JsonObject[] {
  if (sizes.tags === 0) return [];
  const first = dice.below(sizes.tags);
  const count = Math.min(1 + dice.below(3), sizes.tags);
  return Array.from({ length: count }, (_, step) => {
    const index = (first + step) % sizes.tags;
    return {
      type: 'tag',
      id: String(90_000 + index),
      name: TAG_NAMES[index % TAG_NAMES.length]!,
      applied_at: updated,
      applied_by: { type: 'admin', id: '7700000' },
    };
  });
}

function linkedObjects({ sizes }: WorldContext, slot: number): JsonObject {
  const data =
    slot % 11 === 0 && sizes.tickets > 0
      ? [
          {
            type: 'ticket',
            id: String(FIRST_CONVERSATION_ID + sizes.conversations + (slot % sizes.tickets)),
            category: 'Customer',
          },
        ]
      : [];
  return { type: 'list', total_count: data.length, has_more: false, data };
}

function customAttributes(dice: Dice, created: number): JsonObject {
  const attributes: JsonObject = {};
  if (dice.percent(60)) attributes['issue_type'] = dice.pick(['Billing', 'Bug']);
  if (dice.percent(40)) attributes['Language'] = 'English';
  if (dice.percent(20)) attributes['CX Score rating'] = 1 + dice.below(5);
  if (dice.percent(20)) attributes['Due 🗓'] = created + 86_400;
  if (dice.percent(10))
    attributes['Order'] = {
      type: 'Order.list',
      instances: [
        {
          id: '21',
          external_id: 'order-21',
          external_created_at: 1_700_000_000,
          external_updated_at: 1_700_000_000,
          custom_attributes: { total: '12.50' },
        },
      ],
    };
  return attributes;
}

export const FIRST_CONVERSATION_ID = 215_470_000_000_000;
