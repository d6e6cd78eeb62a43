import type { Writable } from 'node:stream';

/** The only way to stdout: whole lines, no faster than they are read. */
export class Output {
  readonly #stream: Writable;
  readonly #closed: (error: Error) => void;
  #isClosed = false;
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

  /** Writes whole lines; resolves when there is room for more. */
  async write(lines: string): Promise<void> {
    if (lines === '' || this.#isClosed) return;
    if (!this.#stream.write(lines)) this.#drained ??= this.#nextDrain();
    await this.#drained;
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
