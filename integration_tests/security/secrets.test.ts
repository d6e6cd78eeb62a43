import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { select, discover as discoverTap } from '../singer/support/catalogs.ts';
import { tap } from '../singer/support/tap.ts';
import { configure } from '../support/catalogs.ts';
import { startChild } from '../support/child.ts';
import { check, discover, read, wordsOf } from '../support/commands.ts';
import { batch } from '../support/pool.ts';
import type { Facts } from '../support/run.ts';
import { serve, type ScriptedServer } from '../support/scripted-server.ts';
import { startWorkspace } from '../support/workspace.ts';

/** Like Intercom's: base64 of something that tells as much. */
const PLAIN = 'tok:7f3e9b21_aa11+4c1c/b0b0:1:0?';
const TOKEN = Buffer.from(PLAIN).toString('base64');
const PROXY_PASSWORD = 'proxy-pass-5d1c2e';
const AT_ONCE = { 'retry-after': '700' };

/** Texts that hold the token, and what of them tells it. */
const FORMS: Readonly<Record<string, { readonly text: string; readonly part: string }>> = {
  raw: whole(TOKEN),
  'URL-encoded': whole(encodeURIComponent(TOKEN)),
  'URL-encoded twice': whole(encodeURIComponent(encodeURIComponent(TOKEN))),
  base64: inside(`${TOKEN} and more`),
  'base64 of a header': inside(`Authorization: Bearer ${TOKEN}`),
  'base64 of user and password': inside(`me:${TOKEN}`),
  hexadecimal: whole(Buffer.from(TOKEN).toString('hex')),
  decoded: whole(PLAIN),
};

function whole(text: string): { readonly text: string; readonly part: string } {
  return { text, part: text };
}

function inside(holder: string): { readonly text: string; readonly part: string } {
  const text = Buffer.from(holder).toString('base64');
  const before = Math.ceil((holder.indexOf(TOKEN) * 4) / 3) + 1;
  return { text, part: text.slice(before, before + TOKEN.length) };
}

/** The forms that are in a text, whole or in a part that is long enough to be told from chance. */
function formsIn(text: string): readonly string[] {
  return Object.entries(FORMS)
    .filter(([, { part }]) => text.includes(part.slice(0, PART)) || text.includes(part.slice(-PART)))
    .map(([name]) => name);
}

const PART = 12;

function shownBy(runs: readonly Facts[]): string {
  return runs.map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join('\n');
}

test('the forms are such that a leak would be found', () => {
  for (const [name, { text }] of Object.entries(FORMS)) expect(formsIn(`x ${text} y`)).toContain(name);
  expect(formsIn(`x ${TOKEN.slice(0, PART)}… y`)).toContain('raw');
});

describe('an error that repeats the token', () => {
  /** A server that does; the connection's chunks end inside the token, and so does the part of the message that is shown. */
  function echo(status: number, form: string, before: number): Promise<ScriptedServer> {
    return serve((_request, response) => {
      const message = `${'x'.repeat(before)} ${form}`;
      const body = Buffer.from(JSON.stringify({ request_id: form, errors: [{ code: form, message }] }));
      const border = body.lastIndexOf(form.slice(4)) + 3;
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': form, ...AT_ONCE });
      response.write(body.subarray(0, border));
      setTimeout(() => response.end(body.subarray(border)), 5);
    });
  }

  // src/core/redact.test.ts tries more forms; here are some, as they come through the whole program.
  const cases = [
    ['raw', 400, 285],
    ['URL-encoded', 401, 4],
    ['base64 of a header', 403, 4],
    ['decoded', 503, 285],
  ] as const;
  const config = { access_token: TOKEN, expand: ['custom_attributes'], lead_ids: ['1'] };
  const catalog = configure(['contacts', 'tags', 'leads_by_id'], 'incremental');

  const ran = batch(cases, async ([form, status, before]) => {
    const server = await echo(status, FORMS[form]?.text ?? '', before);
    const api = server.url;
    const tapCatalog = select(await discoverTap({ access_token: TOKEN }), ['contacts', 'tags']);
    const people = (...words: readonly string[]) =>
      startChild('source', [...words, ...wordsOf('', { config }).slice(1)], { api }).ended;
    return await Promise.all([
      check(config, { api, more: ['--debug'] }),
      discover(config, { api, more: ['--debug'] }),
      read({ config, catalog }, { api, more: ['--debug'] }),
      tap({ config, catalog: tapCatalog }, { api, env: { LOG_LEVEL: 'debug' } }),
      tap({ config }, { api, prints: 'document', more: ['--discover'], env: { LOG_LEVEL: 'debug' } }),
      people('preview', 'tags', '--debug'),
    ]).finally(() => server.close());
  });

  test.each([...cases.entries()])('%i: %j', async (index) => {
    const runs = await ran(index);
    expect(formsIn(shownBy(runs))).toEqual([]);
    for (const run of runs) expect(run.stdout + run.stderr).not.toBe('');
    expect(shownBy(runs)).toContain('****');
  });
});

describe('in a workspace', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startWorkspace({ token: TOKEN });
  });

  afterAll(() => simulator.close());

  test('a message of many chunks hides the token at their borders', async () => {
    const config = { access_token: TOKEN, lead_ids: [''] };
    for (const border of [64 * 1024, 128 * 1024]) {
      config.lead_ids = Array.from({ length: 8 }, (_, index) => `${'y'.repeat(border - 400 + 50 * index)}${TOKEN}`);
      const { more, ...rest } = { more: ['--debug'], api: simulator.url };
      const catalog = configure(['leads_by_id'], 'full_refresh');
      const tapCatalog = select(await discoverTap({ access_token: TOKEN }), ['leads_by_id']);
      const runs = [
        await read({ config, catalog }, { more, ...rest }),
        await tap({ config, catalog: tapCatalog }, { ...rest, env: { LOG_LEVEL: 'debug' } }),
      ];
      expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(formsIn(shownBy(runs))).toEqual([]);
      expect(shownBy(runs).length).toBeGreaterThan(16 * (border - 400));
      expect(shownBy(runs).match(/y\*\*\*\*/g)?.length).toBe(16);
    }
  });

  test('neither does anything else show it, nor a password of the proxy', async () => {
    const config = { access_token: TOKEN };
    const env = { HTTP_PROXY: `http://me:${PROXY_PASSWORD}@127.0.0.1:1`, NO_PROXY: '127.0.0.1' };
    const catalog = configure(['contacts', 'tags'], 'incremental');
    const run = await read({ config, catalog }, { api: simulator.url, env, more: ['--debug'] });
    const refused = await check(config, { env: { HTTPS_PROXY: `socks5://me:${PROXY_PASSWORD}@127.0.0.1:1` } });
    expect([run.exitCode, formsIn(shownBy([run, refused]))]).toEqual([0, []]);
    expect(shownBy([run, refused])).not.toContain(PROXY_PASSWORD);
  });
});
