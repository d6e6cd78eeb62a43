import { type JsonObject, type Row, without } from '../json.ts';
import type { WorldContext } from './context.ts';
import { HexIds } from './ids.ts';
import { KIND } from './kinds.ts';
import { isLeadSegment } from './memberships.ts';
import { SEGMENT_NAMES, TAG_NAMES } from './words.ts';

export function tag(_context: WorldContext, index: number): Row {
  return {
    type: 'tag',
    id: String(90_000 + index),
    name: `${TAG_NAMES[index % TAG_NAMES.length]!}${index < TAG_NAMES.length ? '' : ` ${index}`}`,
  };
}

export function segment(context: WorldContext, index: number): Row {
  return {
    type: 'segment',
    id: new HexIds(context.seed, KIND.segment).encode(index),
    name: `${SEGMENT_NAMES[index % SEGMENT_NAMES.length]!}${index < SEGMENT_NAMES.length ? '' : ` ${index}`}`,
    created_at: context.start - 900 * 86_400,
    updated_at: context.start - (index + 1) * 86_400 - 7,
    person_type: isLeadSegment(index) ? 'contact' : 'user',
  };
}

export function subscriptionType(_context: WorldContext, index: number): Row {
  const translation = {
    name: ['Announcements', 'Angebote', 'Newsletter'][index % 3]!,
    description: 'What we send',
    locale: 'en',
  };
  return {
    type: 'subscription',
    id: String(120 + index),
    state: ['live', 'draft', 'archived', 'live'][index % 4]!,
    default_translation: translation,
    translations:
      index % 2 === 0
        ? [translation, { name: 'Neuigkeiten', description: 'Was wir senden', locale: 'de' }]
        : [translation],
    consent_type: index % 2 === 0 ? 'opt_out' : 'opt_in',
    content_types: index % 3 === 0 ? ['email', 'sms_message'] : ['email'],
  };
}

/** The attributes of contacts and companies: standard ones have neither id nor times. */
export function dataAttributes(context: WorldContext): Row[] {
  const standard = STANDARD.map(([model, name, dataType]) => attribute(model, name, dataType, false, name));
  const custom = CUSTOM.map(([model, name, dataType, extra], index) => ({
    ...attribute(model, name, dataType, true, `custom_attributes.${name}`),
    data_id: 8800 + index,
    created_at: context.start - 700 * 86_400 + index,
    updated_at: context.start - 30 * 86_400 + index,
    admin_id: '7700000',
    archived: false,
    ...extra,
  }));
  return [...standard, ...custom];
}

/** A data attribute as the API shows it: standard ones have no id, and a custom one's is an integer. */
export function shownAttribute(row: Row): JsonObject {
  const { data_id: dataId } = row;
  const rest = without(row, 'id', 'data_id');
  return dataId === undefined ? rest : { id: dataId, ...rest };
}

export function conversationAttributes(context: WorldContext): Row[] {
  return ['string', 'integer', 'list', 'decimal', 'boolean', 'datetime', 'relationship', 'files', 'string'].map(
    (dataType, index) => {
      const created = context.start - (300 - index) * 86_400;
      const row: Row = {
        type: 'conversation_attribute',
        id: String(3100 + index),
        name: CONVERSATION_ATTRIBUTES[index]!,
        description: index % 2 === 0 ? '' : 'Set by the team',
        data_type: dataType,
        required: index % 4 === 0,
        visible_to_team_ids: index % 3 === 0 ? ['5000'] : [],
        archived: index === 8,
        created_at: created,
        updated_at: created + 86_400,
        admin_id: '7700000',
      };
      if (dataType === 'string') row['multiline'] = index === 0;
      if (dataType === 'list')
        row['options'] = [
          { id: 'a1', label: 'Billing', archived: false },
          { id: 'a2', label: 'Bug', archived: true },
        ];
      if (dataType === 'relationship') row['reference'] = { type: 'many', object_type_id: 'order' };
      return row;
    },
  );
}

function attribute(model: string, name: string, dataType: string, custom: boolean, fullName: string): Row {
  return {
    type: 'data_attribute',
    id: `${model}.${fullName}`,
    model,
    name,
    full_name: fullName,
    label: name,
    description: `The ${name} of a ${model}`,
    data_type: dataType,
    api_writable: custom,
    messenger_writable: false,
    ui_writable: custom,
    custom,
    archived: false,
  };
}

type Standard = readonly [model: string, name: string, dataType: string];

const STANDARD: readonly Standard[] = [
  ['contact', 'name', 'string'],
  ['contact', 'email', 'string'],
  ['contact', 'updated_at', 'date'],
  ['contact', 'unsubscribed_from_emails', 'boolean'],
  ['company', 'name', 'string'],
  ['company', 'monthly_spend', 'float'],
  ['company', 'user_count', 'integer'],
];
const CUSTOM: readonly (readonly [...Standard, JsonObject])[] = [
  ['contact', 'Plan tier', 'string', { options: ['gold', 'silver', 'gold+'] }],
  ['contact', 'seats', 'integer', {}],
  ['contact', 'is_beta', 'boolean', {}],
  ['contact', 'renewal_date', 'date', {}],
  ['contact', 'churn_note', 'string', {}],
  ['contact', 'nps.score', 'float', {}],
  ['contact', 'Lieblingsfarbe 🎨', 'string', {}],
  ['contact', 'mixed', 'string', {}],
  ['contact', 'plan_tier', 'string', {}],
  ['contact', 'old one', 'string', { archived: true }],
  ['company', 'region', 'string', {}],
  ['company', 'health_score', 'float', {}],
  ['company', 'Contract end', 'date', {}],
];
const CONVERSATION_ATTRIBUTES = [
  'issue_type',
  'Order number',
  'Topic',
  'Refund',
  'Escalated',
  'Due 🗓',
  'Order',
  'Receipts',
  'Retired',
];
