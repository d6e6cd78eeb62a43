import { randomBytes } from 'node:crypto';

/**
 * Parses JSON so that names written with an escape come as they are. V8 may take such a name for another one with a backslash that it
 * met before (https://github.com/nodejs/node/issues/63785): after `{"a":0,"\\":0}` it reads `{"a":0,"\n":0}` as if its second name
 * were a backslash, and a record would lose one of its attributes to the other.
 *
 * @param parse - Is given a text without escapes in names
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseExactNames(text: string, parse: (text: string) => unknown): unknown {
  const names = escapedNames(text);
  if (names.length === 0) return parse(text);
  const spelt = new Map<string, string>();
  try {
    const value = parse(respelt(text, names, spelt));
    if (spelt.values().some((name) => name.includes(MARK))) restore(value);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) JSON.parse(text); // It says where in the text that people know the fault is.
    throw error;
  }
}

/** From the first backslash of each name that has one to its closing quote. Only strings with a backslash are looked through. */
function escapedNames(text: string): readonly Span[] {
  const names: Span[] = [];
  for (let from = text.indexOf('\\'); from !== -1;) {
    const to = closingQuote(text, from);
    if (to === -1) break; // no JSON, as its parser will say
    if (isNameBefore(text, to + 1)) names.push({ from, to });
    from = text.indexOf('\\', to);
  }
  return names;
}

function closingQuote(text: string, within: number): number {
  let quote = text.indexOf('"', within);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote;
}

function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text[first - 1] === '\\') first--;
  return (index - first) % 2 === 1;
}

function isNameBefore(text: string, index: number): boolean {
  let next = index;
  while (WHITESPACE.has(text[next])) next++;
  return text[next] === ':';
}

/** The text with these names as they are; what a name cannot hold without an escape, as a mark and its code. */
function respelt(text: string, names: readonly Span[], spelt: Map<string, string>): string {
  const parts: string[] = [];
  let done = 0;
  for (const { from, to } of names) {
    const written = text.slice(from, to);
    const name = spelt.get(written) ?? spell(written);
    spelt.set(written, name);
    parts.push(text.slice(done, from), name);
    done = to;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

function spell(written: string): string {
  const name = JSON.parse(`"${written}"`) as string;
  return name.replaceAll(UNSPEAKABLE, (character) => MARK + character.charCodeAt(0).toString(16).padStart(2, '0'));
}

/** Gives the names in a value, at any depth, what marks stand for. */
function restore(value: unknown): void {
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next !== 'object' || next === null || JSON.isRawJSON(next)) continue;
    if (!Array.isArray(next)) rename(next);
    for (const each of Object.values(next)) rest.push(each);
  }
}

function rename(value: object): void {
  const members = Object.entries(value);
  if (!members.some(([name]) => name.includes(MARK))) return;
  for (const [name] of members) Reflect.deleteProperty(value, name); // all of them, to keep their order
  for (const [name, member] of members) {
    const exact = name.replaceAll(MARKED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
    Object.defineProperty(value, exact, { value: member, configurable: true, enumerable: true, writable: true });
  }
}

const WHITESPACE = new Set<string | undefined>([' ', '\t', '\n', '\r']);
const UNSPEAKABLE = /["\\\u0000-\u001f]/g;
/** Nobody can have written it, since it is made by chance whenever the program starts. */
const MARK = `\u007f${randomBytes(4).toString('hex')}`;
const MARKED = new RegExp(`${MARK}(..)`, 'g');

interface Span {
  readonly from: number;
  readonly to: number;
}
