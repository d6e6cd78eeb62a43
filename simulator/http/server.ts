import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { headerOf, type Asked, type Reply } from './service.ts';

/** The HTTP face of the simulator. */
export class ApiServer {
  private readonly reply: (asked: Asked) => Reply;
  /** Whether clients may get compressed answers. */
  private readonly mayCompress: () => boolean;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(reply: (asked: Asked) => Reply, mayCompress: () => boolean) {
    this.reply = reply;
    this.mayCompress = mayCompress;
    this.server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        console.error('The simulator failed:', error);
        response.destroy();
      });
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  /** Listens on the loopback interface; answers the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.server.close(() => {
        resolve();
      }),
    );
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const { method = 'GET', headers } = request;
    const reply = this.reply({ method, url, headers, text: await bodyOf(request) });
    if (reply.delay > 0) await sleep(reply.delay);
    if (reply.cut === 'hang') return;
    if (reply.cut === 'reset' || reply.cut === 'refuse') {
      request.socket.resetAndDestroy();
      return;
    }
    const accepts = headerOf(headers, 'accept-encoding')?.includes('gzip') ?? false;
    await send(response, reply, accepts && this.mayCompress());
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  if (request.method === 'GET') return '';
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function send(response: ServerResponse, { status, headers, bytes, cut }: Reply, gzip: boolean): Promise<void> {
  const squeeze = gzip && bytes.length > 1024;
  const body = squeeze ? await compress(bytes, { level: 1 }) : bytes;
  response.sendDate = false;
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  if (squeeze) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', body.length);
  response.writeHead(status);
  if (cut === 'resetMidBody') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.resetAndDestroy());
    return;
  }
  response.end(body);
}

const compress = promisify(gzip);
