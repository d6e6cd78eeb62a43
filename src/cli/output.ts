import type { Writable } from 'node:stream';

/** The only way to stdout: whole lines, no faster than they are read. */
export class Output {
  readonly #stream: Writable;
  readonly #closed: (error: Error) => void;
  #isClosed = false;
  #isSealed = false;
  #drained: Promise<void> | undefined;

  /** @param closed - Called once when nobody reads any more */
  constructor(stream: Writable, closed: (error: Error) => void) {
    this.#stream = stream;
    this.#closed = closed;
    stream.on('error', (error) => {
      this.#close(error);
    });
    stream.on('close', () => {
      this.#close(new Error('The reader of the output has gone.'));
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Writes whole lines, each ended by a newline; resolves when there is room for more. */
  async write(lines: string | readonly string[]): Promise<void> {
    for (const chunk of typeof lines === 'string' ? [lines] : chunks(lines)) this.#send(chunk);
    await this.#drained;
  }

  #send(chunk: string | Uint8Array): void {
    if (chunk.length === 0 || this.#isClosed || this.#isSealed) return;
    if (!this.#stream.write(chunk)) this.#drained ??= this.#nextDrain();
  }

  /** Nothing more is written; what was, still arrives. */
  seal(): void {
    this.#isSealed = true;
  }

  /** Resolves when everything written has left the process, or nobody reads it. */
  async flush(): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.once('error', () => {
        resolve();
      });
      this.#stream.write('', () => {
        resolve();
      });
    });
  }

  #nextDrain(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done).off('close', done).off('error', done);
        this.#drained = undefined;
        resolve();
      };
      this.#stream.once('drain', done).once('close', done).once('error', done);
    });
  }

  #close(error: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closed(error);
  }
}

/** Lines as bytes, some at a time: a line by itself becomes bytes much faster than as part of a long text. */
function* chunks(lines: readonly string[]): Generator<Uint8Array> {
  let chunk = Buffer.allocUnsafe(CHUNK);
  let used = 0;
  for (const line of lines) {
    const most = line.length * MOST_BYTES_PER_UNIT;
    if (used > 0 && used + most > CHUNK) {
      yield chunk.subarray(0, used);
      chunk = Buffer.allocUnsafe(CHUNK);
      used = 0;
    }
    if (most > CHUNK) yield Buffer.from(line);
    else used += chunk.write(line, used);
  }
  yield chunk.subarray(0, used);
}

/** Bytes; as many as a pipe takes at once. */
const CHUNK = 64 * 1024;
/** UTF-8 needs at most three for a unit of UTF-16. */
const MOST_BYTES_PER_UNIT = 3;
