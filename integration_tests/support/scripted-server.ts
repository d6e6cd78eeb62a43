import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** An HTTP server that answers as a test says. */
export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  /** Method and path of each request so far; for CONNECT the host. */
  readonly requests: string[];
  close(): Promise<void>;
}

/**
 * Listens on the loopback interface. A request for a tunnel (CONNECT) is noted, and refused.
 *
 * @param tunnel - Called when somebody asks for a tunnel
 */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  tunnel: () => void = () => undefined,
): Promise<ScriptedServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answer(request, response);
  };
  const server = createServer(listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined); // whoever asked may go away
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, socket) => {
    requests.push(`CONNECT ${request.url ?? ''}`);
    tunnel();
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port of this machine at which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = await serve(() => undefined);
  await server.close();
  return server.port;
}

/** Answers every request with the same thing. */
export function always(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}
