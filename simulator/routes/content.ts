import { badRequest, notFound } from '../http/errors.ts';
import type { ApiRequest, Route, Services } from '../http/router.ts';
import { type JsonObject, type Row, textOf, without } from '../json.ts';
import { invalidCursor } from '../paging.ts';
import { hash } from '../random.ts';
import { perPageOf } from '../search/query.ts';
import type { Collection } from '../world/collection.ts';
import { KIND } from '../world/kinds.ts';
import { answerPage, list } from './lists.ts';

export const CONTENT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/articles',
    scope: 'read_articles_scope',
    handle: (request, services) =>
      answerPage(request, newestFirst(services.world.articles, services).map(withoutStatistics), { perPage: 25 }),
  },
  { method: 'GET', path: '/articles/{id}', scope: 'read_articles_scope', handle: getArticle },
  {
    method: 'GET',
    path: '/help_center/collections',
    scope: 'read_articles_scope',
    handle: (request, services) =>
      answerPage(request, newestFirst(services.world.collections, services), { perPage: 20 }),
  },
  {
    method: 'GET',
    path: '/help_center/help_centers',
    scope: 'read_articles_scope',
    handle: (_request, { world }) => list(world.helpCenters.all()),
  },
  {
    method: 'GET',
    path: '/internal_articles',
    scope: 'read_articles_scope',
    since: 13,
    handle: (request, services) =>
      answerPage(request, newestFirst(services.world.internalArticles, services), { perPage: 25 }),
  },
  {
    method: 'GET',
    path: '/news/news_items',
    scope: 'read_news',
    handle: (request, services) =>
      answerPage(request, newestFirst(services.world.newsItems, services), { perPage: 10, most: 50 }),
  },
  {
    method: 'GET',
    path: '/news/newsfeeds',
    scope: 'read_news',
    handle: (request, { world }) => answerPage(request, [...world.newsfeeds.all()], { perPage: 10, most: 50 }),
  },
  { method: 'GET', path: '/macros', scope: 'read_conversations', modern: true, since: 16, handle: macros },
  {
    method: 'GET',
    path: '/calls',
    since: 14,
    handle: (request, services) => answerPage(request, [...services.world.calls.all()], { perPage: 25, most: 25 }),
  },
];

/** Latest change first; rows of one moment in an order that may change from request to request. */
function newestFirst(collection: Collection, { quirks, shuffles }: Services): Row[] {
  const rows = [...collection.all()];
  if (quirks.shuffleTies && hash(1, KIND.small, shuffles.count++) % 2 === 0) rows.reverse();
  return rows.sort((a, b) => Number(b['updated_at']) - Number(a['updated_at']));
}

function withoutStatistics(article: JsonObject): JsonObject {
  return without(article, 'statistics');
}

function getArticle({ params }: ApiRequest, { world }: Services): JsonObject {
  const row = world.articles.get(params['id']!);
  if (!row) throw notFound('Resource');
  return row;
}

/** Saved replies, latest change first, by cursor and without page numbers. */
function macros({ url }: ApiRequest, { world }: Services): JsonObject {
  const query = url.searchParams;
  const since = query.get('updated_since');
  if (since !== null && !/^\d+$/.test(since))
    throw badRequest('parameter_invalid', 'Invalid updated_since timestamp', 'updated_since');
  const perPage = perPageOf(query.get('per_page') ?? undefined, 50, 150);
  const rows = [...world.macros.all()]
    .map((row) => ({ row, time: Date.parse(textOf(row['updated_at'])) / 1000 }))
    .filter(({ time }) => since === null || time >= Number(since))
    .sort((a, b) => b.time - a.time || Number(b.row.id) - Number(a.row.id));
  const after = afterMacro(query.get('starting_after'));
  const left = after
    ? rows.filter(({ row, time }) => time < after.time || (time === after.time && Number(row.id) < after.id))
    : rows;
  const last = left[perPage - 1];
  const next =
    last && left.length > perPage
      ? { starting_after: Buffer.from(JSON.stringify([last.time, last.row.id])).toString('base64') }
      : null;
  return {
    type: 'list',
    data: left.slice(0, perPage).map(({ row }) => row),
    pages: { type: 'pages', per_page: perPage, next },
  };
}

function afterMacro(cursor: string | null): { time: number; id: number } | undefined {
  if (cursor === null || cursor === '') return undefined;
  try {
    const [time, id] = JSON.parse(Buffer.from(cursor, 'base64').toString()) as [number, string];
    return { time, id: Number(id) };
  } catch {
    throw invalidCursor();
  }
}
