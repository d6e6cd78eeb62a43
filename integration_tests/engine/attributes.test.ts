import { afterEach, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { loadSchema, streams, type JsonSchema } from '../../src/index.ts';
import { readStreams, type Row, type States } from './support/read.ts';

let simulator: Simulator;

afterEach(() => simulator.close());

test('custom attributes become columns; what does not fit is null there, noted, and whole in the object', async () => {
  simulator = await startSimulator({ sizes: { contacts: 5 } });
  const [odd, fine] = [...simulator.world.contacts.all()];
  simulator.world.contacts.update(odd!.id, {
    custom_attributes: { seats: 'many', is_beta: true, mixed: { deep: 1 }, unknown: 7 },
  });
  simulator.world.contacts.update(fine!.id, { custom_attributes: { seats: 12, mixed: 3 } });
  const { rows, events } = await readStreams(simulator, ['contacts'], { config: { expand: ['custom_attributes'] } });
  const byId = new Map(rows['contacts']!.map((row) => [row['id'], row]));
  expect(byId.get(odd!.id)).toMatchObject({
    custom_attributes_seats: null,
    custom_attributes_is_beta: true,
    custom_attributes_mixed: '{"deep":1}',
    custom_attributes: { seats: 'many', unknown: 7 },
  });
  expect(byId.get(fine!.id)).toMatchObject({
    custom_attributes_seats: 12,
    custom_attributes_mixed: '3',
    custom_attributes_is_beta: null,
  });
  const changes = events.flatMap((event) =>
    event.type === 'records' ? [...(event.changes?.values() ?? [])].flat() : [],
  );
  expect(changes).toEqual([{ field: 'custom_attributes_seats', reason: 'type' }]);
});

test('without the permission to list attributes, rows come all the same', async () => {
  simulator = await startSimulator({ sizes: { contacts: 5 } });
  simulator.trouble.add({
    match: { route: 'GET /data_attributes' },
    effect: { kind: 'status', status: 401, code: 'token_unauthorized' },
  });
  const { rows, failures, warnings } = await readStreams(simulator, ['contacts'], {
    config: { expand: ['custom_attributes'] },
  });
  expect(failures).toEqual([]);
  expect(rows['contacts']!.length).toBe(5);
  expect(warnings.join(' ')).toMatch(/custom attributes of a contact/);
});

test('with timestamps rfc3339 every time of every stream is text, at any depth, and the state stays the same', async () => {
  simulator = await startSimulator({ sizes: { contacts: 60, conversations: 25 } });
  const names = streams.map(({ name }) => name);
  const unix = await readStreams(simulator, names, { config: { usernames: ['a'] } });
  const text = await readStreams(simulator, names, { config: { usernames: ['a'], timestamps: 'rfc3339' } });
  let compared = 0;
  for (const name of names) {
    for (const [index, row] of unix.rows[name]!.entries()) {
      compared += compareTimes(loadSchema(name), row, text.rows[name]![index]!);
    }
  }
  expect(compared).toBeGreaterThan(5000);
  expect(cursorsOf(text.states)).toEqual(cursorsOf(unix.states));
});

/** Saved seconds, to the minute, since the second read begins a little later. */
function cursorsOf(states: States): readonly unknown[] {
  return streams.map(({ name, cursor }) => [
    name,
    cursor === undefined ? undefined : Math.round(Number(states[name]?.[cursor]) / 60),
  ]);
}

/** Compares all times of two rows, and counts them. */
function compareTimes({ properties = {} }: JsonSchema, unix: Row, text: Row): number {
  let count = 0;
  for (const [name, schema] of Object.entries(properties)) {
    for (const [before, after] of pairs(unix[name], text[name])) {
      if (schema.unit === 'unix_seconds' && typeof before === 'number') {
        expect(after).toBe(new Date(before * 1000).toISOString().replace('.000Z', 'Z'));
        count++;
      } else if (isRow(before) && isRow(after)) count += compareTimes(schema.items ?? schema, before, after);
    }
  }
  return count;
}

function pairs(before: unknown, after: unknown): readonly (readonly [unknown, unknown])[] {
  return Array.isArray(before)
    ? before.map((each, index) => [each, (after as unknown[])[index]] as const)
    : [[before, after]];
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}
