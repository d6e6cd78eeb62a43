import { beforeAll, describe, expect, test } from '@jest/globals';
import type { World } from '../../../simulator/index.ts';
import { streams } from '../../../src/index.ts';
import { keysIn } from '../../support/truth.ts';
import { Destination, type Reading } from '../support/read.ts';
import { changeSome } from './support/changes.ts';
import { firstRead, small } from './support/settings.ts';

/** Streams of which the simulator knows the rows, and whose keys are not the connector's own. */
const KNOWN = [...keysIn(small().simulator.world).keys()];
const UNKNOWN = streams.map(({ name }) => name).filter((name) => !KNOWN.includes(name));
const { options, streams: everyStream } = firstRead();

test('of every stream the rows are known, but for those that make their keys or look up names', () => {
  expect(UNKNOWN.sort()).toEqual(['events', 'leads_by_id', 'users_by_username']);
});

describe.each([
  { skew: 0, indexLag: 0 },
  { skew: 3600, indexLag: 0 },
  { skew: -3600, indexLag: 0 },
  { skew: 0, indexLag: 300 },
  { skew: 3600, indexLag: 300 },
  { skew: -3600, indexLag: 300 },
])('with a clock that is $skew s ahead, and an index that is $indexLag s late,', ({ skew, indexLag }) => {
  const destination = new Destination();
  let world: World;
  let readings: readonly Reading[];
  let afterFirst: ReadonlyMap<string, readonly [truth: readonly string[], rows: readonly string[]]>;

  beforeAll(async () => {
    const workspace = small({ skew, indexLag });
    ({ world } = workspace.simulator);
    await workspace.pass(2 * indexLag);
    const first = await workspace.read(everyStream, options);
    destination.merge(first.rows);
    const truth = keysIn(world);
    afterFirst = new Map(KNOWN.map((name) => [name, [truth.get(name) ?? [], keysOf(destination, name)]]));
    await workspace.pass(86_400);
    changeSome(world, 0);
    await workspace.pass(7200);
    changeSome(world, 1);
    await workspace.pass(60);
    const second = await workspace.read(everyStream, { ...options, states: first.states });
    destination.merge(second.rows);
    await workspace.pass(900);
    const third = await workspace.read(everyStream, { ...options, states: second.states });
    destination.merge(third.rows);
    readings = [first, second, third];
  });

  test('no stream fails', () => {
    expect(readings.flatMap(({ incomplete }) => Object.keys(incomplete))).toEqual([]);
  });

  test.each(KNOWN)('%s is read whole, and nothing else', (name) => {
    const [truth, rows] = afterFirst.get(name)!;
    expect(rows).toEqual(truth);
  });

  test.each(KNOWN)('%s has every row in the end, as it is then', (name) => {
    const table = destination.table(name);
    expect((keysIn(world).get(name) ?? []).filter((key) => !table.has(key))).toEqual([]);
    const stale = rowsOf(world, name).filter(
      ({ id, updated_at: updated }) => table.get(id)?.['updated_at'] !== updated,
    );
    expect(stale).toEqual([]);
  });

  test.each(streams.filter(({ cursor }) => cursor !== undefined).map(({ name }) => name))(
    '%s comes again only where it changed or could not be seen before',
    (name) => {
      const [, second, third] = readings.map(({ rows }) => rows[name] ?? []);
      expect(second!.length).toBeLessThanOrEqual(destination.table(name).size);
      if (indexLag === 0) expect(third).toEqual([]);
    },
  );

  test('every event comes once', () => {
    const sent = readings.flatMap(({ rows }) => rows['events'] ?? []).map((row) => row['event_key']);
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent.length).toBeGreaterThanOrEqual([...world.events.all()].length);
  });
});

function keysOf(destination: Destination, stream: string): readonly string[] {
  return [...destination.table(stream).keys()].sort();
}

/** Records of the world that say in seconds when they changed, for a stream that is named after them. */
function rowsOf(world: World, stream: string): readonly { readonly id: string; readonly updated_at: number }[] {
  const property = stream.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const store = (world as unknown as Record<string, { all?: () => Iterable<object> } | undefined>)[property];
  const rows = [...(store?.all?.() ?? [])] as readonly { readonly id: string; readonly updated_at: unknown }[];
  return rows.filter((row): row is { id: string; updated_at: number } => typeof row.updated_at === 'number');
}
