import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { problemOfNode } from './start.ts';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly engines: { readonly node: string };
};
const least = engines.node.replace('>=', '');

test.each([`${least}.0`, '22.21.1', '24.0.0', '100.1.0'])('Node %s will do', (version) => {
  expect(problemOfNode(version)).toBeUndefined();
});

test.each(['22.19.5', '20.20.2', '18.20.8', '9.0.0'])(
  'Node %s will not do, and the message says which will',
  (version) => {
    expect(problemOfNode(version)).toMatch(`needs Node ${least} or later, and was started with ${version}.`);
  },
);
