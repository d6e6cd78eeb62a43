import { isObject, type Json, type JsonObject } from '../json.ts';

/** An answer before it goes out: JSON or text. A header of undefined is left out, also where the server would add it. */
export interface Answer {
  readonly status: number;
  readonly content: { readonly json: Json } | { readonly text: string };
  readonly headers: Record<string, string | undefined>;
}

export function jsonAnswer(status: number, json: Json, headers: Record<string, string> = {}): Answer {
  return { status, content: { json }, headers };
}

export function textAnswer(status: number, text: string, headers: Record<string, string> = {}): Answer {
  return { status, content: { text }, headers };
}

export function textOfAnswer({ content }: Answer): string {
  return 'text' in content ? content.text : JSON.stringify(content.json);
}

/** The body in UTF-8. */
export function bytesOf({ content }: Answer): Buffer {
  if ('text' in content) return Buffer.from(content.text);
  return isObject(content.json) ? new Encoder().list(content.json) : Buffer.from(JSON.stringify(content.json));
}

/**
 * Writes row by row: one long text with a single letter beyond Latin-1 would take twice the memory and more than twice
 * the time.
 */
class Encoder {
  private position = 0;

  list(body: JsonObject): Buffer {
    let before = '{';
    for (const [key, value] of Object.entries(body)) {
      this.write(`${before}${JSON.stringify(key)}:`);
      if (Array.isArray(value)) this.array(value);
      else this.write(JSON.stringify(value));
      before = ',';
    }
    this.write(before === '{' ? '{}' : '}');
    return Buffer.from(scratch.subarray(0, this.position));
  }

  private array(items: readonly Json[]): void {
    this.write('[');
    for (const [index, item] of items.entries())
      this.write(index === 0 ? JSON.stringify(item) : `,${JSON.stringify(item)}`);
    this.write(']');
  }

  private write(text: string): void {
    const most = this.position + text.length * 3;
    if (most > scratch.length) {
      const larger = Buffer.allocUnsafe(most * 2);
      scratch.copy(larger, 0, 0, this.position);
      scratch = larger;
    }
    this.position += scratch.write(text, this.position);
  }
}

let scratch = Buffer.allocUnsafe(1 << 20);
