import { ConnectorError } from '../core/errors.ts';
import { at, textOf, type JsonObject } from '../core/json.ts';
import type { Config } from '../generated/config.ts';
import { ApiError, type Api } from '../intercom/api.ts';
import { describe, KINDS, type IdOption } from '../readers/configured.ts';
import { createDirectory } from '../readers/directory.ts';
import { remembering } from '../readers/once.ts';
import { connect, type Session } from './session.ts';

/**
 * Finds out whether a sync would work: whether the token is good, and whether configured names stand for something.
 *
 * @returns what the user should know besides
 * @throws ConnectorError of kind `config` for what the user can mend
 */
export async function check(config: Config, session: Session): Promise<string | undefined> {
  const api = await connect(config, session, { maxElapsedSeconds: GIVE_UP_AFTER });
  const me = await whoAmI(api, session.signal);
  const problems = await unclearNames(config, api, session.signal);
  if (problems.length > 0) throw new ConnectorError('config', problems.join(' '));
  return regionHint(me, config);
}

/** A token that may not read `/me` is good all the same. */
async function whoAmI(api: Api, signal: AbortSignal): Promise<JsonObject | undefined> {
  try {
    return await api.send({ method: 'GET', path: '/me', purpose: 'Checking the access token' }, signal);
  } catch (error) {
    if (error instanceof ApiError && error.failure === 'no_permission') return undefined;
    throw error;
  }
}

async function unclearNames(config: Config, api: Api, signal: AbortSignal): Promise<readonly string[]> {
  const directory = createDirectory(remembering((request) => api.send(request, signal)));
  const options = (Object.keys(KINDS) as IdOption[]).filter((option) => config[option].length > 0);
  const problems = await Promise.all(
    options.map(async (option) => {
      const resolutions = await directory.resolve(KINDS[option], config[option]);
      return resolutions.filter(({ ids }) => ids.length !== 1).map((resolution) => describe(option, resolution));
    }),
  );
  return problems.flat();
}

function regionHint(me: JsonObject | undefined, { region }: Config): string | undefined {
  const actual = textOf(at(me, 'app.region')).toLowerCase();
  if (actual === '' || actual === region) return undefined;
  return `The workspace is in the region "${actual}", but the configuration says "${region}". The token works; set region to "${actual}" to save a detour.`;
}

/** Seconds, whatever Intercom asks to wait: platforms give a check a minute. */
const GIVE_UP_AFTER = 50;
