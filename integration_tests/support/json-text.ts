/** Keys that an object in a JSON text has more than once. */
export function duplicateKeys(text: string): readonly string[] {
  const duplicates: string[] = [];
  const open: (Set<string> | undefined)[] = [];
  let lastText = '';
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (letter === '"') {
      const end = endOfText(text, index);
      lastText = text.slice(index, end + 1);
      index = end;
    } else if (letter === '{') open.push(new Set());
    else if (letter === '[') open.push(undefined);
    else if (letter === '}' || letter === ']') open.pop();
    else if (letter === ':') {
      const keys = open.at(-1);
      if (keys?.has(lastText) === true) duplicates.push(lastText);
      keys?.add(lastText);
    }
  }
  return duplicates;
}

/** Where the text that begins at `start` has its closing quote. */
function endOfText(text: string, start: number): number {
  for (let index = text.indexOf('"', start + 1); index !== -1; index = text.indexOf('"', index + 1)) {
    let backslashes = 0;
    while (text[index - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return index;
  }
  return text.length;
}

/** The text without what stands between quotes. */
export function withoutTexts(json: string): string {
  let rest = '';
  let from = 0;
  for (let quote = json.indexOf('"'); quote !== -1; quote = json.indexOf('"', from)) {
    rest += json.slice(from, quote);
    from = endOfText(json, quote) + 1;
  }
  return rest + json.slice(from);
}

/** Every text and number inside a value, keys included. */
export function* leaves(value: unknown): Generator<string | number> {
  if (typeof value === 'string' || typeof value === 'number') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (!Array.isArray(value)) yield key;
    yield* leaves(each);
  }
}
