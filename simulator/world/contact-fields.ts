import type { Json, JsonObject } from '../json.ts';
import { Dice, hash } from '../random.ts';
import type { WorldContext } from './context.ts';
import { uuid } from './ids.ts';
import { KIND } from './kinds.ts';
import { BROWSERS, DOMAINS, FIRST_NAMES, LANGUAGES, LAST_NAMES, MAIL_NAMES, PLACES, SYSTEMS } from './words.ts';

/** What can be said of a generated contact without making the whole record. */
export interface ContactCore {
  readonly name: string | null;
  readonly email: string | null;
  readonly domain: string | null;
}

export function contactCore(seed: number, slot: number, lead: boolean): ContactCore {
  const value = hash(seed, KIND.contactName, slot);
  const first = value & 15;
  const last = (value >>> 4) & 15;
  const chance = (value >>> 8) % 100;
  const domain = DOMAINS[(value >>> 16) % DOMAINS.length]!;
  const name = chance < (lead ? 45 : 8) ? null : `${FIRST_NAMES[first]!} ${LAST_NAMES[last]!}`;
  if (lead && chance < 30) return { name, email: null, domain: null };
  if (chance > 95) return { name, email: '', domain: null };
  if (lead && chance < 50) return { name, email: `info@${domain}`, domain };
  return { name, email: `${MAIL_NAMES[first]!}.${slot}@${domain}`, domain };
}

export function externalId(seed: number, slot: number, lead: boolean): string | null {
  const value = hash(seed, KIND.contactExternal, slot) % 100;
  if (value < (lead ? 30 : 8)) return null;
  return lead ? uuid(seed, KIND.contactExternal, slot) : `cust-${slot}`;
}

/** The fields of a generated contact that belong to it alone, in the API's order. */
export function contactFields(
  context: WorldContext,
  slot: number,
  id: string,
  created: number,
  updated: number,
  lead: boolean,
): JsonObject & { id: string; created_at: number; updated_at: number } {
  const { seed, sizes } = context;
  const core = contactCore(seed, slot, lead);
  const dice = new Dice(seed, KIND.contact, slot);
  const age = updated - created;
  const seen = dice.percent(80) ? created + (age > 0 ? dice.below(age) : 0) : null;
  const ios = dice.percent(15);
  const android = dice.percent(15);
  const web = !dice.percent(20);
  const campaign = dice.percent(10);
  return {
    type: 'contact',
    id,
    workspace_id: context.workspaceId,
    external_id: externalId(seed, slot, lead),
    role: lead ? 'lead' : 'user',
    email: core.email,
    email_domain: core.domain,
    phone: dice.percent(40) ? `+35386${1_000_000 + dice.below(9_000_000)}` : null,
    name: core.name,
    avatar: dice.percent(25)
      ? { type: 'avatar', image_url: `https://static.intercomassets.example/avatars/${slot}.png` }
      : null,
    owner_id: dice.percent(30) && sizes.admins > 0 ? String(7_700_000 + dice.below(sizes.admins)) : null,
    social_profiles: { type: 'list', data: dice.percent(8) ? [profile(slot)] : [] },
    has_hard_bounced: dice.percent(3),
    marked_email_as_spam: dice.percent(2),
    unsubscribed_from_emails: dice.percent(10),
    created_at: created,
    updated_at: updated,
    signed_up_at: lead ? null : created - 600,
    last_seen_at: seen,
    last_replied_at: dice.percent(40) ? seen : null,
    last_contacted_at: dice.percent(50) ? seen : null,
    last_email_opened_at: dice.percent(30) ? seen : null,
    last_email_clicked_at: dice.percent(10) ? seen : null,
    language_override: dice.percent(10) ? dice.pick(LANGUAGES) : null,
    browser: web ? dice.pick(BROWSERS) : null,
    browser_version: web ? `${100 + dice.below(40)}.0` : null,
    browser_language: web ? dice.pick(LANGUAGES) : null,
    os: web ? dice.pick(SYSTEMS) : null,
    location: dice.percent(70) ? place(dice) : NOWHERE,
    android_app_name: android ? 'Lumen' : null,
    android_app_version: android ? '5.2.1' : null,
    android_device: android ? 'Pixel 9' : null,
    android_os_version: android ? '15' : null,
    android_sdk_version: android ? '15.9.0' : null,
    android_last_seen_at: android ? seen : null,
    ios_app_name: ios ? 'Lumen' : null,
    ios_app_version: ios ? '5.2.0' : null,
    ios_device: ios ? 'iPhone16,2' : null,
    ios_os_version: ios ? '18.3' : null,
    ios_sdk_version: ios ? '17.1.0' : null,
    ios_last_seen_at: ios ? seen : null,
    custom_attributes: customAttributes(dice, slot, created),
    utm_campaign: campaign ? 'spring' : null,
    utm_content: campaign ? 'banner-b' : null,
    utm_medium: campaign ? 'cpc' : null,
    utm_source: campaign ? 'search' : null,
    utm_term: campaign ? 'support inbox' : null,
    referrer: campaign ? 'https://www.lumenworks.example/pricing' : null,
    enabled_push_messaging: android || ios ? dice.percent(50) : null,
    sms_consent: dice.percent(5),
    unsubscribed_from_sms: dice.percent(2),
  };
}

function profile(slot: number): JsonObject {
  return { type: 'social_profile', name: 'Mastodon', url: `https://social.example/@contact${slot}` };
}

function place(dice: Dice): JsonObject {
  const [country, region, city, countryCode, continentCode] = dice.pick(PLACES);
  return { type: 'location', country, region, city, country_code: countryCode, continent_code: continentCode };
}

/** Keys and value types vary as in real workspaces; `mixed` changes its type from contact to contact. */
function customAttributes(dice: Dice, slot: number, created: number): JsonObject {
  const attributes: JsonObject = {};
  if (dice.percent(70)) attributes['Plan tier'] = dice.pick(['gold', 'silver', 'gold+']);
  if (dice.percent(60)) attributes['seats'] = dice.below(200);
  if (dice.percent(50)) attributes['is_beta'] = dice.percent(50);
  if (dice.percent(40)) attributes['renewal_date'] = created + dice.below(400) * 86_400;
  if (dice.percent(20)) attributes['churn_note'] = null;
  if (dice.percent(20)) attributes['nps.score'] = dice.below(11) + 0.5;
  if (dice.percent(15)) attributes['Lieblingsfarbe 🎨'] = dice.pick(['grün', '青']);
  if (dice.percent(15)) attributes['mixed'] = MIXED[slot % MIXED.length]!;
  if (dice.percent(5)) attributes['plan_tier'] = 'shadow';
  return attributes;
}

const NOWHERE: JsonObject = {
  type: 'location',
  country: null,
  region: null,
  city: null,
  country_code: null,
  continent_code: null,
};
const MIXED: readonly Json[] = ['text', 7, true, null, '7'];
