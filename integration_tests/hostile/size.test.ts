import { afterEach, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { tap } from '../singer/support/tap.ts';
import { configure } from '../support/catalogs.ts';
import { discover, read } from '../support/commands.ts';
import { EMPTY } from '../support/workspace.ts';

/** What platforms take, a row and all around it. */
const LONGEST_LINE = 16 * 1024 * 1024;
const MEGABYTES_30 = 30 * 1024 * 1024;

let simulator: Simulator;

afterEach(() => simulator.close());

function longest(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => Buffer.byteLength(line)));
}

/** The least of a Singer catalog: all columns, as they are. */
function everythingOf(...streams: readonly string[]): object {
  return { streams: streams.map((name) => ({ tap_stream_id: name, stream: name, selected: true })) };
}

describe('texts of 30 MB', () => {
  test('are cut, which is noted, and nothing else of a row or of the others', async () => {
    simulator = await startSimulator({ sizes: { ...EMPTY, conversations: 3, contacts: 3 } });
    const { world } = simulator;
    const [conversation] = [...world.conversations.all()];
    const [contact] = [...world.contacts.all()];
    // Letters that take one, two, three, four and six bytes.
    world.conversations.addPart(conversation!.id, { body: 'xé東😀\u2028'.repeat(MEGABYTES_30 / 13) });
    world.contacts.update(contact!.id, { name: 'y'.repeat(MEGABYTES_30), email: 'kept@example.com' });
    const streams = ['conversation_parts', 'conversation_details', 'contacts'];
    const config = { access_token: simulator.token };
    const options = { api: simulator.url, patience: 120_000 };

    const run = await read({ config, catalog: configure(streams, 'incremental') }, options);
    expect([run.exitCode, run.errors()]).toEqual([0, []]);
    expect(longest(run.lines)).toBeLessThan(LONGEST_LINE);
    const cut = run.records('conversation_parts').filter(({ meta }) => meta !== undefined);
    expect(cut.map(({ meta }) => meta)).toEqual(
      cut.map(() => ({
        changes: [{ field: 'body', change: 'TRUNCATED', reason: 'SOURCE_RECORD_SIZE_LIMITATION' }],
      })),
    );
    expect(cut.length).toBe(1);
    for (const { data } of cut)
      expect(Buffer.byteLength(JSON.stringify(data['body']))).toBeGreaterThan(12 * 1024 * 1024);
    const parts = [...world.conversations.all()].flatMap(({ id }) => world.conversations.parts(id));
    expect(
      run
        .rows('conversation_parts')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(parts.map(({ id }) => id).sort());
    expect(run.rows('conversation_details').length).toBe(3);
    expect(run.rows('contacts').find(({ id }) => id === contact!.id)).toMatchObject({ email: 'kept@example.com' });

    const synced = await tap({ config, catalog: everythingOf(...streams) }, options);
    expect([synced.exitCode, longest(synced.lines) < LONGEST_LINE]).toEqual([0, true]);
    expect(synced.rows('conversation_parts').length).toBe(parts.length);
    expect(synced.logs('WARNING').join('\n')).toMatch(/conversation_parts: body: 1 texts were cut/);
  }, 180_000);

  test('that are no texts are left out, which is noted', async () => {
    simulator = await startSimulator({ sizes: { ...EMPTY, contacts: 3 } });
    const { world } = simulator;
    const [contact] = [...world.contacts.all()];
    const numbers = Array.from({ length: 4_000_000 }, (_, index) => index);
    world.contacts.update(contact!.id, { name: 'kept', custom_attributes: { ['k'.repeat(1000)]: 1, numbers } });
    const config = { access_token: simulator.token };
    const run = await read({ config, catalog: configure(['contacts'], 'incremental') }, { api: simulator.url });
    const row = run.records('contacts').find(({ data }) => data['id'] === contact!.id);
    expect([run.exitCode, run.rows('contacts').length, longest(run.lines) < LONGEST_LINE]).toEqual([0, 3, true]);
    expect(row?.data).toMatchObject({ name: 'kept', custom_attributes: null });
    expect(row?.meta).toEqual({
      changes: [{ field: 'custom_attributes', change: 'NULLED', reason: 'SOURCE_RECORD_SIZE_LIMITATION' }],
    });
    const synced = await tap({ config, catalog: everythingOf('contacts') }, { api: simulator.url });
    expect([synced.exitCode, longest(synced.lines) < LONGEST_LINE]).toEqual([0, true]);
    expect(synced.logs('WARNING').join('\n')).toMatch(/contacts: custom_attributes: 1 values were left out/);
  }, 180_000);
});

describe('10,000 attributes of contacts', () => {
  const NAMES = Array.from({ length: 2_500 }, (_, index) => [
    `plan.tier.${index}`,
    `plan_tier_${index}`,
    `Plan Tier ${index}`,
    `😀 ${index}`,
  ]).flat();

  test('with dots, emojis and names that come to the same are each a column, and keep their values', async () => {
    simulator = await startSimulator({ sizes: { ...EMPTY, contacts: 3 } });
    const { world } = simulator;
    const [contact] = [...world.contacts.all()];
    for (const name of [...NAMES, '__proto__', 'constructor', ''])
      world.dataAttributes.add({
        id: name,
        model: 'contact',
        name,
        full_name: `custom_attributes.${name}`,
        custom: true,
        data_type: 'string',
      });
    const values = Object.fromEntries(NAMES.map((name) => [name, `value of ${name}`]));
    world.contacts.update(contact!.id, {
      custom_attributes: { ...values, ...(JSON.parse('{"__proto__":"p","constructor":"c"}') as object) },
    });
    const config = { access_token: simulator.token, expand: ['custom_attributes'] };
    const options = { api: simulator.url };

    const [offered] = (await discover(config, options)).catalogs
      .flatMap(({ streams }) => streams)
      .filter(({ name }) => name === 'contacts');
    const columns = Object.keys(offered?.json_schema['properties'] as object).filter((name) =>
      name.startsWith('custom_attributes_'),
    );
    expect(columns.length).toBeGreaterThanOrEqual(NAMES.length + 2);
    expect(columns.filter((name) => !/^[a-z0-9_]+$/.test(name))).toEqual([]);
    expect(columns).toEqual(
      expect.arrayContaining([
        'custom_attributes___proto__',
        'custom_attributes_constructor',
        'custom_attributes_plan_tier_7',
        'custom_attributes_plan_tier_7_2',
        'custom_attributes_plan_tier_7_3',
      ]),
    );

    const run = await read({ config, catalog: configure(['contacts'], 'incremental') }, options);
    const row = run.rows('contacts').find(({ id }) => id === contact!.id) ?? {};
    expect([run.exitCode, run.rows('contacts').length]).toEqual([0, 3]);
    const flat = Object.entries(row).filter(([name]) => name.startsWith('custom_attributes_'));
    expect(
      flat
        .map(([, value]) => value)
        .filter((value) => value !== null)
        .sort(),
    ).toEqual([...Object.values(values), 'p', 'c'].sort());
    expect(Object.keys(row['custom_attributes'] as object).length).toBe(NAMES.length + 2);

    const synced = await tap({ config, catalog: everythingOf('contacts') }, options);
    const same = synced.rows('contacts').find(({ id }) => id === contact!.id) ?? {};
    expect(synced.exitCode).toBe(0);
    expect(Object.fromEntries(Object.entries(same).filter(([name]) => name.startsWith('custom_attributes_')))).toEqual(
      Object.fromEntries(flat),
    );
  }, 180_000);
});
