import { list, stream } from '../readers/index.ts';

const ARTICLES = 'Read and list articles';
/** Intercom documents no permission for these. */
const UNDOCUMENTED = 'none that Intercom documents';
const NEWS = 'Read and list news items and newsfeeds';

export const articles = stream('articles', {
  title: 'Articles',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: ARTICLES,
  read: list('/articles', 'data', {
    purpose: 'Reading articles',
    pageSize: 250,
    cursor: 'updated_at',
    newestFirst: true,
    isUnstable: true,
  }),
});

export const collections = stream('collections', {
  title: 'Collections',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: ARTICLES,
  read: list('/help_center/collections', 'data', {
    purpose: 'Reading collections',
    pageSize: 250,
    cursor: 'updated_at',
    newestFirst: true,
    isUnstable: true,
  }),
});

export const helpCenters = stream('help_centers', {
  title: 'Help Centers',
  primaryKey: ['id'],
  permission: ARTICLES,
  read: list('/help_center/help_centers', 'data', { purpose: 'Reading help centers' }),
});

export const internalArticles = stream('internal_articles', {
  title: 'Internal Articles',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: ARTICLES,
  read: list('/internal_articles', 'data', {
    purpose: 'Reading internal articles',
    cursor: 'updated_at',
    isUnstable: true,
  }),
});

export const newsItems = stream('news_items', {
  title: 'News Items',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: NEWS,
  read: list('/news/news_items', 'data', { purpose: 'Reading news items', cursor: 'updated_at', isUnstable: true }),
});

export const newsfeeds = stream('newsfeeds', {
  title: 'Newsfeeds',
  primaryKey: ['id'],
  permission: NEWS,
  read: list('/news/newsfeeds', 'data', { purpose: 'Reading newsfeeds' }),
});

export const macros = stream('macros', {
  title: 'Macros',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: 'Read conversations',
  read: list('/macros', 'data', { purpose: 'Reading macros', pageSize: 150, cursor: 'updated_at', newestFirst: true }),
});

export const calls = stream('calls', {
  title: 'Calls',
  primaryKey: ['id'],
  cursor: 'updated_at',
  permission: UNDOCUMENTED,
  read: list('/calls', 'data', { purpose: 'Reading calls', pageSize: 25, cursor: 'updated_at', isUnstable: true }),
});
