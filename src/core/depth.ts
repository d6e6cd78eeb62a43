/**
 * The same value with nothing nested deeper than `most` levels: what lies below comes as JSON text, so that nothing is lost. Values of
 * thousands of levels can be parsed, but neither written by `JSON.stringify` nor read by those who get the lines.
 *
 * @param value - What `JSON.parse` gave; changed in place
 */
export function bounded(value: object, most: number): object {
  if (Array.isArray(value)) {
    const items = value as unknown[];
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (isNested(item)) items[index] = most > 1 ? bounded(item, most - 1) : jsonOf(item);
    }
  } else {
    const members = value as Record<string, unknown>;
    for (const key in members) {
      const member = members[key];
      if (isNested(member)) members[key] = most > 1 ? bounded(member, most - 1) : jsonOf(member);
    }
  }
  return value;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !JSON.isRawJSON(value);
}

/** `JSON.stringify` for any depth, since what is still to be written is kept in a list of its own. */
function jsonOf(value: object): string {
  const written: string[] = [];
  const rest: (Literal | Value)[] = [{ value }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if ('text' in next) written.push(next.text);
    else if (isNested(next.value)) for (const part of partsOf(next.value).reverse()) rest.push(part);
    else written.push(JSON.stringify(next.value));
  }
  return written.join('');
}

function partsOf(value: object): (Literal | Value)[] {
  const isList = Array.isArray(value);
  const parts: (Literal | Value)[] = [{ text: isList ? '[' : '{' }];
  for (const [index, [key, each]] of Object.entries(value as Record<string, unknown>).entries()) {
    if (index > 0) parts.push({ text: ',' });
    if (!isList) parts.push({ text: `${JSON.stringify(key)}:` });
    parts.push({ value: each });
  }
  parts.push({ text: isList ? ']' : '}' });
  return parts;
}

interface Literal {
  readonly text: string;
}

interface Value {
  readonly value: unknown;
}
