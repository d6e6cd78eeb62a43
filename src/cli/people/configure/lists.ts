import { textOf, type JsonObject } from '../../../core/json.ts';
import type { Api, Request } from '../../../intercom/api.ts';
import { KINDS, type IdOption } from '../../../readers/configured.ts';
import { recordsAt } from '../../../readers/records.ts';
import { flat } from '../table.ts';
import type { Choice } from './asking.ts';

/** Something that the workspace has, with everything that an option may call it by. */
export interface Offer extends Choice<string> {
  readonly names: readonly string[];
}

/** What a workspace has of a kind, for a menu. */
export interface Offers {
  readonly choices: readonly Offer[];
  /** Whether there are more than Intercom lists. */
  readonly isCut: boolean;
}

/** Everything that an option may name, by name. */
export async function offersFor(option: IdOption, api: Api, signal: AbortSignal): Promise<Offers> {
  const { records, isCut } = await RECORDS[KINDS[option]]((request) => api.send(request, signal));
  return { choices: records.map(offerOf).sort(byLabel), isCut };
}

/** The contacts of a role that a text finds by name, e-mail address or id; for no text, those that changed last. */
export async function findContacts(
  role: 'lead' | 'user',
  text: string,
  api: Api,
  signal: AbortSignal,
): Promise<Offers> {
  const fields: readonly (readonly [field: string, operator: string])[] = [
    ['name', '~'],
    ['email', '~'],
    ['external_id', '='],
    ['id', '='],
  ];
  const matches = fields.map(([field, operator]) => ({ field, operator, value: text }));
  const ofRole = { field: 'role', operator: '=', value: role };
  const answer = await api.send(
    {
      method: 'POST',
      path: '/contacts/search',
      purpose: `Looking for ${role}s`,
      body: {
        query: {
          operator: 'AND',
          value: text === '' ? [ofRole] : [ofRole, { operator: 'OR', value: matches }],
        },
        sort: { field: 'updated_at', order: 'descending' },
        pagination: { per_page: MOST_CONTACTS },
      },
    },
    signal,
  );
  const records = recordsAt(answer, 'data', `Looking for ${role}s`);
  return { choices: records.map(offerOf), isCut: Number(answer['total_count']) > records.length };
}

/** What is chosen already comes first, called as the file calls it; also what the workspace does not have. */
export function withOwn(offers: readonly Offer[], own: readonly string[]): readonly Choice<string>[] {
  const taken = new Set<Offer>();
  const first = own.map((value) => {
    const [offer, ...others] = offers.filter(({ value: id, names }) => id === value || names.includes(value));
    if (offer === undefined || others.length > 0) return { value, label: value, hint: 'as the file has it' };
    taken.add(offer);
    return { ...offer, value };
  });
  return [...first, ...offers.filter((offer) => !taken.has(offer))];
}

type Send = (request: Request) => Promise<JsonObject>;

const RECORDS: Readonly<
  Record<
    (typeof KINDS)[IdOption],
    (send: Send) => Promise<{ readonly records: readonly JsonObject[]; readonly isCut: boolean }>
  >
> = {
  admins: whole('/admins', 'admins'),
  tags: whole('/tags', 'data'),
  segments: whole('/segments', 'segments'),
  companies: everyCompany,
};

function whole(path: string, key: string) {
  return async (send: Send) => {
    const purpose = `Listing ${key === 'data' ? path.slice(1) : key}`;
    return { records: recordsAt(await send({ method: 'GET', path, purpose }), key, purpose), isCut: false };
  };
}

/** By pages, side by side: the scroll belongs to reads, and there can be one only. */
async function everyCompany(send: Send) {
  const purpose = 'Listing companies';
  const page = (number: number): Promise<JsonObject> =>
    send({ method: 'POST', path: '/companies/list', body: { page: number, per_page: COMPANIES_PER_PAGE }, purpose });
  const first = await page(1);
  const total = Number(first['total_count']);
  const pages = Math.ceil(Math.min(total, MOST_COMPANIES) / COMPANIES_PER_PAGE);
  const others = await Promise.all(Array.from({ length: Math.max(0, pages - 1) }, (_, index) => page(index + 2)));
  const records = [first, ...others].flatMap((answer) => recordsAt(answer, 'data', purpose));
  const byId = new Map(records.map((record) => [textOf(record['id']), record]));
  return { records: [...byId.values()], isCut: total > records.length };
}

function offerOf(record: JsonObject): Offer {
  const { id, name, email, company_id: own, external_id: external } = record;
  const value = textOf(id);
  const words = [name, email, own, external].map(textOf).filter((word) => word !== '' && word !== value);
  const names = [...new Set(words)];
  const [label = value, ...others] = names;
  return { value, label: flat(label), hint: flat([...others, value].join(', ')), names };
}

function byLabel(a: Choice<string>, b: Choice<string>): number {
  return a.label.localeCompare(b.label, 'en');
}

const COMPANIES_PER_PAGE = 60;
/** Beyond these, Intercom refuses a page; a whole number of pages. */
const MOST_COMPANIES = 9960;
/** Of one search; Intercom's own limit. */
const MOST_CONTACTS = 150;
