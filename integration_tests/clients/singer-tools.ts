import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/generated/airbyte.ts';
import type { Bench, Client } from './support/client.ts';
import { rowsOf } from './support/connector.ts';
import { run } from './support/process.ts';
import { Expected } from './support/tables.ts';
import { letADayPass, withWorkspace } from './support/workspace.ts';

/**
 * singer-tools' check of what a tap prints. It is given the output: when it starts the tap itself (`--tap`), it does not wait for its own
 * thread that reads it, and fails now and then.
 */
export const singerTools: Client = {
  name: 'singer-tools',
  requirements: ['singer-tools'],
  run: checkTwice,
};

/** All streams, and again, with the state, after the workspace has changed. */
async function checkTwice({ connector, folder, program, env, say }: Bench): Promise<void> {
  await withWorkspace(async (simulator) => {
    const streams = await connector.streams(simulator);
    const expected = new Expected(streams);
    const check = async (state: JsonObject): Promise<JsonObject> => {
      const due = expected.add(rowsOf(streams, await connector.read(simulator, streams)), simulator.world);
      const output = await connector.tap(simulator, state);
      const words = [program('singer-tools', 'singer-check-tap')] as const;
      const { stdout } = await run({ words, cwd: folder, env: env(simulator), stdin: output });
      assert.match(stdout, /^The output is valid\.$/m);
      assert.equal(Number(/(\d+) record messages/.exec(stdout)?.[1]), due, stdout);
      const [summary] = /\d+ messages for \d+ streams/.exec(stdout) ?? [];
      say(`singer-check-tap: the output is valid: ${summary ?? ''}, ${due} of them rows: those that are due`);
      return lastStateIn(output);
    };
    const state = await check({});
    letADayPass(simulator);
    await check(state);
  });
}

function lastStateIn(output: string): JsonObject {
  const line = output.split('\n').findLast((each) => each.startsWith('{"type":"STATE"')) ?? '';
  return (JSON.parse(line) as { readonly value: JsonObject }).value;
}
