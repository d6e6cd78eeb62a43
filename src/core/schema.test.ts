import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { loadSchema, type JsonSchema } from './schema.ts';

/** Stream, primary key, cursor, and the columns that Intercom's own object does not have. */
const contract: readonly (readonly [stream: string, primaryKey: string, cursor: string, added: string])[] = [
  ['conversations', 'id', 'updated_at', ''],
  ['conversations_by_admin', 'id', 'updated_at', 'admin_id'],
  ['conversation_details', 'id', 'updated_at', 'conversation_parts parts_truncated'],
  ['events', 'event_key', 'created_at', 'event_key contact_id contact_role'],
  ['leads', 'id', 'updated_at', ''],
  ['leads_by_id', 'id', 'updated_at', ''],
  ['notes_by_user', 'id', 'created_at', 'contact_id contact_role'],
  ['users', 'id', 'updated_at', ''],
  ['users_by_username', 'username id', 'updated_at', 'username'],
  ['users_by_company', 'company_id id', 'updated_at', 'company_id'],
  ['users_by_tag', 'tag_id id', 'updated_at', 'tag_id'],
  ['users_by_segment', 'segment_id id', 'updated_at', 'segment_id'],
  ['contacts', 'id', 'updated_at', ''],
  [
    'conversation_parts',
    'id',
    'updated_at',
    'conversation_id conversation_created_at conversation_updated_at conversation_total_parts',
  ],
  ['companies', 'id', 'updated_at', ''],
  ['company_segments', 'company_id id', 'company_updated_at', 'company_id company_updated_at'],
  ['company_attributes', 'full_name', '', ''],
  ['contact_attributes', 'full_name', '', ''],
  ['conversation_attributes', 'id', '', ''],
  ['segments', 'id', 'updated_at', ''],
  ['tags', 'id', '', ''],
  ['teams', 'id', '', ''],
  ['admins', 'id', '', ''],
  ['activity_logs', 'id', 'created_at', ''],
  ['tickets', 'id', 'updated_at', ''],
  ['ticket_parts', 'id', 'updated_at', 'ticket_id'],
  ['ticket_types', 'id', '', ''],
  ['ticket_states', 'id', '', ''],
  ['subscription_types', 'id', '', ''],
  ['away_status_reasons', 'id', '', ''],
  ['brands', 'id', '', ''],
  ['help_centers', 'id', '', ''],
  ['newsfeeds', 'id', '', ''],
  ['articles', 'id', 'updated_at', ''],
  ['collections', 'id', 'updated_at', ''],
  ['internal_articles', 'id', 'updated_at', ''],
  ['news_items', 'id', 'updated_at', ''],
  ['macros', 'id', 'updated_at', ''],
  ['calls', 'id', 'updated_at', ''],
  ['deleted_conversations', 'id', 'deleted_at', ''],
  ['contact_merges', 'contact_id source_contact_id', 'contact_updated_at', 'contact_id'],
  ['event_summaries', 'contact_id name', '', 'contact_id'],
  ['contact_tags', 'contact_id tag_id', 'contact_updated_at', ''],
  ['contact_companies', 'contact_id company_id', 'contact_updated_at', ''],
  ['contact_segments', 'contact_id segment_id', 'contact_updated_at', ''],
  ['contact_subscriptions', 'contact_id subscription_type_id', 'contact_updated_at', 'opted_in'],
  ['conversation_tags', 'conversation_id tag_id', 'conversation_updated_at', 'applied_at applied_by'],
  ['conversation_contacts', 'conversation_id contact_id', 'conversation_updated_at', ''],
  ['conversation_teammates', 'conversation_id admin_id', 'conversation_updated_at', ''],
  ['company_tags', 'company_id tag_id', 'company_updated_at', ''],
  ['team_admins', 'team_id admin_id', '', 'priority_level'],
  ['conversation_handling_events', 'conversation_id type timestamp', 'conversation_updated_at', 'conversation_id'],
];

const files = readdirSync(new URL('../../schemas/', import.meta.url)).filter((file) => file.endsWith('.json'));

test('there is a schema for each stream, and no other', () => {
  expect(files.map((file) => file.replace('.json', ''))).toEqual(contract.map(([stream]) => stream).sort());
});

describe.each(contract)('%s', (stream, primaryKey, cursor, added) => {
  const schema = loadSchema(stream);
  const { properties = {} } = schema;
  const keys = primaryKey.split(' ');

  test('requires its primary key, which is never null, and its cursor', () => {
    expect(schema.required).toEqual([...keys, ...(cursor === '' ? [] : [cursor])]);
    for (const key of keys) expect(properties[key]?.type).toBe('string');
  });

  test('has a cursor in unix seconds', () => {
    const expected = cursor === '' ? [] : [{ type: ['null', 'integer'], unit: 'unix_seconds' }];
    expect(cursor === '' ? [] : [properties[cursor]]).toMatchObject(expected);
  });

  test('has the columns that are added to what Intercom sends', () => {
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(added.split(' ').filter((column) => column !== '')));
  });

  test('has an object at its root', () => {
    const draft07 = 'http://json-schema.org/draft-07/schema#';
    expect(schema).toMatchObject({ $schema: draft07, type: 'object', additionalProperties: true });
  });

  test('is valid in the strict mode of Ajv', () => {
    const ajv = new Ajv({ allowUnionTypes: true }).addKeyword('unit');
    expect(() => ajv.compile(schema)).not.toThrow();
  });

  test('names its columns so that every destination can', () => {
    const names = Object.keys(properties);
    expect(names.filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  const nodes = [...walk(schema, '')].slice(1);

  test('uses no keyword that destinations do not know', () => {
    const known = ['type', 'description', 'properties', 'items', 'unit'];
    const unknown = nodes.flatMap(([path, node]) => Object.keys(node).map((keyword) => `${path} ${keyword}`));
    expect(unknown.filter((entry) => !known.includes(entry.split(' ')[1] ?? ''))).toEqual([]);
  });

  test('gives each value one type, and lets all but the primary key be null', () => {
    const single = /^null,(string|number|integer|boolean|object|array)$/;
    const odd = nodes.filter(([path, { type }]) => !keys.includes(path) && !single.test(String(type)));
    expect(odd.map(([path]) => path)).toEqual([]);
  });

  test('says what its lists hold', () => {
    expect(nodes.filter(([, node]) => node.type.includes('array') !== (node.items !== undefined))).toEqual([]);
    expect(nodes.filter(([, node]) => !node.type.includes('object') && node.properties !== undefined)).toEqual([]);
  });

  test('has text for ids', () => {
    const ids = nodes.filter(([path, node]) => /(^|[._])ids?(\[])?$/.test(path) && !isContainer(node));
    expect(ids.filter(([, { type }]) => ![type].flat().includes('string')).map(([path]) => path)).toEqual([]);
  });

  test('marks instants, and nothing but integers, as unix seconds', () => {
    const instants = nodes.filter(([path]) => /(_at|_since|_until)$/.test(path));
    expect(instants.filter(([, { unit }]) => unit === undefined).map(([path]) => path)).toEqual([]);
    const marked = nodes.filter(([, { unit }]) => unit !== undefined);
    expect(marked.filter(([, { type }]) => String(type) !== 'null,integer').map(([path]) => path)).toEqual([]);
  });
});

describe('loadSchema', () => {
  test('puts added columns before inherited ones, and keeps the declaration that the stream gives', () => {
    const { properties = {} } = loadSchema('contact_merges');
    expect(Object.keys(properties).slice(0, 3)).toEqual(['contact_id', 'source_contact_id', 'contact_updated_at']);
    expect(properties['source_contact_id']?.type).toBe('string');
  });

  test('takes over what is required unless the stream says it', () => {
    expect(loadSchema('tags').required).toEqual(['id']);
    expect(loadSchema('company_segments').required).toEqual(['company_id', 'id', 'company_updated_at']);
  });

  test('lets a nested object, and all inside it, be null', () => {
    const company = loadSchema('conversations').properties?.['company'];
    expect(company?.type).toEqual(['null', 'object']);
    expect(company?.required).toBeUndefined();
    expect(company?.properties?.['id']?.type).toEqual(['null', 'string']);
    expect(loadSchema('companies').properties?.['id']?.type).toBe('string');
  });

  test('keeps what is said beside a reference', () => {
    expect(loadSchema('tags').properties?.['applied_by']?.description).toMatch(/^Only where/);
  });

  test('reads a file once', () => {
    expect(loadSchema('users')).toBe(loadSchema('users'));
  });

  test('refuses a name that has no file', () => {
    expect(() => loadSchema('no_such_stream')).toThrow(/no_such_stream/);
  });
});

/** The schema and all inside it, by dotted path. */
function* walk(schema: JsonSchema, path: string): Generator<[path: string, schema: JsonSchema]> {
  yield [path, schema];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield* walk(property, path === '' ? name : `${path}.${name}`);
  }
  if (schema.items !== undefined) yield* walk(schema.items, `${path}[]`);
}

function isContainer({ type }: JsonSchema): boolean {
  return type.includes('object') || type.includes('array');
}
