import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { pages } from '../scripts/pages.ts';
import { check } from './support/commands.ts';
import { runConnector } from './support/connector.ts';
import { serve } from './support/scripted-server.ts';

const text = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const { version } = JSON.parse(text('package.json')) as { readonly version: string };

/** Where the version of package.json must come back, and how it is found there. */
const places: readonly (readonly [place: string, find: () => unknown])[] = [
  ['package-lock.json', () => (JSON.parse(text('package-lock.json')) as { readonly version: string }).version],
  ['metadata.yaml', () => at(parse(text('metadata.yaml')), 'data', 'dockerImageTag')],
  ['the label of the image', () => label('io.airbyte.version')],
  ['the open label of the image', () => label('org.opencontainers.image.version')],
  ['CHANGELOG.md', () => /^## \[?(\d+\.\d+\.\d+)/m.exec(text('CHANGELOG.md'))?.[1]],
  ['every image and package in the documents', () => [...new Set(pages().flatMap(versionsIn))].join()],
  ['--version', async () => (await runConnector(['--version'], { text: true })).stdout.trim()],
  ['the User-Agent', async () => (await userAgent()).replace(/^source-intercom\//, '')],
];

test.each(places)('%s has the version of package.json', async (_, find) => {
  expect(await find()).toBe(version);
});

test('the version is a release: three numbers', () => {
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the image has the Node that the tests run on', () => {
  const { devDependencies } = JSON.parse(text('package.json')) as {
    readonly devDependencies: { readonly node: string };
  };
  expect(/^ARG NODE_VERSION=(.+)$/m.exec(text('Dockerfile'))?.[1]).toBe(devDependencies.node);
});

/** The versions that a page gives our image or package. */
function versionsIn(page: string): readonly string[] {
  return [...text(page).matchAll(/source-intercom[:@](\d[\w.-]*\w)/g)].map(([, named = '']) => named);
}

function label(name: string): string | undefined {
  return new RegExp(`${name.replaceAll('.', '\\.')}="([^"]+)"`).exec(text('Dockerfile'))?.[1];
}

async function userAgent(): Promise<string> {
  let agent = '';
  const server = await serve((request, response) => {
    agent = request.headers['user-agent'] ?? '';
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end('{"type":"error.list","errors":[{"code":"unauthorized","message":"Access Token Invalid"}]}');
  });
  await check({ access_token: 'none' }, { api: server.url });
  await server.close();
  return agent;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Readonly<Record<string, unknown>>)[key], value);
}
