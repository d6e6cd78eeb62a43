import type { Json, RequestEntry } from '../../../../simulator/index.ts';

/**
 * What kind a request is of: two of one kind differ only in which record or page they are about.
 *
 * @example 'POST /contacts/search ascending by role, later page'
 * @example 'GET /events intercom_user_id summary=true type=user'
 */
export function kindOf(request: RequestEntry): string {
  return `${request.route}${searchOf(request.body)}${queryOf(request)}${isLaterPage(request) ? ', later page' : ''}`;
}

function searchOf(body: Json | undefined): string {
  if (!isObject(body) || !isObject(body['sort'])) return '';
  const { field, order } = body['sort'] as { readonly field: string; readonly order: string };
  const fields = [...new Set(fieldsOf(body['query']))].filter((each) => each !== field).sort();
  return ` ${order}${fields.length === 0 ? '' : ` by ${fields.join(', ')}`}`;
}

function fieldsOf(query: Json | undefined): readonly string[] {
  if (!isObject(query)) return [];
  const { value, field } = query;
  return typeof field === 'string' ? [field] : Array.isArray(value) ? value.flatMap(fieldsOf) : [];
}

/** Of ids only that there is one. */
function queryOf({ query }: RequestEntry): string {
  return Object.entries(query)
    .filter(([name]) => !PAGING.has(name))
    .map(([name, value]) => (/\d/.test(value) ? ` ${name}` : ` ${name}=${value}`))
    .sort()
    .join('');
}

function isLaterPage({ query, body }: RequestEntry): boolean {
  const { pagination, page } = isObject(body) ? body : {};
  const token = isObject(pagination) ? pagination['starting_after'] : undefined;
  return token !== undefined || Number(page ?? query['page'] ?? 1) > 1 || TOKENS.some((name) => name in query);
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Each names a page after the first. */
const TOKENS = ['before', 'scroll_param', 'starting_after'];
const PAGING = new Set([...TOKENS, 'page', 'per_page']);
