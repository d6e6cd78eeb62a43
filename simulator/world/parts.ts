import { type Json, type JsonObject, type TimedRow, textOf } from '../json.ts';
import { Dice } from '../random.ts';
import type { WorldContext } from './context.ts';
import { uuid } from './ids.ts';
import { KIND } from './kinds.ts';
import { ANSWERS, QUESTIONS, TEAM_NAMES } from './words.ts';

export interface Part extends TimedRow {
  part_type: string;
}

/** Of which conversation a part is one of how many. */
export interface PartPlace {
  readonly slot: number;
  readonly index: number;
  readonly count: number;
  readonly created: number;
  readonly updated: number;
  /** The contact that writes. */
  readonly contact: JsonObject;
}

/** A generated part of a conversation. Parts lie between the conversation's creation and its last change. */
export function conversationPart(context: WorldContext, place: PartPlace): Part {
  const { slot, index, count, created, updated } = place;
  const dice = new Dice(context.seed, KIND.conversationPart, slot * 1024 + index);
  const at = created + Math.floor(((updated - created) * (index + 1)) / count);
  const id = partId(slot, index);
  const shape = PART_SHAPES[(slot + index) % PART_SHAPES.length]!;
  const author = authorOf(context, shape.by, place, dice);
  const quickReply = shape.type === 'quick_reply';
  return {
    type: 'conversation_part',
    id,
    part_type: shape.type,
    body: shape.body === undefined ? null : `<p>${dice.pick(shape.body)}</p>`,
    created_at: at,
    updated_at: at,
    notified_at: at,
    assigned_to: shape.type.includes('assign') ? assignee(dice, context) : null,
    author,
    attachments: shape.type === 'comment' && dice.percent(15) ? [attachment(context, Number(id))] : [],
    external_id: dice.percent(3) ? `ext-${id}` : null,
    redacted: dice.percent(2),
    email_message_metadata:
      shape.type === 'comment' && dice.percent(20) ? emailMetadata(dice, textOf(author['email'])) : null,
    metadata: quickReply ? quickReplyMetadata(context, slot, index) : dice.percent(50) ? {} : null,
    state: dice.pick(['open', 'open', 'closed', 'snoozed']),
    tags:
      shape.type === 'conversation_tags_updated'
        ? [{ type: 'tag', id: '90000', name: 'billing' }]
        : dice.percent(50)
          ? []
          : null,
    event_details: shape.details ?? null,
    app_package_code: dice.percent(5) ? 'lumen-bridge' : null,
  };
}

/** Part ids are numbers written as text; generated ones lead back to their conversation. */
export function partId(slot: number, index: number): string {
  return String(20_000_000_000 + slot * 1024 + index);
}

/** A file whose address is signed anew whenever it is read. */
export function attachment(context: WorldContext, number: number): JsonObject {
  const expires = context.clock.now() + 1800;
  const image = number % 2 === 0;
  return {
    type: 'upload',
    name: image ? 'Bild schirm.png' : 'invoice.pdf',
    url: `https://downloads.intercomcdn.example/i/o/${number}/file?expires=${expires}&signature=${(number * 31 + expires).toString(16)}`,
    content_type: image ? 'image/png' : 'application/pdf',
    filesize: 1000 + (number % 90_000),
    width: image ? 800 : null,
    height: image ? 600 : null,
  };
}

export function assignee(dice: Dice, { sizes }: WorldContext): JsonObject | null {
  if (dice.percent(15) || sizes.admins === 0) return null;
  if (dice.percent(20) && sizes.teams > 0) return { type: 'team', id: String(5000 + dice.below(sizes.teams)) };
  return { type: 'admin', id: String(7_700_000 + dice.below(sizes.admins)) };
}

function authorOf(context: WorldContext, by: Writer, { contact, slot }: PartPlace, dice: Dice): JsonObject {
  if (by === 'contact') {
    return {
      type: contact['external_id'] === null ? 'lead' : 'user',
      id: contact['id']!,
      name: dice.percent(20) ? null : 'Mira Okafor',
      email: `contact.${slot}@lumenworks.example`,
    };
  }
  if (by === 'bot' || context.sizes.admins === 0) {
    return {
      type: 'bot',
      id: '7690000',
      name: 'Fin',
      email: `operator+${context.workspaceId}@intercom.io`,
      from_ai_agent: true,
      is_ai_answer: dice.percent(50),
    };
  }
  const admin = dice.below(context.sizes.admins);
  return {
    type: 'admin',
    id: String(7_700_000 + admin),
    name: `Admin ${admin}`,
    email: `admin${admin}@lumenworks.example`,
    from_ai_agent: false,
    is_ai_answer: false,
  };
}

function emailMetadata(dice: Dice, from: string): JsonObject {
  return {
    subject: dice.pick(['Re: invoice', 'Betreff: Größe']),
    email_address_headers: [
      { type: 'from', email_address: from, name: 'Mira Okafor' },
      { type: 'to', email_address: 'support@lumenworks.example', name: null },
    ],
    message_id: `<${dice.next()}@mail.lumenworks.example>`,
  };
}

function quickReplyMetadata({ seed }: WorldContext, slot: number, index: number): JsonObject {
  return {
    quick_reply_options: [
      { text: 'Yes', uuid: uuid(seed, KIND.conversationPart, slot * 1024 + index), translations: null },
      { text: 'No', uuid: uuid(seed, KIND.conversationPart + 1, slot * 1024 + index), translations: { de: 'Nein' } },
    ],
    quick_reply_uuid: uuid(seed, KIND.conversationPart, slot * 1024 + index),
  };
}

type Writer = 'contact' | 'admin' | 'bot';

interface PartShape {
  readonly type: string;
  readonly by: Writer;
  readonly body?: readonly string[];
  readonly details?: Json;
}

const PART_SHAPES: readonly PartShape[] = [
  { type: 'comment', by: 'contact', body: QUESTIONS },
  { type: 'assignment', by: 'bot' },
  { type: 'comment', by: 'admin', body: ANSWERS },
  { type: 'note', by: 'admin', body: ['Ask finance first.'] },
  { type: 'quick_reply', by: 'contact', body: ['Yes'] },
  {
    type: 'conversation_attribute_updated_by_admin',
    by: 'admin',
    details: { attribute: { name: 'issue_type' }, value: { name: 'Billing', previous: null } },
  },
  {
    type: 'conversation_attribute_updated_by_workflow',
    by: 'bot',
    details: { workflow: { name: 'Triage' }, attribute: { name: 'issue_type' }, value: { name: 'Bug' } },
  },
  {
    type: 'conversation_attribute_updated_by_user',
    by: 'contact',
    details: { attribute: { name: 'Order number' }, value: { name: '4711', previous: '4710' } },
  },
  { type: 'custom_action_started', by: 'bot', details: { action: { name: 'Look up order' } } },
  { type: 'custom_action_finished', by: 'bot', details: { action: { name: 'Look up order', result: 'success' } } },
  {
    type: 'operator_workflow_event',
    by: 'bot',
    details: { workflow: { name: 'Triage' }, event: { type: 'handoff', result: TEAM_NAMES[0]! } },
  },
  { type: 'conversation_tags_updated', by: 'admin' },
  { type: 'snoozed', by: 'admin' },
  { type: 'timer_unsnooze', by: 'bot' },
  { type: 'assign_and_reopen', by: 'admin', body: ANSWERS },
  { type: 'conversation_rating_changed', by: 'contact' },
  { type: 'close', by: 'admin' },
];
