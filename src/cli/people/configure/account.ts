import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import { ConnectorError, messageOf } from '../../../core/errors.ts';
import { at, textOf, type JsonObject } from '../../../core/json.ts';
import type { Config } from '../../../generated/config.ts';
import { ApiError, type Api, type Request } from '../../../intercom/api.ts';
import { remembering } from '../../../readers/once.ts';
import { whoAmI } from '../../../readers/who-am-i.ts';
import { denials, type Denials } from '../../../sync/probes.ts';
import { expectSomething, regionIn } from '../../check.ts';
import { parseConfig } from '../../config.ts';
import { connect, type Session } from '../../session.ts';
import { answerTo, type Asking } from './asking.ts';
import type { Draft } from './draft.ts';
import { FLAGS, type Given } from './given.ts';

/** The workspace of an access token that works. */
export interface Account {
  readonly token: string;
  readonly region: Config['region'];
  readonly api: Api;
  /** Asks Intercom, each thing once. */
  readonly once: (request: Request) => Promise<JsonObject>;
  readonly denied: Denials;
}

/**
 * Finds a token that works: the given one, or else one that is asked for until it does.
 *
 * @param dial - How Intercom is reached
 * @throws ConnectorError
 */
export async function signIn(
  given: Given,
  draft: Draft,
  asking: Asking | undefined,
  session: Session,
  dial = connect,
): Promise<Account> {
  const known = draft.settings.access_token;
  const fixed = given.settings.access_token ?? (await tokenIn(given.tokenFile));
  const ask = async ({ secret }: Asking): Promise<string> => {
    const typed = await secret(known === undefined ? TOKEN : `${TOKEN} (Enter: the one in ${given.output})`);
    return typed.trim() === '' ? (known ?? '') : typed;
  };
  for (;;) {
    const answer = await answerTo(
      { given: fixed, ask, otherwise: known, what: 'the access token', flag: FLAGS.token },
      asking,
    );
    const token = answer.trim();
    session.hide([token, ...(known === undefined ? [] : [known])]);
    try {
      if (token === '') throw new ConnectorError('config', 'There is no access token yet.');
      return await open(token, given, draft, asking, session, dial);
    } catch (error) {
      // What is typed can be typed again; anything else has to be put right elsewhere.
      const isTyped = asking !== undefined && fixed === undefined;
      if (!isTyped || !(error instanceof ConnectorError) || error.kind !== 'config') throw error;
      asking.warn(session.redact(error.message));
    }
  }
}

async function open(
  token: string,
  { settings: given }: Given,
  { settings }: Draft,
  asking: Asking | undefined,
  session: Session,
  dial: typeof connect,
): Promise<Account> {
  const supposed = given.region ?? settings.region ?? 'us';
  const { api, me } = await greet({ ...settings, ...given, access_token: token, region: supposed }, session, dial);
  const region = knownRegion(regionIn(me)) ?? supposed;
  const once = remembering((request) => api.send(request, session.signal));
  const denied = await denials(once, api.now());
  session.signal.throwIfAborted();
  expectSomething(me, denied);
  const name = textOf(at(me, 'app.name'));
  asking?.tell(`The token works: ${name === '' ? 'a workspace' : `the workspace "${name}"`} in the region ${region}.`);
  if (given.region !== undefined && given.region !== region)
    session.log('warn', `The workspace is in the region "${region}", not "${given.region}". That is what is written.`);
  return { token, region, api, once, denied };
}

/** Intercom's first region passes on what belongs to the others; theirs may refuse a token that is none of theirs. */
async function greet(
  raw: Partial<Config>,
  session: Session,
  dial: typeof connect,
): Promise<{ readonly api: Api; readonly me: JsonObject | undefined }> {
  const config = parseConfig({ ...raw, conversation_admin_type: 'all' });
  const api = await dial(config, session);
  try {
    return { api, me: await whoAmI((request) => api.send({ ...request, attempts: FEW }, session.signal)) };
  } catch (error) {
    const isElsewhere = error instanceof ApiError && error.failure === 'bad_token' && config.region !== 'us';
    if (isElsewhere) return greet({ ...raw, region: 'us' }, session, dial);
    throw error;
  }
}

function knownRegion(text: string): Config['region'] | undefined {
  return REGIONS.find((region) => region === text);
}

async function tokenIn(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (path === '-' ? await textOfStream(process.stdin) : await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new ConnectorError('config', `Reading the access token: ${path} cannot be read (${messageOf(error)}).`);
  }
}

const TOKEN = 'Access token of your Intercom app';
const REGIONS = ['us', 'eu', 'au'] as const;
/** Attempts: somebody sits there and waits. */
const FEW = 3;
