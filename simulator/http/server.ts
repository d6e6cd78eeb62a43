import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { altered, replacement } from '../effects.ts';
import type { Json } from '../json.ts';
import { at } from '../json.ts';
import type { Rule, Trouble } from '../trouble.ts';
import { uuid } from '../world/ids.ts';
import { checkRights, checkVersion, grantOf, hasScope } from './access.ts';
import { bytesOf, jsonAnswer, type Answer } from './answer.ts';
import { ApiError, errorBody } from './errors.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { Route, Router, Services } from './router.ts';

/** One request as the log keeps it. */
export interface RequestEntry {
  /** Simulated unix seconds. */
  readonly at: number;
  readonly method: string;
  /** The path, ids included. */
  readonly path: string;
  /** E.g. `GET /contacts/{id}`. */
  readonly route: string;
  readonly query: Record<string, string>;
  readonly body: Json | undefined;
  /** 0 while there is none, and for good when the connection was cut. */
  status: number;
}

export interface ServerParts {
  readonly services: Services;
  readonly router: Router;
  readonly trouble: Trouble;
  readonly limiter: RateLimiter;
  readonly token: string;
  /** Milliseconds added to each answer. */
  readonly latency: () => number;
  readonly onAnswer: (entry: RequestEntry) => void;
  /** Answers paths under `/_simulator`. */
  readonly control: (method: string, url: URL, body: Json | undefined) => Answer;
}

/** The HTTP face of the simulator. */
export class ApiServer {
  private readonly parts: ServerParts;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private requests = 0;

  constructor(parts: ServerParts) {
    this.parts = parts;
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
    const text = await bodyOf(request);
    const body = parsed(text);
    if (url.pathname.startsWith('/_simulator/')) {
      const answer = this.control(request.method ?? 'GET', url, body);
      await send(response, { ...answer, bytes: bytesOf(answer) }, { gzip: false });
      return;
    }
    const { trouble, services, limiter, router, latency } = this.parts;
    const matched = router.match(request.method ?? 'GET', url.pathname);
    const entry = entryOf(request.method ?? 'GET', url, body, matched?.route, services.clock.now());
    const requestId = uuid(3, 3, this.requests++);
    const allowance = limiter.take();
    const struck = trouble.strike({ route: entry.route, path: url.pathname, perPage: perPageAskedFor(entry) });
    const effects = struck.map(({ rule }) => rule.effect);
    const cut = effects.find(({ kind }) => kind === 'reset' || kind === 'hang' || kind === 'resetMidBody');
    let answer: Answer;
    if (cut && cut.kind !== 'resetMidBody') answer = jsonAnswer(0, null);
    else if (!allowance.allowed)
      answer = jsonAnswer(429, errorBody(requestId, 'rate_limit_exceeded', allowance.message));
    else answer = this.answer({ request, url, body, text, matched, requestId, struck });
    answer = struck.reduce((changed, rule) => altered(changed, rule, { path: url.pathname, body }), answer);
    const bytes = bytesOf(answer);
    entry.status = cut ? 0 : answer.status;
    this.parts.onAnswer(entry);
    await pause(latency() + effects.reduce((sum, effect) => sum + delayOf(effect, entry), 0));
    if (cut?.kind === 'hang') return;
    if (cut?.kind === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const headers = this.headers(requestId, allowance.headers, effects);
    await send(
      response,
      { status: answer.status, headers: { ...headers, ...answer.headers }, bytes },
      { gzip: services.quirks.gzip && acceptsGzip(request), resetMidBody: cut !== undefined },
    );
  }

  private answer({ request, url, body, text, matched, requestId, struck }: Asked): Answer {
    const { services, trouble, token } = this.parts;
    try {
      for (const { rule } of struck) {
        const instead = replacement(rule.effect, requestId, services.clock.now());
        if (instead) return instead;
        if (rule.effect.kind === 'scroll') strikeScroll(services, rule.effect.how);
      }
      const grant = grantOf(request.headers.authorization, token, trouble);
      checkVersion(headerOf(request, 'intercom-version'), matched?.route, services.quirks.defaultVersion);
      if (!matched) throw new ApiError(404, 'not_found', 'Resource Not Found');
      const may = (scope: string): boolean => hasScope(grant, trouble, scope);
      checkRights(matched.route, may, trouble);
      if (text !== '' && body === undefined) throw new ApiError(400, 'parameter_invalid', 'Malformed JSON');
      return jsonAnswer(200, matched.route.handle({ url, params: matched.params, body, may }, services));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return jsonAnswer(error.status, errorBody(requestId, error.code, error.message, error.field), error.headers);
    }
  }

  private control(method: string, url: URL, body: Json | undefined): Answer {
    try {
      return this.parts.control(method, url, body);
    } catch (error) {
      return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  private headers(
    requestId: string,
    limits: Record<string, string>,
    effects: readonly { kind: string; seconds?: number }[],
  ): Record<string, string> {
    const skew = effects.reduce((sum, effect) => sum + (effect.kind === 'dateSkew' ? (effect.seconds ?? 0) : 0), 0);
    return {
      Date: new Date((this.parts.services.clock.now() + skew) * 1000).toUTCString(),
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'max-age=0, private, must-revalidate',
      'X-Request-Id': requestId,
      'X-Intercom-Version': '0f3c1d2b4a5968778695a4b3c2d1e0f001122334',
      'X-Runtime': '0.042',
      ...(effects.some(({ kind }) => kind === 'noRateLimitHeaders') ? {} : limits),
      ...(effects.some(({ kind }) => kind === 'nothingRemaining') ? { 'X-RateLimit-Remaining': '0' } : {}),
    };
  }
}

interface Asked {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: Json | undefined;
  readonly text: string;
  readonly matched: { route: Route; params: Record<string, string> } | undefined;
  readonly requestId: string;
  readonly struck: readonly Rule[];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  if (request.method === 'GET') return '';
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): Json | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function entryOf(
  method: string,
  url: URL,
  body: Json | undefined,
  route: Route | undefined,
  now: number,
): RequestEntry {
  const name = route ? `${route.method} ${route.path}` : `${method} ${url.pathname}`;
  return {
    at: now,
    method,
    path: url.pathname,
    route: name,
    query: Object.fromEntries(url.searchParams),
    body,
    status: 0,
  };
}

function perPageAskedFor({ query, body }: RequestEntry): number | undefined {
  const asked = query['per_page'] ?? at(body, 'pagination.per_page') ?? at(body, 'per_page');
  return asked === undefined ? undefined : Number(asked);
}

function delayOf(effect: Rule['rule']['effect'], entry: RequestEntry): number {
  if (effect.kind === 'delay') return effect.ms;
  if (effect.kind === 'slow') return Math.max(0, (perPageAskedFor(entry) ?? 0) - effect.perPageAbove) * effect.msPerRow;
  return 0;
}

async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds);
}

function strikeScroll({ scroll }: Services, how: 'restart' | 'expire' | 'repeat'): void {
  if (how === 'repeat') scroll.repeat();
  else scroll.expire();
  if (how === 'restart')
    throw new ApiError(
      500,
      'server_error',
      'Request failed due to an internal network error. Please restart the scroll operation.',
    );
  if (how === 'expire') throw new ApiError(404, 'not_found', 'scroll parameter not found');
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function acceptsGzip(request: IncomingMessage): boolean {
  return headerOf(request, 'accept-encoding')?.includes('gzip') ?? false;
}

async function send(
  response: ServerResponse,
  answer: Pick<Answer, 'status' | 'headers'> & { bytes: Buffer },
  how: { gzip: boolean; resetMidBody?: boolean },
): Promise<void> {
  const squeeze = how.gzip && answer.bytes.length > 1024;
  const bytes = squeeze ? await compress(answer.bytes, { level: 1 }) : answer.bytes;
  response.sendDate = false;
  for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) response.setHeader(name, value);
  if (squeeze) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', bytes.length);
  response.writeHead(answer.status);
  if (how.resetMidBody) {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.resetAndDestroy());
    return;
  }
  response.end(bytes);
}

const compress = promisify(gzip);
