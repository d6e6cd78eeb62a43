import { ConnectorError } from '../core/errors.ts';
import type { AirbyteMessage } from '../generated/airbyte.ts';
import { airbyteCatalog } from '../protocol/airbyte-catalog.ts';
import { airbyteEncoder } from '../protocol/airbyte.ts';
import { check } from './check.ts';
import { readConfig } from './config-file.ts';
import { parseConfig } from './config.ts';
import { discover } from './discover.ts';
import { read } from './read.ts';
import type { Session } from './session.ts';
import { readSpec } from './spec.ts';

/** The commands of the Airbyte protocol, each with the files that its options name. */
export const airbyte = {
  spec: async (session: Session): Promise<boolean> => {
    await print({ type: 'SPEC', spec: readSpec() }, session);
    return true;
  },
  check: async (config: string, session: Session): Promise<boolean> => {
    await print({ type: 'CONNECTION_STATUS', connectionStatus: await statusOf(config, session) }, session);
    return true;
  },
  discover: async (config: string, session: Session): Promise<boolean> => {
    const shapes = await discover(parseConfig(await readConfig(config, session)), session);
    await print({ type: 'CATALOG', catalog: airbyteCatalog(shapes) }, session);
    return true;
  },
  read: async (
    { config, ...paths }: { readonly config: string; readonly catalog: string; readonly state: string | undefined },
    session: Session,
  ): Promise<boolean> => read(parseConfig(await readConfig(config, session)), paths, session),
};

async function print(message: AirbyteMessage, { clock, output, redact }: Session): Promise<void> {
  await output.write(airbyteEncoder(() => clock.now(), redact).message(message));
}

/** What the user can mend makes a check fail; anything else is an error. */
async function statusOf(path: string, session: Session) {
  const config = await readConfig(path, session);
  try {
    const message = await check(parseConfig(config), session);
    return { status: 'SUCCEEDED', ...(message === undefined ? {} : { message: session.redact(message) }) } as const;
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'config')
      return { status: 'FAILED', message: session.redact(error.message) } as const;
    throw error;
  }
}
