import type { World } from '../../../../simulator/index.ts';
import { streams } from '../../../../src/index.ts';
import type { ReadOptions, Row } from '../../support/read.ts';
import { createVirtualWorkspace, type VirtualOptions, type VirtualWorkspace } from '../../support/virtual-workspace.ts';
import { changeSome, enrich } from './changes.ts';

/** The reads that faults are tried on. */
export interface Setting {
  /** A workspace for one read, always the same. */
  readonly open: () => Promise<VirtualWorkspace>;
  readonly options: ReadOptions;
  readonly streams: readonly string[];
  /** Streams of a kind of request that are tried. Default: all. */
  readonly most?: number;
}

/** The first read of everything. */
export function firstRead(): Setting {
  return { open: () => Promise.resolve(small()), options: { config: CONFIG }, streams: everyStream };
}

/** The next one, after much has changed, some of it a moment ago. */
export async function nextRead(): Promise<Setting> {
  const { states } = await small().read(everyStream, { config: CONFIG });
  return { open: () => changed(small()), options: { config: CONFIG, states }, streams: everyStream };
}

/** A full refresh of what was chosen by name and id, in order of creation, with lists and details in full. */
export function chosenRead(): Setting {
  const config = chosenOf(small().simulator.world);
  return {
    open: () => Promise.resolve(small()),
    options: { config: { ...CONFIG, ...config }, isIncremental: false },
    streams: everyStream,
    most: 2,
  };
}

/** A first read that is large enough for searches to be read by several chains side by side. */
export function largeRead(): Setting {
  return {
    open: () => Promise.resolve(createVirtualWorkspace({ sizes: LARGE })),
    options: {},
    streams: ['users', 'conversations'],
  };
}

/** Little of everything, and several pages of what comes in pages. */
export function small(options: VirtualOptions = {}): VirtualWorkspace {
  const workspace = createVirtualWorkspace({ sizes: SIZES, quirks: { mostPerPage: 4 }, ...options });
  enrich(workspace.simulator.world);
  return workspace;
}

async function changed(workspace: VirtualWorkspace): Promise<VirtualWorkspace> {
  await workspace.pass(DAY);
  changeSome(workspace.simulator.world, 0);
  await workspace.pass(2 * 3600);
  changeSome(workspace.simulator.world, 1);
  await workspace.pass(60);
  return workspace;
}

/** Ids, names and e-mails, so that each has to be looked up in its own way. */
function chosenOf({ tags, companies, segments, admins, contacts }: World): Row {
  const users = [...contacts.all()].filter(({ role }) => role === 'user');
  const leads = [...contacts.all()].filter(({ role }) => role === 'lead');
  const [company, other] = [...companies.all()];
  return {
    tag_ids: [...tags.all()].slice(0, 2).map((tag) => tag['name']),
    company_ids: [company!.id, other!.company_id],
    segment_ids: [...segments.all()].slice(0, 2).map(({ id }) => id),
    conversation_admin_ids: [...admins.all()].slice(0, 3).map((admin) => admin['email']),
    user_ids: users.slice(0, 3).map(({ id }) => id),
    lead_ids: leads.slice(0, 2).map(({ id }) => id),
    lead_emails: leads.map((lead) => (lead as Row)['email']).filter((email) => typeof email === 'string'),
    expand: ['tags', 'notes', 'companies', 'segments', 'subscription_types', 'custom_attributes', 'location'],
    order_by: 'created_at',
  };
}

const everyStream = streams.map(({ name }) => name);

const CONFIG = { usernames: ['a'], activity_logs_time_step: 91 };
const DAY = 86_400;
const SIZES = {
  contacts: 12,
  companies: 9,
  conversations: 5,
  tickets: 6,
  admins: 4,
  teams: 2,
  tags: 13,
  segments: 3,
  subscriptionTypes: 12,
  articles: 9,
  collections: 9,
  internalArticles: 9,
  newsItems: 9,
  newsfeeds: 2,
  macros: 9,
  calls: 9,
  activityLogs: 9,
  deletedConversations: 9,
};
const LARGE = { ...SIZES, contacts: 900, leadsPercent: 0, companies: 3, conversations: 900, tickets: 0 };
