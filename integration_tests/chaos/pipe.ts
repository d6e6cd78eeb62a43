import { Writable } from 'node:stream';
import type { Clock } from '../../src/index.ts';

export interface PipeOptions {
  readonly clock: Clock;
  /** Milliseconds that the reader takes for what comes at once. */
  readonly pace: () => number;
  /** Called with each whole line, at the moment at which it is out; false: it was the last. */
  readonly onLine: (line: string) => boolean;
  /** How it ends after the last line: the writer is told, or is no more. */
  readonly end: 'told' | 'silent';
  /** How much of a line gets out after the last whole one, of 1. */
  readonly scrap: number;
}

/** The reader's side of a program's stdout. What has not been written when the program is killed has never been. */
export class Pipe extends Writable {
  readonly #options: PipeOptions;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #rest = '';
  #isCut = false;

  constructor(options: PipeOptions) {
    super({ decodeStrings: true });
    this.#options = options;
  }

  /** What came of a line without its end. */
  get rest(): string {
    return this.#rest;
  }

  /** The reader goes, or is told nothing more. */
  cut(): void {
    this.#isCut = true;
    this.#rest = '';
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const { clock, pace, end } = this.#options;
    if (!this.#isCut) this.#take(chunk);
    if (this.#isCut) {
      if (end === 'told') done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return;
    }
    const milliseconds = pace();
    if (milliseconds === 0) done();
    else
      clock.sleep(milliseconds).then(
        () => {
          done();
        },
        () => undefined,
      );
  }

  #take(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const [index, line] of lines.entries()) {
      if (this.#options.onLine(line)) continue;
      const next = lines[index + 1] ?? this.#rest;
      this.#rest = next.slice(0, Math.floor(next.length * this.#options.scrap));
      this.#isCut = true;
      return;
    }
  }
}
