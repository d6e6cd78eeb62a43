import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { resolveBaseUrl } from '../../src/index.ts';
import { suggested } from '../../src/streams/index.ts';
import { discover, spec } from '../support/commands.ts';

interface Metadata {
  readonly definitionId: string;
  readonly dockerRepository: string;
  readonly documentationUrl: string;
  readonly license: string;
  readonly icon: string;
  readonly name: string;
  readonly allowedHosts: { readonly hosts: readonly string[] };
  readonly suggestedStreams: { readonly streams: readonly string[] };
}

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const metadata = parse(text('metadata.yaml')) as { readonly metadataSpecVersion: string; readonly data: Metadata };
const { data } = metadata;

describe('metadata.yaml', () => {
  let offered: readonly string[];

  beforeAll(async () => {
    const run = await discover({ access_token: 'none' });
    offered = run.catalogs.flatMap(({ streams }) => streams.map(({ name }) => name));
  });

  test('#148 has the shape that Airbyte demands', () => {
    const ajv = new Ajv({ allErrors: true });
    formats.default(ajv);
    const validate = ajv.compile(SHAPE);
    expect([validate(metadata), validate.errors]).toEqual([true, null]);
  });

  test('#148 does not take the place of another connector', () => {
    expect(data.definitionId).not.toBe(OF_AIRBYTES_OWN);
    expect(data.dockerRepository).not.toMatch(/^airbyte\//);
  });

  test('#148 says the same as package.json and the specification', async () => {
    const [specification] = (await spec()).specs;
    const repository = specification!.documentationUrl.replace(/#.*$/, '');
    expect(data.license).toBe((JSON.parse(text('package.json')) as { readonly license: string }).license);
    expect(data.documentationUrl.startsWith(`${repository}/`)).toBe(true);
    expect(`https://github.com/${data.dockerRepository.replace('ghcr.io/', '')}`).toBe(repository);
  });

  test('#148 allows the hosts that the connector speaks to, and no others', () => {
    const hosts = (['us', 'eu', 'au'] as const).map((region) => resolveBaseUrl(region).host);
    expect(data.allowedHosts.hosts).toEqual(hosts);
  });

  test('#148 suggests the streams that the tap selects, each once', () => {
    const { streams } = data.suggestedStreams;
    expect(streams.toSorted()).toEqual(suggested.map(({ name }) => name).toSorted());
    expect(streams.filter((name) => !offered.includes(name))).toEqual([]);
    expect(new Set(streams).size).toBe(streams.length);
  });

  test('#148 has a square icon', () => {
    const [, width, height] = /<svg[^>]*viewBox="0 0 (\d+) (\d+)"/.exec(text(data.icon)) ?? [];
    expect(width).toBeDefined();
    expect(height).toBe(width);
  });
});

describe('the page for Airbyte', () => {
  const page = text(data.documentationUrl.replace(/^.*\/blob\/main\//, ''));
  const headings = [...page.matchAll(/^#{1,4} (.+)$/gm)].map(([, heading = '']) => heading);

  test('#149 has the headings that Airbyte demands, in its order', () => {
    const demanded = [
      data.name,
      'Prerequisites',
      'Setup guide',
      `Set up ${data.name}`,
      'Supported sync modes',
      'Supported Streams',
      'Changelog',
    ];
    expect(headings.filter((heading) => demanded.includes(heading))).toEqual(demanded);
  });

  test('#149 names what is required among the prerequisites', async () => {
    const [specification] = (await spec()).specs;
    const { required, properties } = specification!.connectionSpecification as {
      readonly required: readonly string[];
      readonly properties: Readonly<Record<string, { readonly title: string }>>;
    };
    const prerequisites = page.split('## Prerequisites')[1]?.split('\n## ')[0]?.toLowerCase() ?? '';
    expect(required.filter((key) => !prerequisites.includes(properties[key]!.title.toLowerCase()))).toEqual([]);
  });
});

/** The connector that Airbyte's own registry has under the same name. */
const OF_AIRBYTES_OWN = 'd8313939-3782-41b0-be29-b3ca20d8dd3a';

const url = { type: 'string', format: 'uri', pattern: '^https://' };
const words = (...of: readonly string[]) => ({ enum: of });
const object = (properties: Readonly<Record<string, unknown>>, required = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const list = (items: unknown) => ({ type: 'array', items });
const names = list({ type: 'string', minLength: 1 });

/** What Airbyte's schema of metadata.yaml says of the keys that are used here. */
const SHAPE = object({
  metadataSpecVersion: words('1.0'),
  data: object({
    name: { type: 'string' },
    definitionId: { type: 'string', format: 'uuid' },
    connectorType: words('source'),
    connectorSubtype: words('api'),
    dockerRepository: { type: 'string', pattern: '^[a-z0-9./-]+$' },
    dockerImageTag: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
    githubIssueLabel: words('source-intercom'),
    documentationUrl: url,
    externalDocumentationUrls: list(
      object({
        title: { type: 'string' },
        url,
        type: words('api_reference', 'permissions_scopes', 'rate_limits', 'status_page'),
      }),
    ),
    license: { type: 'string' },
    icon: { type: 'string', pattern: '\\.svg$' },
    releaseStage: words('alpha', 'beta', 'generally_available', 'custom'),
    supportLevel: words('community'),
    tags: {
      type: 'array',
      items: { type: 'string', pattern: '^\\w+:\\w+$' },
      contains: { type: 'string', pattern: '^language:' },
    },
    ab_internal: object({ sl: { enum: [0, 100, 200, 300] }, ql: { enum: [0, 100, 200, 300, 400, 500, 600] } }),
    registryOverrides: object({
      oss: object({ enabled: { type: 'boolean' } }),
      cloud: object({ enabled: { type: 'boolean' } }),
    }),
    allowedHosts: object({ hosts: names }),
    suggestedStreams: object({ streams: names }),
    maxSecondsBetweenMessages: { type: 'integer', minimum: 1 },
    connectorTestSuitesOptions: list(object({ suite: words('unitTests', 'integrationTests', 'acceptanceTests') })),
  }),
});
