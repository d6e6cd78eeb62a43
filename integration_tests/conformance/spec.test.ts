import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { spec } from '../support/commands.ts';
import type { JsonObject, Run } from '../support/run.ts';

/** A part of the specification, where it stands, and what holds it. */
interface Node {
  readonly path: readonly string[];
  readonly schema: JsonObject;
}

let runs: readonly Run[];
let root: JsonObject;
let nodes: readonly Node[];
/** All but the root. */
let properties: readonly Node[];

beforeAll(async () => {
  runs = await Promise.all([spec(), spec()]);
  root = runs[0]!.specs[0]!.connectionSpecification;
  nodes = [...walk(root, [])];
  properties = nodes.filter(({ path }) => path.at(-2) === 'properties');
});

function* walk(schema: JsonObject, path: readonly string[]): Generator<Node> {
  yield { path, schema };
  for (const [name, each] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonObject>))
    yield* walk(each, [...path, 'properties', name]);
  for (const [index, each] of ((schema['oneOf'] ?? []) as JsonObject[]).entries())
    yield* walk(each, [...path, 'oneOf', String(index)]);
  const { items } = schema;
  if (typeof items === 'object' && items !== null && !Array.isArray(items))
    yield* walk(items as JsonObject, [...path, 'items']);
}

/** Paths of the nodes that pass. */
function where(passes: (schema: JsonObject, node: Node) => boolean, among: readonly Node[] = nodes): readonly string[] {
  return among.filter((node) => passes(node.schema, node)).map(({ path }) => path.join('.'));
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

function isScalar({ type, const: constant }: JsonObject): boolean {
  return constant === undefined && [type].flat().some((each) => ['string', 'integer', 'number'].includes(String(each)));
}

describe('spec', () => {
  test('#39 prints one SPEC', () => {
    expect(runs.map(({ counts, exitCode }) => [counts, exitCode])).toEqual([
      [{ SPEC: 1 }, 0],
      [{ SPEC: 1 }, 0],
    ]);
  });

  test('#40 prints the same each time: spec.json', () => {
    expect(runs[0]!.stdout).toBe(runs[1]!.stdout);
    expect(runs[0]!.specs[0]).toEqual(read('../../spec.json'));
  });

  test('#41 describes the configuration in draft-07', () => {
    expect(new Ajv({ strict: false }).validateSchema(root)).toBe(true);
    expect(root).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
    expect(properties.length).toBeGreaterThan(20);
  });

  test.each(['sample_config', 'invalid_config'])('#42 %s.json fits it', (name) => {
    const config = read(`../${name}.json`) as JsonObject;
    const plain = Object.fromEntries(Object.entries(config).filter(([key]) => !key.startsWith('_')));
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(root);
    validate(plain);
    expect(validate.errors).toBeNull();
  });

  test('#43 has choices that differ', () => {
    const choices = nodes.filter(({ schema }) => Array.isArray(schema['enum']));
    expect(choices.length).toBeGreaterThan(5);
    for (const { schema } of choices)
      expect(new Set(schema['enum'] as unknown[]).size).toBe((schema['enum'] as unknown[]).length);
  });

  test('#44 #45 #46 #47 #57 is flat: no oneOf, and nothing to say how one is drawn', () => {
    expect(where((schema) => 'oneOf' in schema || 'display_type' in schema)).toEqual([]);
  });

  test('#48 #58 uses no keyword that forms cannot draw', () => {
    const refused = [
      'not',
      'anyOf',
      'patternProperties',
      'prefixItems',
      'allOf',
      'if',
      'then',
      'else',
      'dependentSchemas',
      'dependentRequired',
      '$ref',
    ];
    expect(where((schema) => refused.some((keyword) => keyword in schema))).toEqual([]);
    expect(runs[0]!.stdout).not.toContain('"$ref"');
  });

  test('#49 #50 #51 types its options in the ways that forms know', () => {
    expect(where(({ type }) => typeof type !== 'string', properties)).toEqual([]);
    expect(where(({ type }, { path }) => type === 'object' && path.length > 0)).toEqual([]);
    const lists = nodes.filter(({ schema }) => schema['type'] === 'array');
    expect(lists.length).toBeGreaterThan(5);
    for (const { schema } of lists)
      expect(['object', 'string', 'number', 'integer']).toContain((schema['items'] as JsonObject)['type']);
  });

  test('#52 #53 #54 marks credentials as secrets, and nothing else', () => {
    expect(where((schema) => schema['airbyte_secret'] === true)).toEqual([
      'properties.access_token',
      'properties.client_id',
      'properties.client_secret',
    ]);
    const telling = /token|secret|password|key|jwt|credential|client_id|app_?id|certificate/i;
    const names = where((schema, { path }) => telling.test(path.at(-1) ?? '') && isScalar(schema), properties);
    expect(names).toEqual(['properties.access_token', 'properties.client_id', 'properties.client_secret']);
  });

  test('#55 #56 numbers its options', () => {
    const orders = properties.map(({ schema }) => schema['order']);
    expect(orders).toEqual([...orders.keys()]);
    expect(where((schema, { path }) => 'group' in schema && path.length > 2)).toEqual([]);
  });

  test('#59 stays open', () => {
    expect(where((schema) => 'additionalProperties' in schema && schema['additionalProperties'] !== true)).toEqual([]);
  });

  test('#60 has no format whose pattern Airbyte would doubt', () => {
    expect(where((schema) => 'format' in schema)).toEqual([]);
  });

  test('#64 names its protocol and its documentation', () => {
    const { protocol_version: version, documentationUrl } = runs[0]!.specs[0]!;
    expect(version).toMatch(/^0\.\d+\.\d+$/);
    expect(documentationUrl).toMatch(/^https:\/\//);
  });

  test('#65 has defaults and examples that fit, and patterns for every language', () => {
    const ajv = new Ajv({ strict: false });
    const shown = properties.flatMap(({ path, schema }) => {
      const examples = (schema['examples'] ?? []) as unknown[];
      return [...examples, ...('default' in schema ? [schema['default']] : [])].map((value) => ({
        path,
        schema,
        value,
      }));
    });
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter(({ schema, value }) => !ajv.validate(schema, value)).map(({ path }) => path.join('.'))).toEqual(
      [],
    );
    const patterns = nodes.flatMap(({ schema }) => ('pattern' in schema ? [String(schema['pattern'])] : []));
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) {
      expect(() => new RegExp(pattern, 'u')).not.toThrow();
      expect(pattern).not.toMatch(/\\p|\(\?/);
    }
  });

  test('#66 explains every option', () => {
    expect(
      where(
        ({ title, description }) => [title, description].some((text) => typeof text !== 'string' || text === ''),
        properties,
      ),
    ).toEqual([]);
  });
});
