import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { check, read, startRead, wordsOf } from '../support/commands.ts';
import { startConnector } from '../support/connector.ts';
import type { JsonObject, Run } from '../support/run.ts';
import { always, deadPort, serve } from '../support/scripted-server.ts';
import { startWorkspace } from '../support/workspace.ts';

/** What takes the connector its full patience, all of it at once. */
interface Slow {
  readonly refused: Run;
  readonly refusedCheck: Run;
  readonly down: Run;
  readonly passing: Run;
  readonly unknownHost: Run;
  readonly stalled: { readonly run: Run; readonly milliseconds: number };
}

let simulator: Simulator;
let config: JsonObject;
let slow: Slow;
const catalog = configure(['contacts'], 'full_refresh');
/** Pauses between attempts are a random share of a bound that doubles; this makes the share small. */
const env = { NODE_OPTIONS: '--import=data:text/javascript,Math.random=()=>0.05' };

beforeAll(async () => {
  simulator = await startWorkspace({ sizes: { contacts: 300 } });
  config = { access_token: simulator.token };
  const nobody = `http://127.0.0.1:${await deadPort()}`;
  const down = await serve(
    always(503, '{"type":"error.list","errors":[{"code":"service_unavailable","message":"Sorry"}]}'),
  );
  simulator.trouble.add({ match: { route: 'GET /me', times: 1 }, effect: { kind: 'reset' } });
  simulator.trouble.add({ match: { route: 'POST /contacts/search', times: 1 }, effect: { kind: 'html', status: 502 } });
  simulator.trouble.add({ match: { route: 'POST /contacts/search', nth: 2, times: 1 }, effect: { kind: 'truncate' } });
  simulator.trouble.add({
    match: { route: 'POST /contacts/search', nth: 3, times: 1 },
    effect: { kind: 'resetMidBody' },
  });
  const [refused, refusedCheck, downRun, passing, unknownHost, stalled] = await Promise.all([
    read({ config, catalog }, { api: nobody, env }),
    check(config, { api: nobody, env }),
    check(config, { api: down.url, env }),
    read({ config, catalog }, { api: simulator.url, env }),
    startConnector(wordsOf('check', { config }), { api: 'https://no-such-host.invalid', env }).ended,
    stalledRead(),
  ]);
  slow = { refused, refusedCheck, down: downRun, passing, unknownHost, stalled };
  await down.close();
});

afterAll(async () => {
  await simulator.close();
});

/** A read whose output nobody takes, and that is asked to end. */
async function stalledRead(): Promise<Slow['stalled']> {
  const large = await startWorkspace({ sizes: { contacts: 1_000 } });
  let begun = (): void => undefined;
  const asked = new Promise<void>((resolve) => (begun = resolve));
  large.onRequest = ({ route }) => {
    if (route === 'POST /contacts/search') begun();
  };
  const running = startRead(
    { config, catalog },
    {
      api: large.url,
      cut: true,
      reader: async (stdout, process) => {
        await once(process, 'exit');
        let text = '';
        for await (const chunk of stdout) text += (chunk as Buffer).toString();
        return text.replace(/[^\n]*$/, '');
      },
    },
  );
  await asked;
  const sentAt = Date.now();
  running.process.kill('SIGTERM');
  const run = await running.ended;
  await large.close();
  return { run, milliseconds: run.endedAt - sentAt };
}

test('#71 #130 a refused connection is a passing error, after all attempts', () => {
  for (const run of [slow.refused, slow.refusedCheck]) {
    expect([run.exitCode, run.connectionStatuses]).toEqual([1, []]);
    expect(run.complaints[0]).toMatch(
      /^transient_error: Checking the access token: no answer from Intercom .*ECONNREFUSED.*after 6 attempts.*Check the network/,
    );
  }
  expect(slow.refused.statuses('contacts').at(-1)).toBe('INCOMPLETE');
  expect(slow.refusedCheck.counts).toEqual({ ERROR: 1, LOG: 5 });
  expect(slow.refusedCheck.logs('INFO').join('\n')).toMatch(/^(.*no answer came; trying again in [\d.]+ s\.\n?){5}$/);
});

test('#71 a name that is not known is a passing error', () => {
  expect([slow.unknownHost.exitCode, slow.unknownHost.counts]).toEqual([1, { ERROR: 1, LOG: 5 }]);
  expect(slow.unknownHost.complaints[0]).toMatch(/^transient_error: .*no answer from Intercom .*Check the network/);
});

test('#71 a server that stays down is given up', () => {
  expect([slow.down.exitCode, slow.down.counts]).toEqual([1, { ERROR: 1, LOG: 5 }]);
  expect(slow.down.complaints[0]).toMatch(/^transient_error: .*503 service_unavailable, "Sorry".*after 6 attempts/);
});

test('what passes is tried again, and said', () => {
  expect([slow.passing.exitCode, slow.passing.errors(), slow.passing.rows('contacts').length]).toEqual([0, [], 300]);
  expect(slow.passing.logs('INFO').join('\n')).toMatch(/trying again/);
});

test('#23 SIGTERM ends a read although nobody takes its output', () => {
  const { run, milliseconds } = slow.stalled;
  expect(run.signal).toBe('SIGTERM');
  expect(milliseconds).toBeLessThan(10_000);
});
