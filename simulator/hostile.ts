import { exactly, type Json, type JsonObject, type Patch } from './json.ts';
import type { World } from './world/world.ts';

/** Texts that break what is careless: each is put wherever people can write. */
export const TEXTS: readonly string[] = [
  'zero\u0000zero',
  '\u0000',
  'lone \ud83d high',
  'lone \ude00 low',
  '\ude00\ud83d the wrong way round',
  'lines\u2028of\u2029all\u0085kinds\r\nand\u000bmore\u000c\u001c',
  '\ufeffmarked',
  '\u001b[31mred\u001b[0m\u0007\u009b2J',
  '\u202eright to left',
  'fam\u200dily 👩‍👩‍👧‍👦 Größe 東京 ﷽ é́́́́',
  'not a character \uffff \ufdd0 \u{10ffff}',
  'escaped \\u0000 \\ud83d \\" \\\\',
  '__proto__',
  'constructor',
  'toString',
  '../../admins?role=all#x',
  '%2e%2e%2f%00%ff%',
  `"; DROP TABLE contacts; --' OR 1=1`,
  '<script>alert(1)</script>&amp;',
  '{"type":"RECORD"}',
  '=1+1',
  '   ',
  '',
  'NaN',
  'null',
  '9007199254740993',
];

/** Ids that a path must not be led astray by. */
export const IDS: readonly string[] = [
  '../admins',
  '..%2Fadmins',
  'a/b?c=d&e=f#g',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  ' spaced ',
  '😀',
  'line\u2028end',
  '"quoted\\"',
  '9007199254740993',
  'x'.repeat(2000),
];

/** Numbers that a program which reads JSON as doubles gets wrong. */
export const NUMBERS: Readonly<Record<string, Json>> = {
  nineteen: exactly('1234567890123456789'),
  twenty: exactly('12345678901234567890'),
  negative: exactly('-9223372036854775809'),
  hundreds: exactly('7'.repeat(5000)),
  huge: exactly('1e999'),
  tiny: exactly('1e-999'),
  exact: 0.1,
  float: exactly('2.0'),
  zero: exactly('-0'),
};

/** Names of attributes that V8 takes for the first of them (https://github.com/nodejs/node/issues/63785). */
export const NAMES: readonly string[] = ['\\', '\n', '"', '\\'];

/** Times beyond those of databases. */
export const TIMES: readonly Json[] = [
  -11_676_096_000, // 1600
  884_541_340_800, // 30000
  '1600-01-01T00:00:00Z',
  '+030000-01-01T00:00:00Z',
  -1,
  1.5,
  'soon',
  exactly('1234567890123456789'),
];

/** Fields that every object has already, and how deep a value may be before it can be written here. */
const KEYS =
  '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"hasOwnProperty":1,"toJSON":"x"}';
const LEVELS = 2000;

/** Puts the worst of records into every collection; answers their ids. */
export function hostile(world: World): JsonObject {
  const keys = JSON.parse(KEYS) as JsonObject;
  const attributes = {
    ...keys,
    ...NUMBERS,
    nested: nested(LEVELS),
    ...Object.fromEntries(TEXTS.map((text) => [text, text])),
  };
  const contacts = [
    ...TEXTS.map((text, index) =>
      world.contacts.add({
        role: index % 2 === 0 ? 'user' : 'lead',
        name: text,
        email: text,
        phone: text,
        custom_attributes: { [text]: text },
      }),
    ),
    ...IDS.map((id) => world.contacts.add({ role: 'user', id, external_id: id, name: 'id' })),
    ...NAMES.map((name) =>
      world.contacts.add({ role: 'user', name: 'names', custom_attributes: { first: 0, [name]: name } }),
    ),
    ...TIMES.map((time) =>
      world.contacts.add({
        role: 'lead',
        name: 'time',
        created_at: time,
        updated_at: time,
        signed_up_at: time,
        last_seen_at: time,
      }),
    ),
    world.contacts.add({
      role: 'user',
      name: 'attributes',
      custom_attributes: attributes,
      owner_id: exactly('1234567890123456789'),
    }),
    world.contacts.add({ role: 'user', name: 'keys', ...keys, location: keys }),
  ].map(({ id }) => id);
  const [first = ''] = contacts;
  const companies = [
    ...TEXTS.map((text) =>
      world.companies.add({
        name: text,
        company_id: `own ${text}`,
        website: text,
        custom_attributes: { [text]: text },
      }),
    ),
    ...IDS.map((id) => world.companies.add({ id, company_id: `own ${id}` })),
    ...TIMES.map((time) =>
      world.companies.add({ name: 'time', created_at: time, updated_at: time, remote_created_at: time }),
    ),
    world.companies.add({ name: 'attributes', ...keys, custom_attributes: attributes }),
  ].map(({ id }) => id);
  for (const company of companies) world.attachCompany(first, company, { touch: false });
  const conversations = [
    ...IDS.map((id) => world.conversations.add({ id, title: id, parts: 2 })),
    ...TIMES.map((time) =>
      world.conversations.add({ title: 'time', created_at: time, updated_at: time, waiting_since: time, parts: 1 }),
    ),
    world.conversations.add({
      title: 'attributes',
      ...keys,
      custom_attributes: attributes,
      admin_assignee_id: exactly('1234567890123456789'),
      parts: 0,
    }),
  ].map(({ id }) => id);
  const [conversation = ''] = conversations;
  for (const text of TEXTS) {
    world.conversations.addPart(conversation, { body: text, external_id: text, metadata: { [text]: text } });
    world.addNote(first, { body: text });
    world.addEvent(first, { event_name: text, metadata: { [text]: text } });
  }
  const tickets = TEXTS.map(
    (text) => world.tickets.add({ ticket_attributes: { _default_title_: text, [text]: text, ...keys } }).id,
  );
  return { contacts, companies, conversations, tickets, ...small(world, keys) };
}

/** The same for what is kept whole. */
function small(world: World, keys: JsonObject): JsonObject {
  const added: Record<string, string[]> = {};
  for (const name of COLLECTIONS) {
    const add = (partial: Patch): void => {
      (added[name] ??= []).push(world[name].add(partial).id);
    };
    for (const text of TEXTS) add({ name: text, title: text, body: text, description: text });
    for (const id of IDS) add({ id, name: 'id' });
    add({ name: 'keys', ...keys });
  }
  return added;
}

/** A list of a list of a list ... */
function nested(levels: number): Json {
  let value: Json = 'deep';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { inside: value };
  return value;
}

const COLLECTIONS = [
  'admins',
  'articles',
  'awayStatusReasons',
  'brands',
  'calls',
  'collections',
  'helpCenters',
  'internalArticles',
  'macros',
  'newsItems',
  'newsfeeds',
  'segments',
  'subscriptionTypes',
  'tags',
  'teams',
  'ticketStates',
  'ticketTypes',
] as const;
