import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { run } from './process.ts';

/** A PostgreSQL server of our own, with one database that is empty. */
export interface Postgres {
  readonly port: number;
  readonly password: string;
  /** What psql prints for a script: a line for each row, with nothing around it. */
  readonly psql: (script: string) => Promise<string>;
}

/**
 * Runs a server while it is used, on a free port. It does not outlive this process, however that ends.
 *
 * @throws Error with what the server said, if it does not start
 */
export async function withPostgres(
  user: string,
  database: string,
  use: (postgres: Postgres) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const password = randomUUID();
  const env = { ...process.env, PGUSER: user, PGPASSWORD: password, PGDATABASE: database };
  const server = spawn(SCRIPT, [String(port)], { env, detached: true });
  const closed = once(server, 'close');
  try {
    await said('accepting connections', server.stdout);
    const address = { PGHOST: '127.0.0.1', PGPORT: String(port) };
    const psql = async (script: string): Promise<string> => {
      const words = ['psql', '--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1'] as const;
      const { stdout } = await run({ words, cwd: '/', env: { ...env, ...address }, stdin: script });
      return stdout;
    };
    await use({ port, password, psql });
  } finally {
    server.stdin.end();
    await closed;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits for words. @throws Error with what was said instead */
function said(words: string, output: NodeJS.ReadableStream): Promise<void> {
  let heard = '';
  return new Promise((resolve, reject) => {
    output.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard.includes(words)) resolve();
    });
    output.once('end', () => {
      reject(new Error(`PostgreSQL does not run:\n${heard}`));
    });
  });
}

const SCRIPT = fileURLToPath(new URL('postgres.sh', import.meta.url));
