import { ConnectorError } from '../core/errors.ts';
import { at, textOf, type JsonObject } from '../core/json.ts';
import type { Config } from '../generated/config.ts';
import { ApiError, type Request } from '../intercom/api.ts';
import { describe, KINDS, type IdOption } from '../readers/configured.ts';
import { createDirectory, type Directory } from '../readers/directory.ts';
import { remembering } from '../readers/once.ts';
import { whoAmI } from '../readers/who-am-i.ts';
import { streams } from '../streams/index.ts';
import { denials, isEverything, unreadable, type Denials } from '../sync/probes.ts';
import { needsOf } from './permissions.ts';
import { connect, type Session } from './session.ts';

/**
 * Finds out whether a sync would work: whether the token is good, whether configured names stand for something, and what the token
 * may read.
 *
 * @returns what the user should know besides
 * @throws ConnectorError of kind `config` for what the user can mend
 */
export async function check(config: Config, session: Session): Promise<string | undefined> {
  const api = await connect(config, session, { maxElapsedSeconds: GIVE_UP_AFTER });
  const once = remembering(limited(MOST_CALLS, (request) => api.send(request, session.signal)));
  const me = await whoAmI(once);
  const [denied, problems] = await Promise.all([denials(once, api.now()), unclearNames(config, createDirectory(once))]);
  session.signal.throwIfAborted(); // what was cut short has tried nothing
  expectSomething(me, denied);
  if (problems.length > 0) throw new ConnectorError('config', problems.join(' '));
  const permissions = unreadable(
    streams.map((stream) => needsOf(stream, config)),
    denied,
  );
  const hints = [regionHint(me, config), ...permissions].filter((hint) => hint !== undefined);
  return hints.length === 0 ? undefined : hints.join(' ');
}

/** A check is cheap: what goes beyond its budget is not looked at. */
function limited(
  most: number,
  send: (request: Request) => Promise<JsonObject>,
): (request: Request) => Promise<JsonObject> {
  let left = most;
  return (request) => (left-- > 0 ? send(request) : Promise.reject(new OutOfBudget()));
}

class OutOfBudget extends Error {}

/** A token that may read nothing at all is of no use, if it is the token. @throws ConnectorError */
export function expectSomething(me: JsonObject | undefined, denied: Denials): void {
  if (me !== undefined || !isEverything(denied)) return;
  throw new ConnectorError(
    'config',
    'Checking the access token: everything that was tried is refused (401 or 403). Give the access token its permissions in the Developer Hub ' +
      '(your app, Configure, Authentication). If it has them, a proxy or firewall on the way refuses: let the API of Intercom pass.',
  );
}

/** What is wrong with the names that a configuration gives. What cannot be looked up passes. */
export async function unclearNames(config: Pick<Config, IdOption>, directory: Directory): Promise<readonly string[]> {
  const options = (Object.keys(KINDS) as IdOption[]).flatMap((option) =>
    config[option].map((value) => ({ option, value })),
  );
  const problems = await Promise.all(options.map(async ({ option, value }) => unclearName(option, value, directory)));
  return problems.filter((problem) => problem !== undefined);
}

async function unclearName(option: IdOption, value: string, directory: Directory): Promise<string | undefined> {
  try {
    const [resolution] = await directory.resolve(KINDS[option], [value]);
    return resolution === undefined || resolution.ids.length === 1 ? undefined : describe(option, resolution);
  } catch (error) {
    const isUndecided =
      error instanceof OutOfBudget || (error instanceof ApiError && error.failure === 'no_permission');
    if (isUndecided) return undefined;
    throw error;
  }
}

/** Where the workspace is hosted, as /me says; empty where it does not. */
export function regionIn(me: JsonObject | undefined): string {
  return textOf(at(me, 'app.region')).toLowerCase();
}

function regionHint(me: JsonObject | undefined, { region }: Config): string | undefined {
  const actual = regionIn(me);
  if (actual === '' || actual === region) return undefined;
  return `The workspace is in the region "${actual}", but the configuration says "${region}". The token works; set region to "${actual}" to save a detour.`;
}

const MOST_CALLS = 20;
/** Seconds, whatever Intercom asks to wait: platforms give a check a minute. */
const GIVE_UP_AFTER = 50;
