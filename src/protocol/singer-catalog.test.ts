import { describe, expect, test } from '@jest/globals';
import type { JsonSchema } from '../core/schema.ts';
import type { Stream } from '../readers/stream.ts';
import { keysOf, singerCatalog, singerSchema } from './singer-catalog.ts';

const contacts = { name: 'contacts', primaryKey: ['id'], cursor: 'updated_at' } as unknown as Stream;
const tags = { name: 'tags', primaryKey: ['id', 'team'] } as unknown as Stream;
const schema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  additionalProperties: true,
  required: ['id'],
  properties: {
    id: { type: 'string', description: 'Its id' },
    updated_at: { type: 'integer' },
    at: { type: ['null', 'string'], format: 'date-time', airbyte_type: 'timestamp_with_timezone' },
    place: {
      type: ['null', 'object'],
      additionalProperties: true,
      properties: { city: { type: ['null', 'string'] }, 'zh-TW': { type: ['null', 'string'] } },
    },
    parts: { type: ['null', 'array'], items: { type: ['null', 'object'], properties: { n: { type: 'integer' } } } },
  },
};

describe('a schema', () => {
  test('says what every target understands, and nothing else', () => {
    expect(singerSchema(schema, contacts)).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', description: 'Its id' },
        updated_at: { type: ['null', 'integer'] },
        at: { type: ['null', 'string'], format: 'date-time' },
        place: { type: ['null', 'object'], properties: { city: { type: ['null', 'string'] } } },
        parts: { type: ['null', 'array'], items: { type: ['null', 'object'], properties: { n: { type: 'integer' } } } },
      },
    });
  });
});

describe('an entry', () => {
  const offers = [contacts, tags].map((stream) => ({ stream, schema }));
  const [first, second] = singerCatalog(offers, ({ name }) => name === 'tags').streams;

  test('of an incremental stream says by what it goes', () => {
    expect(first).toMatchObject({
      tap_stream_id: 'contacts',
      stream: 'contacts',
      key_properties: ['id'],
      replication_method: 'INCREMENTAL',
      replication_key: 'updated_at',
      schema: singerSchema(schema, contacts),
    });
    expect(first!.metadata[0]).toEqual({
      breadcrumb: [],
      metadata: {
        inclusion: 'available',
        'table-key-properties': ['id'],
        'forced-replication-method': 'INCREMENTAL',
        'valid-replication-keys': ['updated_at'],
        'replication-key': 'updated_at',
        'selected-by-default': false,
      },
    });
  });

  test('of any other stream has no replication key', () => {
    expect(second).not.toHaveProperty('replication_key');
    expect(second!.metadata[0]).toEqual({
      breadcrumb: [],
      metadata: {
        inclusion: 'available',
        'table-key-properties': ['id', 'team'],
        'forced-replication-method': 'FULL_TABLE',
        'selected-by-default': true,
      },
    });
  });

  test('has metadata for every field, of which only keys and the cursor always come', () => {
    const inclusions = first!.metadata.slice(1).map((each) => [each.breadcrumb.join('.'), each.metadata['inclusion']]);
    expect(inclusions).toEqual([
      ['properties.id', 'automatic'],
      ['properties.updated_at', 'automatic'],
      ['properties.at', 'available'],
      ['properties.place', 'available'],
      ['properties.place.properties.city', 'available'],
      ['properties.parts', 'available'],
    ]);
  });
});

test('keys are those of the primary key and the cursor', () => {
  expect([[...keysOf(contacts)], [...keysOf(tags)]]).toEqual([
    ['id', 'updated_at'],
    ['id', 'team'],
  ]);
});
