import { textOf } from '../core/json.ts';

/**
 * A path with ids in it, each one part of it, whatever it holds: an id like `../admins` leads nowhere else.
 *
 * @example path`/contacts/${id}/tags`
 */
export function path(parts: TemplateStringsArray, ...ids: readonly unknown[]): string {
  return parts.reduce((whole, part, index) => `${whole}${segmentOf(ids[index - 1])}${part}`);
}

function segmentOf(id: unknown): string {
  const text = textOf(id).toWellFormed();
  if (DOTS.test(text)) return NOBODY;
  // Braces need no escape, and a place that is kept free (`{id}`) stays readable.
  return encodeURIComponent(text).replaceAll('%7B', '{').replaceAll('%7D', '}');
}

/** What a path cannot hold as a part, however it is escaped. */
const DOTS = /^\.{0,2}$/;
/** Names nothing, so that Intercom answers 404. */
const NOBODY = '~';
