import type { JsonObject, World } from '../../../simulator/index.ts';
import type { Chance } from '../../engine/support/chance.ts';

/** A configuration for a workspace, without the token. What it names is there. */
export function randomConfig(chance: Chance, world: World, streams: readonly string[]): JsonObject {
  const config: JsonObject = {};
  const maybe = (share: number, set: () => JsonObject): void => {
    if (chance.next() < share) Object.assign(config, set());
  };
  const idsOf = (rows: Iterable<{ readonly id: string }>): string[] => {
    const ids = [...rows].map(({ id }) => id);
    return Array.from({ length: 1 + chance.below(3) }, () => chance.pick(ids)).filter(
      (id, index, all) => all.indexOf(id) === index,
    );
  };
  maybe(0.25, () => ({ start_date: randomDate(chance, world) }));
  maybe(0.2, () => ({ timestamps: 'rfc3339' }));
  maybe(0.15, () => ({ lookback_window: 1 + chance.below(3) }));
  maybe(0.2, () => ({ order_by: 'created_at' }));
  maybe(0.2, () => ({ concurrency: chance.pick([1, 2, 7]) }));
  maybe(0.1, () => ({ rate_limit_share: chance.pick([10, 50]) }));
  maybe(0.2, () => ({ request_timeout: chance.pick([20, 60]) }));
  maybe(0.3, () => ({ activity_logs_time_step: chance.pick([1, 7, 91]) }));
  maybe(0.2, () => ({ conversation_status: chance.pick(['open', 'closed', 'snoozed']) }));
  maybe(0.15, () => ({ conversation_admin_type: 'unassigned' }));
  maybe(0.15, () => ({ conversation_admin_type: 'specific', conversation_admin_ids: idsOf(world.admins.all()) }));
  maybe(0.2, () => ({ conversation_body_format: 'plaintext' }));
  maybe(0.3, () => ({ event_type: chance.pick(['user', 'lead']) }));
  maybe(0.3, () => ({ per_contact_scope: 'changed' }));
  maybe(0.2, () => ({ expand: EXPANDABLE.filter(() => chance.next() < 0.3) }));
  const contacts = [...world.contacts.all()];
  const users = contacts.filter(({ role }) => role === 'user');
  const leads = contacts.filter(({ role }) => role === 'lead');
  if (users.length > 0) maybe(0.15, () => ({ user_ids: idsOf(users) }));
  if (leads.length > 0)
    maybe(streams.includes('leads_by_id') ? 0.8 : 0.1, () => ({
      lead_ids: idsOf(leads),
      lead_emails: leads
        .flatMap((lead) => (typeof lead['email'] === 'string' && lead['email'] !== '' ? [lead['email']] : []))
        .slice(0, 2),
    }));
  if (streams.includes('users_by_username')) config['usernames'] = chance.pick([['a'], ['an', 'e'], ['zzz']]);
  const companies = [...world.companies.all()];
  if (companies.length > 0 && streams.includes('users_by_company'))
    maybe(0.6, () => ({ company_ids: idsOf(companies.slice(0, 4)) }));
  if (streams.includes('users_by_tag')) maybe(0.5, () => ({ tag_ids: idsOf(world.tags.all()) }));
  if (streams.includes('users_by_segment')) maybe(0.5, () => ({ segment_ids: idsOf(world.segments.all()) }));
  return config;
}

function randomDate(chance: Chance, world: World): string {
  const days = [...world.contacts.all()].map(({ updated_at: updated }) => updated);
  const moment = chance.pick(days) + chance.pick([0, 1, -40_000, 40_000]);
  const text = new Date(moment * 1000).toISOString();
  return chance.next() < 0.5 ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}

/** Nested objects and lists; what a workspace calls its attributes is left to other tests. */
const EXPANDABLE = ['tags', 'companies', 'notes', 'segments', 'location', 'source', 'statistics', 'author', 'avatar'];
