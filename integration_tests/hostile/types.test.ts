import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { TIMES } from '../../simulator/hostile.ts';
import { exactly, type Json } from '../../simulator/json.ts';
import { loadSchema, streams } from '../../src/index.ts';
import type { Reading, Row } from '../engine/support/read.ts';
import { createVirtualWorkspace, type VirtualWorkspace } from '../engine/support/virtual-workspace.ts';
import { discover, select } from '../singer/support/catalogs.ts';
import { tap } from '../singer/support/tap.ts';
import { configure } from '../support/catalogs.ts';
import { read } from '../support/commands.ts';
import { WATCHED_PROTOTYPES } from '../support/prototypes.ts';
import { SMALL, startWorkspace } from '../support/workspace.ts';
import { mistype, recordsIn, type Mistyped } from './support/mistyped.ts';

const VALUES: readonly Json[] = ['text', '', 5, 1.5, -1, true, null, [], {}, [null], { a: 1 }];
const ROUNDS = 12;
const NAMES = streams.map(({ name }) => name as string);
const options = { config: { usernames: ['a'] } };

/** What tells which record it is, or of which kind. Without it, what belongs to the record cannot be asked for: see below. */
const IDENTITY = /^(id|role|custom_attributes|company_id|name|full_name|event_name|model)$/;
/** Lists of which rows are made, and what they stand in: a fault in them is no empty list. */
const LISTS =
  /^(tags|contacts|teammates|merge_history|conversation_parts|ticket_parts|admin_ids|admin_priority_level)(\.(tags|contacts|admins|teammates|conversation_parts|ticket_parts|primary_admin_ids|secondary_admin_ids))?(\.\d+)?$/;

function workspace(): VirtualWorkspace {
  return createVirtualWorkspace({ sizes: { ...SMALL, contacts: 60, conversations: 40, tickets: 20 } });
}

function counts({ rows }: Reading): Readonly<Record<string, number>> {
  return Object.fromEntries(NAMES.map((name) => [name, rows[name]?.length ?? 0]));
}

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const valid = new Map<string, ValidateFunction>(
  NAMES.map((name) => [
    name,
    ajv.compile(JSON.parse(JSON.stringify(loadSchema(name)).replaceAll(/,"unit":"unix_seconds"/g, '')) as object),
  ]),
);

function misfits({ rows }: Reading): readonly string[] {
  return Object.entries(rows).flatMap(([name, list]) =>
    (JSON.parse(JSON.stringify(list)) as readonly Row[]).flatMap((row) => {
      const validate = valid.get(name);
      return validate?.(row) === true ? [] : [`${name}: ${ajv.errorsText(validate?.errors)}`];
    }),
  );
}

describe('a value of a wrong type in any field', () => {
  let clean: Reading;
  const done: Mistyped[] = [];

  beforeAll(async () => {
    clean = await workspace().read(NAMES, options);
  });

  test.each(VALUES.map((value) => [JSON.stringify(value), value] as const))(
    '%s costs no row, fails no stream, and comes out in the right type',
    async (_, value) => {
      for (let round = 0; round < ROUNDS; round++) {
        const { simulator, read: readAll } = workspace();
        const now = mistype(simulator, value, { round, may: (path) => !IDENTITY.test(path) && !LISTS.test(path) });
        const reading = await readAll(NAMES, options);
        done.push(...now);
        expect([round, reading.incomplete]).toEqual([round, {}]);
        expect([round, counts(reading)]).toEqual([round, counts(clean)]);
        expect([round, misfits(reading)]).toEqual([round, []]);
      }
    },
  );

  test('was tried in every column that the workspace fills', () => {
    const tried = new Set(done.map(({ path }) => path.split('.').at(-1)));
    const columns = Object.entries(clean.rows).flatMap(([name, rows]) =>
      Object.keys(loadSchema(name).properties ?? {}).filter((column) =>
        rows.some((row) => (row[column] ?? null) !== null),
      ),
    );
    const own = new Set([
      ...ADDED,
      'id',
      'role',
      'custom_attributes',
      'name',
      'full_name',
      'event_name',
      'model',
      ...HOLDERS,
    ]);
    expect([...new Set(columns)].filter((column) => !tried.has(column) && !own.has(column))).toEqual([]);
    expect(done.length).toBeGreaterThan(20_000);
  });
});

/** Columns that the connector makes. */
const ADDED = [
  'admin_id',
  'company_id',
  'company_updated_at',
  'contact_id',
  'contact_role',
  'contact_updated_at',
  'conversation_created_at',
  'conversation_id',
  'conversation_total_parts',
  'conversation_updated_at',
  'event_key',
  'opted_in',
  'parts_truncated',
  'priority_level',
  'segment_id',
  'subscription_type_id',
  'tag_id',
  'team_id',
  'ticket_id',
  'username',
];
/** What is tried below. */
const HOLDERS = [
  'admin_ids',
  'admin_priority_level',
  'contacts',
  'conversation_parts',
  'merge_history',
  'tags',
  'teammates',
  'ticket_parts',
];

describe('a value of a wrong type in the place of a list that rows are made of', () => {
  const cases = (
    [
      ['conversation_tags', 'tags'],
      ['conversation_tags', 'tags.tags'],
      ['conversation_contacts', 'contacts'],
      ['conversation_contacts', 'contacts.contacts'],
      ['conversation_teammates', 'teammates'],
      ['conversation_teammates', 'teammates.admins'],
      ['conversation_parts', 'conversation_parts'],
      ['conversation_parts', 'conversation_parts.conversation_parts'],
      ['conversation_details', 'conversation_parts.conversation_parts'],
      ['ticket_parts', 'ticket_parts'],
      ['ticket_parts', 'ticket_parts.ticket_parts'],
      ['company_tags', 'tags'],
      ['company_tags', 'tags.tags'],
      ['team_admins', 'admin_ids'],
      ['contact_merges', 'merge_history'],
    ] as const
  ).map(([stream, path], index) => [stream, path, (['text', 5, true] as const)[index % 3] as Json] as const);

  test.each(cases)(
    '%s: %s ends the stream, names the record, and the next read completes it',
    async (stream, path, value) => {
      const { simulator, read: readAll } = workspace();
      const clean = await readAll([stream], options);
      const rule = simulator.trouble.add({
        effect: {
          kind: 'shape',
          change: (body) => {
            for (const record of recordsIn(body)) {
              const [outer = '', inner] = path.split('.');
              if (!(outer in record)) continue;
              if (inner === undefined) record[outer] = value;
              else if (typeof record[outer] === 'object' && record[outer] !== null)
                (record[outer] as Record<string, Json>)[inner] = value;
            }
            return body;
          },
        },
      });
      const broken = await readAll([stream], options);
      expect(broken.incomplete[stream]).toMatchObject({
        kind: 'system',
        message: expect.stringMatching(/in the place of .* (It was|Nothing was skipped).*\d/),
      });
      rule.remove();
      const after = await readAll([stream], { ...options, states: broken.states });
      const all = [...(broken.rows[stream] ?? []), ...(after.rows[stream] ?? [])].map((row) => JSON.stringify(row));
      expect(after.incomplete).toEqual({});
      expect([...new Set(all)].sort()).toEqual((clean.rows[stream] ?? []).map((row) => JSON.stringify(row)).sort());
    },
  );
});

describe('an id or role of a wrong type', () => {
  test.each(VALUES.map((value) => [JSON.stringify(value), value] as const))(
    '%s costs no row of the record itself',
    async (_, value) => {
      const { simulator, read: readAll } = workspace();
      const walked = [
        'contacts',
        'conversations',
        'tickets',
        'companies',
        'articles',
        'tags',
        'segments',
        'admins',
        'macros',
        'calls',
        'events',
      ];
      const clean = await readAll(walked, options);
      const seen = new Set<string>();
      simulator.trouble.add({
        effect: {
          kind: 'shape',
          change: (body, { path }) => {
            const [record] = recordsIn(body);
            if (record === undefined || path.split('/').length > 3 || seen.has(path)) return body;
            seen.add(path);
            record['id'] = value;
            if ('role' in record) record['role'] = value;
            return body;
          },
        },
      });
      const reading = await readAll(walked, options);
      expect(reading.incomplete).toEqual({});
      // Of a contact without an id there is nobody to ask for its events.
      const { events, ...others } = counts(reading);
      const { events: allEvents, ...all } = counts(clean);
      expect(others).toEqual(all);
      expect(
        events === allEvents ||
          reading.warnings.some((warning) => warning.includes('events: deleted since it was listed')),
      ).toBe(true);
    },
  );
});

describe('a wrong time', () => {
  const chosen = [
    'contacts',
    'conversations',
    'companies',
    'tickets',
    'articles',
    'activity_logs',
    'macros',
    'deleted_conversations',
    'events',
  ];

  test.each(TIMES.map((time) => [JSON.stringify(time), time] as const))(
    '%s at the end of each page costs no row, and no other is passed',
    async (_, time) => {
      const make = (): VirtualWorkspace =>
        createVirtualWorkspace({
          sizes: { ...SMALL, contacts: 900, conversations: 400, articles: 30, macros: 30, activityLogs: 80 },
          quirks: { mostPerPage: 20 },
        });
      const names = chosen;
      const clean = await make().read(names, options);
      const { simulator, read: readAll } = make();
      simulator.trouble.add({
        effect: {
          kind: 'shape',
          change: (body) => {
            const last = recordsIn(body).at(-1);
            for (const field of ['updated_at', 'created_at', 'deleted_at'])
              if (last !== undefined && field in last) last[field] = time;
            return body;
          },
        },
      });
      const reading = await readAll(names, options);
      const ids = ({ rows }: Reading, name: string): readonly unknown[] =>
        [...new Set((rows[name] ?? []).map(({ id }) => id))].sort();
      expect(reading.incomplete).toEqual({});
      for (const name of names)
        if (name !== 'events') expect([name, ids(reading, name)]).toEqual([name, ids(clean, name)]);
      expect(reading.rows['events']?.length).toBeGreaterThanOrEqual(clean.rows['events']?.length ?? 0);
    },
  );
});

test('both programs, as they are built, take wrong types everywhere', async () => {
  const simulator = await startWorkspace({ sizes: { contacts: 60, conversations: 40 } });
  try {
    const config = { access_token: simulator.token, usernames: ['a'] };
    const catalog = configure(NAMES, 'full_refresh');
    const all = select(await discover(config), NAMES);
    const run = { api: simulator.url, env: WATCHED_PROTOTYPES };
    const clean = await read({ config, catalog }, run);
    for (const [round, value] of ['text', true, [null], exactly('1234567890123456789')].entries()) {
      simulator.trouble.clear();
      mistype(simulator, value, { round, may: (path) => !IDENTITY.test(path) && !LISTS.test(path) });
      const mistyped = await read({ config, catalog }, run);
      const synced = await tap({ config, catalog: all }, run);
      expect([mistyped.exitCode, mistyped.errors(), synced.exitCode]).toEqual([0, [], 0]);
      for (const name of NAMES) {
        expect([name, mistyped.rows(name).length]).toEqual([name, clean.rows(name).length]);
        expect([name, synced.rows(name).length]).toEqual([name, clean.rows(name).length]);
      }
    }
  } finally {
    await simulator.close();
  }
}, 180_000);
