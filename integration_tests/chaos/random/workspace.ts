import { DEFAULT_NOW, type SimulatorOptions, type Sizes } from '../../../simulator/index.ts';
import type { Chance } from '../../engine/support/chance.ts';

export interface ChosenStreams {
  readonly names: readonly string[];
  readonly scale: 'tiny' | 'small' | 'large';
}

/** A few families of streams, or one in a large workspace, or everything in a tiny one. */
export function randomStreams(chance: Chance): ChosenStreams {
  const dice = chance.next();
  if (dice < 0.06) return { names: [...new Set(Object.values(FAMILIES).flat())], scale: 'tiny' };
  if (dice < 0.2) return { names: some(chance, FAMILIES.contacts), scale: 'large' };
  const families = Object.values(FAMILIES);
  const chosen = new Set([chance.pick(families), chance.pick(families), chance.pick(families)]);
  const names = [...chosen].flatMap((family) => some(chance, family));
  return { names: [...new Set(names)], scale: chance.next() < 0.3 ? 'tiny' : 'small' };
}

function some(chance: Chance, family: readonly string[]): readonly string[] {
  const names = family.filter(() => chance.next() < 0.55);
  return names.length === 0 ? [chance.pick(family)] : names;
}

export function randomWorkspace(seed: number, chance: Chance, { names, scale }: ChosenStreams): SimulatorOptions {
  const isSlow = chance.next() < 0.15;
  return {
    seed,
    sizes: randomSizes(chance, names, scale),
    timezone: chance.pick(ZONES),
    now: randomStart(chance),
    indexLag: chance.pick([0, 0, 0, 5, 60, 300, 580]),
    rateLimit: isSlow ? { limit: chance.pick([5, 25, 83]), windowSeconds: 10 } : { limit: 10_000, windowSeconds: 10 },
    quirks: {
      lastPage: chance.pick(['absent', 'null']),
      perPageAsText: chance.next() < 0.2,
      shuffleTies: chance.next() < 0.3,
      newScrollParam: chance.next() < 0.5,
      partsTotal: chance.pick(['returned', 'all']),
      mostPerPage: scale === 'large' ? chance.pick([Infinity, 100, 40]) : chance.pick([Infinity, 25, 9, 4]),
    },
  };
}

function randomSizes(chance: Chance, names: readonly string[], scale: ChosenStreams['scale']): Partial<Sizes> {
  const upTo = (most: number): number => chance.below(scale === 'tiny' ? Math.ceil(most / 5) : most);
  const asksEach = names.some((name) => ASKS_EACH_CONTACT.has(name));
  return {
    contacts: scale === 'large' ? 700 + chance.below(900) : 2 + upTo(asksEach ? 50 : 260),
    leadsPercent: chance.pick([0, 20, 50, 100]),
    companies: 1 + upTo(scale === 'large' ? 30 : 160),
    conversations: upTo(60),
    tickets: upTo(15),
    admins: 1 + upTo(8),
    teams: upTo(5),
    tags: 1 + upTo(15),
    segments: 1 + upTo(7),
    articles: upTo(60),
    collections: upTo(60),
    internalArticles: upTo(60),
    newsItems: upTo(60),
    macros: upTo(60),
    calls: upTo(60),
    activityLogs: upTo(100),
    deletedConversations: upTo(60),
  };
}

/** A moment of ordinary years, often near midnight somewhere, or near a change of clocks. */
function randomStart(chance: Chance): number {
  if (chance.next() < 0.2) return chance.pick(CLOCK_CHANGES) + chance.below(2 * DAY) - DAY;
  return DEFAULT_NOW + chance.below(700 * DAY) - 350 * DAY;
}

const DAY = 86_400;
const ZONES = [
  'UTC',
  'Pacific/Pago_Pago',
  'Pacific/Kiritimati',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/New_York',
  'Europe/Dublin',
  'Australia/Lord_Howe',
  'America/St_Johns',
];
/** Unix seconds: Europe, the United States and Lord Howe Island. */
const CLOCK_CHANGES = [
  Date.UTC(2026, 2, 29, 1),
  Date.UTC(2025, 9, 26, 1),
  Date.UTC(2026, 2, 8, 7),
  Date.UTC(2025, 10, 2, 6),
  Date.UTC(2026, 3, 4, 15),
].map((milliseconds) => milliseconds / 1000);

/** Streams that are likely to be read together. */
const FAMILIES = {
  contacts: [
    'contacts',
    'users',
    'leads',
    'contact_tags',
    'contact_companies',
    'contact_merges',
    'contact_subscriptions',
    'users_by_tag',
    'users_by_company',
    'users_by_segment',
    'users_by_username',
    'leads_by_id',
  ],
  ofEachContact: ['contacts', 'events', 'notes_by_user', 'event_summaries', 'contact_segments'],
  conversations: [
    'conversations',
    'conversations_by_admin',
    'conversation_details',
    'conversation_parts',
    'conversation_tags',
    'conversation_contacts',
    'conversation_teammates',
    'conversation_handling_events',
  ],
  companies: ['companies', 'company_segments', 'company_tags'],
  tickets: ['tickets', 'ticket_parts', 'ticket_types', 'ticket_states'],
  logs: ['activity_logs', 'deleted_conversations', 'calls'],
  content: ['articles', 'collections', 'internal_articles', 'news_items', 'macros', 'newsfeeds', 'help_centers'],
  workspace: [
    'admins',
    'teams',
    'team_admins',
    'tags',
    'segments',
    'subscription_types',
    'away_status_reasons',
    'brands',
    'company_attributes',
    'contact_attributes',
    'conversation_attributes',
  ],
} as const;
const ASKS_EACH_CONTACT: ReadonlySet<string> = new Set(['events', 'event_summaries', 'contact_segments']);
