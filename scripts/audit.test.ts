import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('audit.ts', import.meta.url));
const root = fileURLToPath(new URL('../', import.meta.url));

let registry: Server;
afterEach(async () => {
  registry.closeAllConnections();
  await new Promise((resolve) => registry.close(resolve));
});

/** Runs the script with a registry that answers so. */
async function audit(status: number, body: string): Promise<{ readonly code: number; readonly stdout: string }> {
  registry = createServer(({ url }, response) => {
    if (url?.endsWith('/advisories/bulk') === true) response.writeHead(status).end(body);
    else response.writeHead(404).end('{}');
  }).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const { port } = registry.address() as AddressInfo;
  const env = { ...process.env, npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_fetch_retries: '0' };
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { cwd: root, env }, (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), stdout });
    });
  });
}

function advisory(name: string): string {
  const about = { id: 1, url: 'https://example.com/1', title: 'Lets anyone in', severity: 'high' };
  return JSON.stringify({ [name]: [{ ...about, vulnerable_versions: '*', cwe: [], cvss: { score: 9 } }] });
}

describe('an audit', () => {
  test('succeeds where the registry knows of nothing', async () => {
    expect(await audit(200, '{}')).toEqual({
      code: 0,
      stdout: 'What ships has 0 vulnerable packages; what it is built and tested with has 0 vulnerable packages.\n',
    });
  });

  test('fails over a package that ships, and names it', async () => {
    const { code, stdout } = await audit(200, advisory('yargs'));
    expect([code, stdout]).toEqual([1, expect.stringContaining('high: yargs (Lets anyone in, https://example.com/1)')]);
  });

  test('names a package that does not ship, and succeeds', async () => {
    const { code, stdout } = await audit(200, advisory('prettier'));
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^What ships has 0 .* 2 vulnerable packages\.\n.*\n  high: prettier \(Lets/),
    ]);
  });

  test.each([
    [405, ''],
    [404, '{}'],
    [500, '{}'],
    [200, 'no JSON'],
  ])(
    'says loudly that nothing was checked where the registry answers %i %j, and is no success',
    async (status, body) => {
      const { code, stdout } = await audit(status, body);
      expect([code, stdout]).toEqual([69, expect.stringMatching(/^NOTHING WAS CHECKED: /)]);
    },
  );
});
