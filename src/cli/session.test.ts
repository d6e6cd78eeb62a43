import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { parseConfig } from './config.ts';
import { Output } from './output.ts';
import { connect, createSession } from './session.ts';

test('a session keeps to the clock and the network that it is given', async () => {
  const lines: string[] = [];
  const stdout = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const stop = new AbortController();
  const asked: string[] = [];
  const session = createSession(new Output(stdout, () => undefined), stop.signal, {
    dialect: 'airbyte',
    isDebug: false,
    environment: {},
    clock: { now: () => 1_700_000_000_000, sleep: () => Promise.resolve() },
    network: {
      transport: ({ url }) => {
        asked.push(url.href);
        return Promise.resolve({ status: 200, headers: {}, text: '{"type":"admin"}' });
      },
      random: () => 0,
    },
  });
  const api = await connect(parseConfig({ access_token: 'token' }), session);
  const answer = await api.send({ method: 'GET', path: '/me', purpose: 'Asking' }, stop.signal);
  await session.voice.fail({ kind: 'system', message: 'Too bad.', cause: undefined });
  expect(answer).toEqual({ type: 'admin' });
  expect(asked).toEqual(['https://api.intercom.io/me']);
  expect(lines.join('')).toContain('"emitted_at":1700000000000');
});
