import { parseSingerCatalog } from '../../protocol/singer-selection.ts';
import { Bookmarks } from '../../protocol/singer-state.ts';
import { singerEncoder } from '../../protocol/singer.ts';
import { streams } from '../../streams/index.ts';
import { readJson, readOptionalLines } from '../files.ts';
import { runSync } from '../run-sync.ts';
import type { Session } from '../session.ts';
import { readConfig } from './config.ts';
import { Notes } from './notes.ts';

/** Files that the command line names. */
export interface Places {
  readonly config: readonly string[];
  readonly catalog: string | undefined;
  readonly state: string | undefined;
}

/** Reads the selected streams. @returns whether all of them were read whole */
export async function sync(places: Places, session: Session): Promise<boolean> {
  const { clock, output, log } = session;
  const config = await readConfig(places.config, session);
  const catalog = places.catalog === undefined ? undefined : await readJson(places.catalog, 'catalog');
  const choices = parseSingerCatalog(catalog, streams);
  for (const name of choices.unknown)
    log('warn', `There is no stream "${name}"; the others are read. Run --discover to see the streams that there are.`);
  const bookmarks = new Bookmarks(await readOptionalLines(places.state, 'state'));
  const startWith = bookmarks.currentlySyncing;
  const encoder = singerEncoder(choices.streams, bookmarks, () => clock.now());
  const notes = new Notes(log, clock);
  try {
    return await runSync(
      {
        selected: choices.streams.map((choice) => ({ ...choice, state: bookmarks.stateOf(choice.stream) })),
        config,
        startWith,
        onWait: (until) => {
          if (until !== undefined) notes.wait(until);
        },
        onEvent: async (event) => {
          notes.follow(event);
          if (event.type === 'failed') await session.voice.fail(event.failure);
          await output.write(encoder.event(event));
        },
      },
      session,
    );
  } finally {
    for (const [column, count] of encoder.truncated)
      log('warn', `${column}: ${count} texts were cut: rows had over 15 MB.`);
    for (const [column, count] of encoder.nulled)
      log('warn', `${column}: ${count} values do not fit the type that the catalog says, and were sent as null.`);
    for (const [column, count] of encoder.leftOut)
      log('warn', `${column}: ${count} values were left out: rows had over 15 MB.`);
    await output.write(encoder.state());
  }
}
