import { describe, expect, test } from '@jest/globals';
import { configure } from '../support/catalogs.ts';
import { read } from '../support/commands.ts';
import type { JsonObject } from '../support/run.ts';
import { fullConfig, offeredStreams, startWorkspace } from '../support/workspace.ts';
import { tap } from './support/tap.ts';

const EXPAND = ['custom_attributes', 'location', 'source', 'statistics', 'tags', 'companies', 'notes'];

/** Reads everything twice, in either dialect, from workspaces that are equal. */
async function inBoth(change: JsonObject) {
  const [one, other] = await Promise.all([startWorkspace(), startWorkspace()]);
  const config = { ...fullConfig(one), ...change };
  const streams = await offeredStreams(config, one.url);
  const [airbyte, singer] = await Promise.all([
    read({ config, catalog: configure(streams, 'incremental') }, { api: one.url }),
    tap({ config }, { api: other.url }),
  ]);
  await Promise.all([one.close(), other.close()]);
  return { streams: streams.map(({ name }) => name), airbyte, singer };
}

describe('#S62 either dialect has the same rows', () => {
  test.each<[string, JsonObject]>([
    ['as it comes', {}],
    ['with everything expanded', { expand: EXPAND, timestamps: 'rfc3339', conversation_body_format: 'plaintext' }],
    [
      'with filters',
      { start_date: '2026-01-15', conversation_status: 'open', event_type: 'lead', order_by: 'created_at' },
    ],
  ])('#S62 %s', async (_, change) => {
    const { streams, airbyte, singer } = await inBoth(change);
    expect([airbyte.exitCode, singer.exitCode]).toEqual([0, 0]);
    expect(streams.length).toBeGreaterThan(50);
    let rows = 0;
    for (const stream of streams) {
      const columns = singer.columns(stream);
      const theirs = airbyte.rows(stream);
      expect([stream, theirs.flatMap(Object.keys).filter((name) => !columns.includes(name))]).toEqual([stream, []]);
      const expected = theirs.map((row) => JSON.stringify(columns.map((name) => row[name] ?? null)));
      const found = singer.rows(stream).map((row) => JSON.stringify(columns.map((name) => row[name])));
      expect([stream, found.sort()]).toEqual([stream, expected.sort()]);
      rows += found.length;
    }
    expect(rows).toBeGreaterThan(200);
  });
});
