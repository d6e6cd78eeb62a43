import { toJson } from '../../protocol/json-line.ts';
import { parseSingerCatalog } from '../../protocol/singer-selection.ts';
import { schemaMessage } from '../../protocol/singer.ts';
import { streams } from '../../streams/index.ts';
import { check } from '../check.ts';
import { discover } from '../discover.ts';
import type { Session } from '../session.ts';
import { readConfig } from './config.ts';

/** Finds out whether a sync would work; what does not, is thrown. */
export async function testAll(places: readonly string[], session: Session): Promise<boolean> {
  const hints = await check(await readConfig(places, session), session);
  session.log('info', `The configuration works.${hints === undefined ? '' : ` ${hints}`}`);
  return true;
}

/** Prints the schemas of all streams, as a sync would. */
export async function testSchema(places: readonly string[], session: Session): Promise<boolean> {
  const offers = new Map(
    (await discover(await readConfig(places, session), session)).map((offer) => [offer.stream, offer]),
  );
  for (const choice of parseSingerCatalog(undefined, streams).streams) {
    const schema = choice.schemaOf(offers.get(choice.stream)?.schema ?? { type: 'object' });
    await session.output.write(`${toJson(schemaMessage(choice, schema))}\n`);
  }
  return true;
}
