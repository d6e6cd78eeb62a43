/**
 * Parses JSON so that names written with an escape come as they are. V8 may take such a name for another one with a backslash that it
 * met before (https://github.com/nodejs/node/issues/63785): after `{"a":0,"\\":0}` it reads `{"a":0,"\n":0}` as if its second name
 * were a backslash, and a record would lose one of its attributes to the other.
 *
 * @param parse - Is given a text without escapes in names
 * @throws SyntaxError
 */
export function parseExactNames(text: string, parse: (text: string) => unknown): unknown {
  const names = escapedNames(text);
  if (names.length === 0) return parse(text);
  const mark = unusedIn(text);
  const value = parse(marked(text, names, mark));
  restore(value, mark);
  return value;
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

function unusedIn(text: string): string {
  let code = FIRST_MARK;
  while (text.includes(String.fromCharCode(code))) code++;
  return String.fromCharCode(code);
}

/** The text with a mark for each backslash of these names. A quote is first written as its code, since it would end the name. */
function marked(text: string, names: readonly Span[], mark: string): string {
  const parts: string[] = [];
  let done = 0;
  for (const { from, to } of names) {
    const name = text.slice(from, to).replaceAll(String.raw`\"`, String.raw`\u0022`);
    parts.push(text.slice(done, from), name.replaceAll('\\', mark));
    done = to;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

/** Gives the names in a value, at any depth, what the mark stands for. */
function restore(value: unknown, mark: string): void {
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next !== 'object' || next === null || JSON.isRawJSON(next)) continue;
    if (!Array.isArray(next)) rename(next, mark);
    for (const each of Object.values(next)) rest.push(each);
  }
}

function rename(value: object, mark: string): void {
  const members = Object.entries(value);
  if (!members.some(([name]) => name.includes(mark))) return;
  for (const [name] of members) Reflect.deleteProperty(value, name); // all of them, to keep their order
  for (const [name, member] of members) {
    const written = name.replaceAll(mark, '\\');
    const exact = name === written ? name : (JSON.parse(`"${written}"`) as string);
    Object.defineProperty(value, exact, { value: member, configurable: true, enumerable: true, writable: true });
  }
}

const WHITESPACE = new Set<string | undefined>([' ', '\t', '\n', '\r']);
/** Of the characters that JSON may hold as they are, the first that texts have no use for. */
const FIRST_MARK = 0x7f;

interface Span {
  readonly from: number;
  readonly to: number;
}
