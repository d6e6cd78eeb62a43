import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { expandableColumns, root, type ConnectorSpec, type Option } from './generate-sources.ts';

const spec = JSON.parse(readFileSync(new URL('spec.json', root), 'utf8')) as ConnectorSpec;
const protocol = JSON.parse(readFileSync(new URL('src/protocol/airbyte.schema.json', root), 'utf8')) as object;
const { connectionSpecification } = spec;
const options = Object.entries(connectionSpecification.properties);
const ajv = new Ajv({ strict: false });

/** All objects in the specification with the key under which they are found; names of options are not keywords. */
const nodes = [...walk(connectionSpecification, [])];
const keywords = nodes.flatMap(([path, node]) => (path.at(-1) === 'properties' ? [] : Object.keys(node)));

describe('what a platform demands of a specification', () => {
  test('39, 40: is a SPEC message as it stands', () => {
    const validate = new Ajv({ strict: false, formats: { uri: true } }).compile(protocol);
    expect(validate({ type: 'SPEC', spec })).toBe(true);
  });

  test('41: is a draft-07 schema of an object with properties', () => {
    expect(ajv.validateSchema(connectionSpecification)).toBe(true);
    expect(connectionSpecification).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
    });
  });

  test.each(Object.entries(sampleConfigs()))('42: takes %s', (_name, config) => {
    ajv.validate(connectionSpecification, config);
    expect(ajv.errors).toBeNull();
  });

  test('42: takes no config without a token, or with a value that is not offered', () => {
    expect(ajv.validate(connectionSpecification, {})).toBe(false);
    expect(ajv.validate(connectionSpecification, { access_token: 'x', region: 'ca' })).toBe(false);
    expect(ajv.validate(connectionSpecification, { access_token: 'x', expand: ['nothing'] })).toBe(false);
  });

  test('43: no list of values repeats one', () => {
    for (const { enum: values = [] } of nodes.map(([, node]) => node as { enum?: readonly unknown[] })) {
      expect(new Set(values).size).toBe(values.length);
    }
  });

  test('44-48, 57, 58, 61, 62: has no alternatives, conditions, references or OAuth', () => {
    const unwanted =
      /^(oneOf|not|anyOf|patternProperties|prefixItems|allOf|if|then|else|dependent\w+|display_type|\$ref|const)$/;
    expect(keywords.filter((keyword) => unwanted.test(keyword))).toEqual([]);
    expect(spec).not.toHaveProperty('advanced_auth');
  });

  test('49: each option has one type', () => {
    const types = ['string', 'integer', 'number', 'boolean', 'array'];
    expect(options.filter(([, { type }]) => !types.includes(type)).map(([key]) => key)).toEqual([]);
  });

  test('50, 51: no object is nested, and lists hold text', () => {
    for (const [, { type, items }] of options) expect(items?.type).toBe(type === 'array' ? 'string' : undefined);
  });

  test('52-54: credentials are secret, and nothing else is', () => {
    const secret = options.filter(([, option]) => option.airbyte_secret === true).map(([key]) => key);
    expect(secret).toEqual(['access_token', 'client_id', 'client_secret']);
  });

  test('55, 56: options come in order, without groups', () => {
    expect(options.map(([, { order }]) => order)).toEqual(options.map((_option, index) => index));
    expect(keywords).not.toContain('group');
  });

  test('59: is open wherever it says so', () => {
    const stated = nodes.filter(([, node]) => 'additionalProperties' in node);
    expect(stated.map(([, node]) => (node as { additionalProperties: unknown }).additionalProperties)).toEqual([true]);
  });

  test('60: uses no format, since a date may come with or without a time', () => {
    expect(keywords).not.toContain('format');
  });

  test('63: asks for nothing but the token', () => {
    expect(connectionSpecification.required).toEqual(['access_token']);
  });

  test('64: speaks a released protocol, and is documented at an https address', () => {
    expect(spec.protocol_version).toMatch(/^0\.\d+\.\d+$/);
    expect(spec.documentationUrl).toMatch(/^https:\/\//);
    expect(spec.changelogUrl).toMatch(/^https:\/\//);
  });

  test.each(options)('65: defaults and examples of %s are valid', (_key, option) => {
    const values = [...(option.default === undefined ? [] : [option.default]), ...(option.examples ?? [])];
    for (const value of values) expect([value, ajv.validate(option, value)]).toEqual([value, true]);
  });

  test('65: patterns mean the same in JavaScript, Python and Java', () => {
    for (const { pattern } of options.map(([, option]) => option).filter(hasPattern)) {
      expect(() => new RegExp(pattern)).not.toThrow();
      expect(pattern).not.toMatch(/\\[pPdwsbAZzG]|\(\?|\[\[|&&/);
    }
  });

  test('66: each option has a title and a description', () => {
    expect(options.filter(([, { title, description }]) => title === '' || description.length < 20)).toEqual([]);
  });
});

describe('the options', () => {
  test('are those that users rely on, each with its default', () => {
    expect(Object.fromEntries(options.map(([key, option]) => [key, option.default]))).toEqual({
      access_token: undefined,
      region: 'us',
      start_date: undefined,
      event_type: 'all',
      conversation_admin_type: 'all',
      conversation_admin_ids: [],
      company_ids: [],
      segment_ids: [],
      tag_ids: [],
      user_ids: [],
      lead_ids: [],
      lead_emails: [],
      usernames: [],
      expand: [],
      skip_failed_conversations: false,
      conversation_status: 'all',
      order_by: 'updated_at',
      lookback_window: 0,
      timestamps: 'unix',
      conversation_body_format: 'html',
      per_contact_scope: 'all',
      activity_logs_time_step: 30,
      rate_limit_share: 100,
      concurrency: 50,
      request_timeout: 300,
      client_id: undefined,
      client_secret: undefined,
      user_agent: undefined,
    });
  });

  test('expand offers what the schemas have', () => {
    expect(connectionSpecification.properties['expand']?.items?.enum).toEqual(expandableColumns());
    expect(expandableColumns()).toEqual(
      expect.arrayContaining(['custom_attributes', 'segments', 'subscription_types', 'tags']),
    );
  });

  const { pattern = '' } = connectionSpecification.properties['start_date'] ?? {};
  test.each([
    ...['2025-01-31', '2025-01-31T08:30:00Z', '2025-01-31T08:30:00.123Z', '2025-01-31T08:30:00+05:30'],
    ...['2025-01-31T08:30:00', '2025-01-31 08:30:00.123456'], // so in configurations of other connectors: UTC
  ])('start_date may be %s', (date) => {
    expect(date).toMatch(new RegExp(pattern));
  });
  test.each(['', '2025', '2025-13-01', '2025-01-32', '2025-01-31T08:30', '2025-01-31T25:00:00Z', '31.01.2025'])(
    'start_date may not be "%s"',
    (date) => {
      expect(date).not.toMatch(new RegExp(pattern));
    },
  );
});

function sampleConfigs(): Record<string, object> {
  return {
    'the least that works': { access_token: 'x' },
    "a config of Airbyte's connector": {
      access_token: 'x',
      start_date: '2020-11-16T00:00:00Z',
      lookback_window: 7,
      activity_logs_time_step: 30,
      client_id: 'x',
      client_secret: 'x',
    },
    "a config of singer-io's connector": {
      access_token: 'x',
      start_date: '2017-01-01T00:00:00Z',
      user_agent: 'tap-intercom <api_user_email@example.com>',
      request_timeout: 300,
    },
    'unknown keys': { access_token: 'x', _comment: 'mine', page_size: 50 },
    'all defaults': Object.fromEntries(
      options.map(([key, option]) => [key, option.default ?? option.examples?.[0] ?? 'x']),
    ),
  };
}

function* walk(node: unknown, path: readonly string[]): Generator<[path: readonly string[], node: object]> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield [path, node];
  for (const [key, value] of Object.entries(node)) yield* walk(value, [...path, key]);
}

function hasPattern(option: Option): option is Option & { readonly pattern: string } {
  return option.pattern !== undefined;
}
