import { secretsOf } from './config.ts';
import { readJson } from './files.ts';
import type { Session } from './session.ts';

/** What a configuration file says, whether or not it is right. Its secrets are masked from now on. */
export async function readConfig(path: string, session: Session): Promise<unknown> {
  const raw = await readJson(path, 'configuration');
  session.hide(secretsOf(raw));
  return raw;
}
