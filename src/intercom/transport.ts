import type { Got } from 'got';
import { createAgents } from './agents.ts';
import type { Answer } from './answer.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** For everything from the connection to the last byte. */
  readonly timeoutMilliseconds: number;
  readonly signal: AbortSignal;
}

/** One request, once: the answer with whatever status, a NoAnswer, or the signal's reason. */
export type Transport = (call: Call) => Promise<Answer>;

export type NoAnswerReason = 'timeout' | 'network' | 'certificate' | 'size';

/** No answer came, it was cut off, or it was too large to be taken. Holds nothing of the request, hence no token. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly reason: NoAnswerReason;
  /** Of the system, such as `ECONNRESET`. */
  readonly code: string | undefined;

  constructor(reason: NoAnswerReason, message: string, code?: string) {
    super(message);
    this.reason = reason;
    this.code = code;
  }
}

/**
 * Speaks HTTP. Follows no redirects, repeats nothing.
 *
 * @param mostBytes - Of a body, unpacked; a larger one is not taken, since it would not fit into memory, or into a text
 */
export function createTransport(base: URL, mostBytes = MOST_BYTES): Transport {
  let client: Promise<Got> | undefined;
  return async ({ method, url, headers, body, timeoutMilliseconds, signal }) => {
    client ??= createClient(base);
    const got = await client;
    const tooLarge = new AbortController();
    try {
      const request = got(url, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
        timeout: { request: timeoutMilliseconds },
        responseType: 'buffer',
        signal: AbortSignal.any([signal, tooLarge.signal]),
      });
      void request.on('downloadProgress', ({ transferred }) => {
        if (transferred > mostBytes) tooLarge.abort();
      });
      const { statusCode, headers: received, body: bytes } = await request;
      return {
        status: statusCode,
        headers: received,
        text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw tooLarge.signal.aborted
        ? new NoAnswer('size', `its body has over ${Math.floor(mostBytes / MEGABYTE)} MB`)
        : noAnswer(error);
    }
  };
}

async function createClient(base: URL): Promise<Got> {
  const [{ default: got }, agent] = await Promise.all([import('got'), createAgents(base)]);
  return got.extend({
    agent,
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: true,
  });
}

/** got's own errors hold the request with all its headers, so they go no further than this. */
function noAnswer(error: unknown): NoAnswer {
  const { name, message, code, cause } = error as Error & { code?: string };
  const codes = [code, (cause as { code?: string } | undefined)?.code];
  const own = codes.find((one) => one !== undefined && !one.startsWith('ERR_GOT'));
  if (name === 'TimeoutError') return new NoAnswer('timeout', message, own);
  return new NoAnswer(codes.some(isCertificateCode) ? 'certificate' : 'network', message, own);
}

function isCertificateCode(code: string | undefined): boolean {
  return code !== undefined && /CERT|SIGNATURE|ERR_TLS_CERT|ISSUER/.test(code);
}

const MEGABYTE = 1024 * 1024;
/** A text of Node's holds at most twice that. */
const MOST_BYTES = 256 * MEGABYTE;
