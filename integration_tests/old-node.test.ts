import { expect, test } from '@jest/globals';
import { runConnector } from './support/connector.ts';

/** Makes Node say that it is an older one. Without blanks: NODE_OPTIONS is split at them. */
const OLD = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})";
const env = { NODE_OPTIONS: `--import=data:text/javascript,${OLD}` };
const complaint = /needs Node 22\.20 or later, and was started with 20\.20\.2/;

test.each(['spec', 'check', 'discover', 'read'])('%s says on stdout that Node is too old', async (command) => {
  const run = await runConnector([command], { env });
  expect([run.exitCode, run.stderr, run.complaints]).toEqual([1, '', [expect.stringMatching(complaint)]]);
});

test('the tap says so on stderr, and keeps stdout empty', async () => {
  const run = await runConnector(['--config', 'ENV'], { env, text: true });
  expect([run.exitCode, run.stdout, run.stderr]).toEqual([1, '', expect.stringMatching(/^CRITICAL /)]);
  expect(run.stderr).toMatch(complaint);
});
