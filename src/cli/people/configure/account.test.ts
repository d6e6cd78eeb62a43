import { describe, expect, test } from '@jest/globals';
import type { Config } from '../../../generated/config.ts';
import { ApiError, type Api } from '../../../intercom/api.ts';
import type { Session } from '../../session.ts';
import { signIn, type Account } from './account.ts';
import type { Asking } from './asking.ts';
import { givenIn } from './given.ts';

/** Tokens by the hosts that take them, and the regions of their workspaces. */
type World = Readonly<Record<string, { readonly hosts: readonly Config['region'][]; readonly region: string }>>;

interface Attempt {
  readonly asking?: Asking;
  readonly file?: Partial<Config>;
}

async function attempt(
  world: World,
  words: Readonly<Record<string, unknown>>,
  { asking, file = {} }: Attempt = {},
): Promise<Account & { readonly dialled: readonly string[]; readonly hidden: readonly string[]; warned: string[] }> {
  const dialled: string[] = [];
  const hidden: string[] = [];
  const warned: string[] = [];
  const session = {
    signal: new AbortController().signal,
    hide: (secrets: readonly string[]) => hidden.push(...secrets),
    redact: (text: string) => text,
    log: (_level: string, message: string) => warned.push(message),
  } as unknown as Session;
  const dial = ({ access_token: token, region }: Config): Promise<Api> => {
    dialled.push(`${token}@${region}`);
    const found = world[token];
    const isTaken = found?.hosts.includes(region) === true;
    const answer = isTaken
      ? Promise.resolve({ app: { name: 'Test', region: found.region } })
      : Promise.reject(new ApiError('bad_token', 'config', `No ${token}.`));
    answer.catch(() => undefined);
    return Promise.resolve({ send: () => answer, now: () => 0 });
  };
  const draft = { isNew: true, raw: file, settings: file };
  const account = await signIn(givenIn(words), draft, asking, session, dial);
  return { ...account, dialled, hidden, warned };
}

/** Somebody who types these tokens, one after the other. */
function person(...tokens: string[]): Asking & { readonly told: string[] } {
  const told: string[] = [];
  const say = (text: string): void => {
    told.push(text);
  };
  return { told, tell: say, warn: say, secret: () => Promise.resolve(tokens.shift() ?? '') } as unknown as Asking & {
    readonly told: string[];
  };
}

const EUROPEAN: World = { token: { hosts: ['us', 'eu'], region: 'EU' }, other: { hosts: ['us'], region: 'US' } };

describe('the region', () => {
  test('is what /me says', async () => {
    const { region, dialled, warned } = await attempt(EUROPEAN, { 'access-token': 'token' });
    expect([region, dialled, warned]).toEqual(['eu', ['token@us'], []]);
  });

  test('where the host of another region refuses the token, the first one is asked', async () => {
    const { region, dialled } = await attempt(EUROPEAN, { 'access-token': 'other' }, { file: { region: 'eu' } });
    expect([region, dialled]).toEqual(['us', ['other@eu', 'other@us']]);
  });

  test('is not the one of the command line, if that is wrong, which is said', async () => {
    const { region, warned } = await attempt(EUROPEAN, { 'access-token': 'token', region: 'us' });
    expect(region).toBe('eu');
    expect(warned).toEqual(['The workspace is in the region "eu", not "us". That is what is written.']);
  });

  test('stays as it is where /me does not say', async () => {
    const world: World = { token: { hosts: ['eu'], region: '' } };
    expect((await attempt(world, { 'access-token': 'token', region: 'eu' })).region).toBe('eu');
  });
});

describe('the token', () => {
  test('is asked for until one works, and hidden each time', async () => {
    const asking = person('wrong', '', ' token ');
    const { token, hidden } = await attempt(EUROPEAN, {}, { asking });
    expect(token).toBe('token');
    expect(hidden).toEqual(['wrong', '', 'token']);
    expect(asking.told).toEqual([
      'No wrong.',
      'There is no access token yet.',
      'The token works: the workspace "Test" in the region eu.',
    ]);
  });

  test('of the file is taken for none typed', async () => {
    expect((await attempt(EUROPEAN, {}, { asking: person(''), file: { access_token: 'token' } })).token).toBe('token');
  });

  test.each([
    ['of the command line', { 'access-token': 'wrong' }, {}, 'No wrong.'],
    ['of a file that is not there', { 'access-token-file': '/nowhere' }, {}, 'Reading the access token: /nowhere'],
    ['of the configuration', {}, { file: { access_token: 'wrong' } }, 'No wrong.'],
    ['that nobody gives', {}, {}, 'Give --access-token-file or --access-token'],
  ])('%s, if it does not work, ends it', async (_of, words, more, message) => {
    await expect(attempt(EUROPEAN, words, more)).rejects.toThrow(message);
  });
});
