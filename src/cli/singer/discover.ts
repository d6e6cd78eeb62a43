import { singerCatalog } from '../../protocol/singer-catalog.ts';
import { suggested } from '../../streams/index.ts';
import { discover as offers } from '../discover.ts';
import type { Session } from '../session.ts';
import { readConfig } from './config.ts';

/** Prints the catalog: one document on many lines, since Meltano takes no line of more than 64 KiB. */
export async function discover(places: readonly string[], session: Session): Promise<boolean> {
  const catalog = singerCatalog(await offers(await readConfig(places, session), session), (stream) =>
    suggested.includes(stream),
  );
  await session.output.write(`${JSON.stringify(catalog, undefined, 2)}\n`);
  return true;
}
