/** A JSON object whose members are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object; a long integer, which `parseJson` gives as an object, is none. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

/** The value at a dotted path (`pages.next`), or undefined where the way there ends. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

/** An id or name as text, however it came; empty for anything that is neither. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.isRawJSON(value) ? value.rawJSON : '';
}

/** A member that an object has itself: names come from people, and may be those of what every object has (`constructor`). */
export function own<T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A copy without one member. */
export function omit<T extends object>(object: T, key: string): T {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as T;
}

/** A count or page number, however it came; NaN for anything that is none. */
export function numberOf(value: unknown): number {
  const text = textOf(value).trim();
  return text === '' ? NaN : Number(text);
}
