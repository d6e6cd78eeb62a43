import { isObject, textOf } from '../json.ts';
import type { World } from '../world/world.ts';
import {
  CONTACT_FIELDS,
  CONVERSATION_FIELDS,
  TICKET_FIELDS,
  type Field,
  type Fields,
  type FieldType,
} from './fields.ts';
import type { Dialect, Operator } from './query.ts';

/** What `POST /contacts/search` accepts. */
export function contactDialect(world: World): Dialect {
  return {
    field: (name) =>
      CONTACT_FIELDS.get(name) ?? customField(name, (attribute) => contactAttributeType(world, attribute)),
    operators: (field) => CONTACT_OPERATORS[field.type],
    defaultPerPage: 50,
  };
}

/** What `POST /conversations/search` accepts. */
export function conversationDialect(world: World): Dialect {
  return {
    field: (name) =>
      CONVERSATION_FIELDS.get(name) ?? customField(name, (attribute) => conversationAttributeType(world, attribute)),
    operators: (field) =>
      field.type === 'date' ? ['=', '!=', '>', '<', '<=', 'IN', 'NIN'] : EXACT_OPERATORS[field.type],
    defaultPerPage: 20,
  };
}

/** What `POST /tickets/search` accepts. */
export function ticketDialect(world: World): Dialect {
  return {
    field: (name) => TICKET_FIELDS.get(name) ?? ticketAttributeField(world, name),
    operators: (field) => [...EXACT_OPERATORS[field.type], ...(field.name === 'created_at' ? INCLUSIVE : [])],
    defaultPerPage: 20,
  };
}

function customField(name: string, typeOf: (attribute: string) => FieldType | undefined): Field | undefined {
  const attribute = name.startsWith('custom_attributes.') ? name.slice('custom_attributes.'.length) : undefined;
  const type = attribute === undefined ? undefined : typeOf(attribute);
  return type && { name, type };
}

function contactAttributeType(world: World, attribute: string): FieldType | undefined {
  for (const row of world.dataAttributes.all()) {
    if (row['model'] === 'contact' && row['custom'] === true && row['name'] === attribute)
      return TYPES[textOf(row['data_type'])] ?? 'string';
  }
  return undefined;
}

function conversationAttributeType(world: World, attribute: string): FieldType | undefined {
  for (const row of world.conversationAttributes.all())
    if (row['name'] === attribute) return TYPES[textOf(row['data_type'])] ?? 'string';
  return undefined;
}

/** `ticket_attribute.{id}` stands for the attribute of some ticket type. */
function ticketAttributeField(world: World, name: string): Field | undefined {
  if (!name.startsWith('ticket_attribute.')) return undefined;
  const id = name.slice('ticket_attribute.'.length);
  for (const type of world.ticketTypes.all()) {
    const list = type['ticket_type_attributes'];
    const attributes = isObject(list) && Array.isArray(list['data']) ? list['data'] : [];
    const attribute = attributes.find((other) => isObject(other) && other['id'] === id);
    if (isObject(attribute))
      return {
        name,
        type: TYPES[textOf(attribute['data_type'])] ?? 'string',
        path: `ticket_attributes.${textOf(attribute['name'])}`,
      };
  }
  return undefined;
}

const TYPES: Record<string, FieldType> = {
  string: 'string',
  integer: 'integer',
  float: 'integer',
  decimal: 'integer',
  boolean: 'boolean',
  date: 'date',
  datetime: 'date',
};
const INCLUSIVE: readonly Operator[] = ['>=', '<='];
const STRING_OPERATORS: readonly Operator[] = ['=', '!=', 'IN', 'NIN', '~', '!~', '^', '$'];
const EXACT_OPERATORS: Record<FieldType, readonly Operator[]> = {
  string: STRING_OPERATORS,
  tag: ['=', '!='],
  boolean: ['=', '!=', 'IN', 'NIN'],
  integer: ['=', '!=', 'IN', 'NIN', '<', '>', '<=', '>='],
  date: ['=', '!=', '>', '<', 'IN', 'NIN'],
};
/** In contact search dates are whole days, and only these three make sense of them. */
const CONTACT_OPERATORS: Record<FieldType, readonly Operator[]> = { ...EXACT_OPERATORS, date: ['=', '<', '>'] };

/** Every name that an endpoint has a field for; for documentation and tests. */
export const FIELD_NAMES: Record<'contacts' | 'conversations' | 'tickets', Fields> = {
  contacts: CONTACT_FIELDS,
  conversations: CONVERSATION_FIELDS,
  tickets: TICKET_FIELDS,
};
