import { describe, expect, test } from '@jest/globals';
import type { Config } from '../generated/config.ts';
import type { Schemas } from '../generated/schemas.ts';
import { ApiError, type ApiFailure } from '../intercom/api.ts';
import { list } from '../readers/list.ts';
import type { Source } from '../readers/reader.ts';
import { stream, type Attributed, type Stream } from '../readers/stream.ts';
import { contextOf, type Answering } from '../readers/testing/context.ts';
import type { Shape } from './shape.ts';
import { needsAttributes, shapesOf } from './shapes.ts';

function configOf(...expand: Config['expand']): Config {
  return { expand, timestamps: 'unix' } as Config;
}

function streamOf(name: keyof Schemas, attributes?: Attributed, more: Partial<Source<object>> = {}): Stream {
  const definition = {
    title: '',
    primaryKey: ['id'],
    permission: '',
    read: { ...list(`/${name}`, 'data', { purpose: '' }), ...more },
  };
  return stream(name, { ...definition, ...(attributes === undefined ? {} : { attributes }) } as never);
}

const contacts = streamOf('contacts', 'contact');
const users = streamOf('users', 'contact');
const companies = streamOf('companies', 'company');
const tags = streamOf('tags');

async function shapesFor(streams: readonly Stream[], config: Config, answer: Answering) {
  const { once, requests } = contextOf(answer);
  const levels: string[] = [];
  const shapes = await shapesOf(streams, config, once, (level) => levels.push(level));
  return { columns: (each: Stream) => columnsOf(shapes.get(each)), shapes, requests, levels };
}

function columnsOf(shape: Shape | undefined): readonly string[] {
  return Object.keys(shape?.schema.properties ?? {});
}

/** A workspace that has defined one attribute for each kind of object. */
const defined: Answering = ({ query, path }) => ({
  data: [{ name: `of ${String(query?.['model'] ?? path)}`, data_type: 'integer' }],
});

test('the workspace has to be asked for columns only where its attributes become some', () => {
  expect(needsAttributes(configOf())).toBe(false);
  expect(needsAttributes(configOf('tags', 'location'))).toBe(false);
  expect(needsAttributes(configOf('tags', 'custom_attributes'))).toBe(true);
});

describe('attributes that become columns', () => {
  const config = configOf('custom_attributes');

  test('do so in the streams of their kind', async () => {
    const { columns, requests } = await shapesFor([contacts, users, companies, tags], config, defined);
    const added = (each: Stream): readonly string[] =>
      columns(each).filter((name) => name.startsWith('custom_attributes_'));
    expect([contacts, users, companies, tags].map(added)).toEqual([
      ['custom_attributes_of_contact'],
      ['custom_attributes_of_contact'],
      ['custom_attributes_of_company'],
      [],
    ]);
    expect(requests).toHaveLength(2);
  });

  test('have the type that the workspace gave them', async () => {
    const { shapes } = await shapesFor([contacts], config, defined);
    expect(shapes.get(contacts)?.schema.properties?.['custom_attributes_of_contact']).toEqual({
      type: ['null', 'integer'],
    });
  });

  test('are not asked for where nobody wants them, or no stream has any', async () => {
    expect((await shapesFor([contacts, companies], configOf('tags'), defined)).requests).toEqual([]);
    expect((await shapesFor([tags], config, defined)).requests).toEqual([]);
  });

  test.each<ApiFailure>(['no_permission', 'unavailable'])(
    'are missing, with one warning, where they are %s; others are there',
    async (failure) => {
      const { columns, levels } = await shapesFor([contacts, users, companies], config, (request, index) => {
        if (request.query?.['model'] === 'contact') throw new ApiError(failure, 'config', 'Refused');
        return defined(request, index);
      });
      expect(columns(contacts)).toContain('custom_attributes');
      expect(columns(contacts)).not.toContain('custom_attributes_of_contact');
      expect(columns(companies)).toContain('custom_attributes_of_company');
      expect(levels).toEqual(['warn']);
    },
  );

  test.each([
    ['a failure of Intercom', new ApiError('transient', 'transient', 'Try later')],
    ['an answer that is no list', new ApiError('unexpected', 'system', 'No list')],
    ['a fault of ours', new TypeError('Broken')],
  ])('are never left out because of %s, which would drop columns of a table', async (_, error) => {
    const shapes = shapesFor([contacts, companies], config, (request, index) => {
      if (request.query?.['model'] === 'company') throw error;
      return defined(request, index);
    });
    await expect(shapes).rejects.toBe(error);
  });
});

describe('a list that comes whole', () => {
  const expanded = streamOf('contacts', 'contact', {
    expanded: { schema: 'shared/contact_expanded', columns: ['tags'] },
  });
  const fieldsOf = (shape: Shape | undefined, column: string): unknown =>
    shape?.schema.properties?.[column]?.properties?.['data']?.items?.properties;

  test('is described with the fields of what is in it, and only that list is', async () => {
    const { shapes } = await shapesFor([expanded, users], configOf('tags'), defined);
    const [whole, plain] = [shapes.get(expanded), shapes.get(users)];
    expect(fieldsOf(whole, 'tags')).toHaveProperty('applied_at');
    expect(fieldsOf(plain, 'tags')).not.toHaveProperty('applied_at');
    expect(fieldsOf(plain, 'notes')).toBeDefined();
    expect(fieldsOf(whole, 'notes')).toEqual(fieldsOf(plain, 'notes'));
    expect(columnsOf(whole)).toEqual(columnsOf(plain));
  });
});

test('times are described as the configuration wants them', async () => {
  const { shapes } = await shapesFor([contacts], { ...configOf(), timestamps: 'rfc3339' }, defined);
  expect(shapes.get(contacts)?.schema.properties?.['updated_at']?.format).toBe('date-time');
});

test('flat columns are those that the configuration names', async () => {
  const { columns } = await shapesFor([contacts], configOf('location'), defined);
  expect(columns(contacts)).toContain('location_city');
});
