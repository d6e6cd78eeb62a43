/** How many of each thing the workspace has. Contacts and conversations may go into the millions. */
export interface Sizes {
  contacts: number;
  /** Of a hundred contacts, how many are leads. */
  leadsPercent: number;
  companies: number;
  conversations: number;
  tickets: number;
  admins: number;
  teams: number;
  tags: number;
  segments: number;
  subscriptionTypes: number;
  articles: number;
  collections: number;
  internalArticles: number;
  newsItems: number;
  newsfeeds: number;
  macros: number;
  calls: number;
  activityLogs: number;
  deletedConversations: number;
  brands: number;
  helpCenters: number;
}

export interface RateLimit {
  /** Requests per window. */
  limit: number;
  /** Default 10. */
  windowSeconds?: number;
}

/** Ways in which live answers differ from case to case; all may be changed while the simulator runs. */
export interface Quirks {
  /** How the last page of a cursor list ends. Default 'absent'. */
  lastPage: 'absent' | 'null';
  /** `per_page` comes back as text where it was asked for in the query. Default false. */
  perPageAsText: boolean;
  /** Rows of equal `updated_at` in articles and collections come in another order on each request. Default false. */
  shuffleTies: boolean;
  /** Each page of the company scroll names a new `scroll_param`. Default false. */
  newScrollParam: boolean;
  /** What `conversation_parts.total_count` counts when there are more than 500 parts. Default 'returned'. */
  partsTotal: 'returned' | 'all';
  /** The version that a request without `Intercom-Version` gets. Default '2.16'. */
  defaultVersion: string;
  /** Compress answers above 1 KB for clients that accept gzip. Default true. */
  gzip: boolean;
  /** Pages hold at most so many rows, whatever is asked for. Default Infinity. */
  mostPerPage: number;
  /** `GET /me` answers `null`. Default false. */
  nullMe: boolean;
}

export interface SimulatorOptions {
  /** The world is a pure function of seed, sizes, now and timezone. Default 1. */
  seed?: number;
  sizes?: Partial<Sizes>;
  /** Unix seconds at which simulated time starts. Default 2026-03-02T12:00:00Z. */
  now?: number;
  /** IANA zone of the workspace. Default 'UTC'. */
  timezone?: string;
  region?: 'US' | 'EU' | 'AU';
  /** The access token that may do everything. Default 'simulator-token'. */
  token?: string;
  /** Default 0: any free port. */
  port?: number;
  rateLimit?: RateLimit;
  /** Milliseconds added to each answer. Default 0. */
  latency?: number;
  /** Seconds until a change can be found by search. Default 0. */
  indexLag?: number;
  /** Default true: simulated time moves only by `advance()`. */
  frozen?: boolean;
  /** Seconds that have passed since any moment, instead of those of the machine's clock. */
  ticks?: () => number;
  quirks?: Partial<Quirks>;
}

export const DEFAULT_NOW = Date.UTC(2026, 2, 2, 12) / 1000;
export const DEFAULT_TOKEN = 'simulator-token';
export const DEFAULT_RATE_LIMIT = { limit: 10_000, windowSeconds: 10 };

export const DEFAULT_SIZES: Sizes = {
  contacts: 200,
  leadsPercent: 30,
  companies: 130,
  conversations: 80,
  tickets: 25,
  admins: 6,
  teams: 3,
  tags: 14,
  segments: 6,
  subscriptionTypes: 5,
  articles: 30,
  collections: 22,
  internalArticles: 8,
  newsItems: 12,
  newsfeeds: 2,
  macros: 12,
  calls: 30,
  activityLogs: 60,
  deletedConversations: 25,
  brands: 2,
  helpCenters: 2,
};

export const DEFAULT_QUIRKS: Quirks = {
  lastPage: 'absent',
  perPageAsText: false,
  shuffleTies: false,
  newScrollParam: false,
  partsTotal: 'returned',
  defaultVersion: '2.16',
  gzip: true,
  mostPerPage: Infinity,
  nullMe: false,
};
