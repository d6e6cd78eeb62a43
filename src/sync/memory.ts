import { hash } from 'node:crypto';
import { isObject, type JsonObject } from '../core/json.ts';

/** A row that went out: what it was, when it had changed, and how it looked. */
export interface Sent {
  readonly id: string;
  /** Unix seconds. */
  readonly value: number;
  readonly digest: string;
}

/**
 * The rows at or after a stream's saved cursor that already went out, so that the next read, which begins at that cursor, sends
 * them again only if they changed. Forgetting one costs a repeat, never a row.
 */
export class Memory {
  readonly #sent = new Map<string, Sent>();

  /** @param state - A stream's state as {@link write} left it; anything else is taken for no memory */
  static read(state: JsonObject, cursor: number): Memory {
    const memory = new Memory();
    const stored = state['sent'];
    if (!isObject(stored)) return memory;
    for (const [id, entry] of Object.entries(stored)) {
      const [, offset, digest] = /^(-?\d+)\.(.+)$/.exec(String(entry)) ?? [];
      if (digest !== undefined) memory.add({ id, value: cursor + Number(offset), digest });
    }
    return memory;
  }

  has(id: string, value: number, digest: () => string): boolean {
    const known = this.#sent.get(keyOf(id));
    return known?.value === value && known.digest === digest();
  }

  add(sent: Sent): void {
    const id = keyOf(sent.id);
    this.#sent.set(id, { ...sent, id });
  }

  /** What to save with a cursor: every row at or after it, as far as there is room. */
  write(cursor: number): JsonObject {
    let room = MAX_BYTES;
    const entries: [string, string][] = [];
    for (const { id, value, digest } of this.#sent.values()) {
      if (value < cursor) {
        this.#sent.delete(id);
        continue;
      }
      const entry = `${String(value - cursor)}.${digest}`;
      room -= Buffer.byteLength(JSON.stringify(id)) + entry.length + 4;
      if (room > 0) entries.push([id, entry]);
    }
    return Object.fromEntries(entries);
  }
}

/** An id as it is kept: as it is, unless it is long, or holds what does not come through a state unchanged. */
function keyOf(id: string): string {
  return PLAIN.test(id) ? id : hash('sha256', id, 'base64url').slice(0, 22);
}

/**
 * How a record looks: 66 bits, so that a second change within one second is told from the first. The signatures of links to files
 * do not count: they are new in every answer.
 */
export function digestOf(record: object): string {
  return hash('sha256', JSON.stringify(record).replace(SIGNATURES, ''), 'base64url').slice(0, 11);
}

/** The query of a link that expires. */
const SIGNATURES = /\?[^"\s?]*\b(?:expires|signature|x-amz-\w+)=[^"\s]*/gi;
/** Nothing that is invisible, or half a letter. */
const PLAIN = /^[^\p{C}\u2028\u2029]{0,200}$/u;
/** Less than the 16 KB that a stream's state may have, for the rest of it. */
const MAX_BYTES = 15_000;
