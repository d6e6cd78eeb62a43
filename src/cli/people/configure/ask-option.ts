import { textOf } from '../../../core/json.ts';
import type { Config } from '../../../generated/config.ts';
import { ApiError } from '../../../intercom/api.ts';
import { KINDS, type IdOption } from '../../../readers/configured.ts';
import type { Stream } from '../../../streams/index.ts';
import { settingsIn } from '../../config.ts';
import type { Session } from '../../session.ts';
import type { Option } from '../../spec.ts';
import type { Account } from './account.ts';
import type { Asking, Choice } from './asking.ts';
import { findContacts, offersFor, withOwn, type Offer, type Offers } from './lists.ts';
import { expandableColumns } from './menus.ts';
import { listed, summary } from './words.ts';

export interface AskContext {
  readonly account: Account;
  readonly asking: Asking | undefined;
  readonly session: Session;
}

/** An option that is asked for. */
export interface Asked {
  readonly name: keyof Config;
  readonly option: Option;
  /** What it is so far. */
  readonly now: unknown;
  /** The chosen streams that it concerns. */
  readonly concerns: readonly Stream[];
  /** Whether it may not be left empty. */
  readonly isRequired: boolean;
}

/** Asks a person for the value of an option, in the way that it needs. */
export async function askFor(asked: Asked, context: AskContext): Promise<unknown> {
  const { name, option, now, concerns } = asked;
  const { asking } = context;
  if (asking === undefined) throw new Error(`Nobody is there to be asked for ${name}.`);
  if (option.enum !== undefined) return asking.one(titleOf(option), option.enum.map(plain), textOf(now));
  if (option.type === 'boolean') {
    const answer = await asking.one(titleOf(option), YES_OR_NO, now === true ? 'yes' : 'no');
    return answer === 'yes';
  }
  if (name === 'expand') return asking.many(titleOf(option), columnsOf(concerns, listIn(now)), listIn(now));
  if (name === 'user_ids' || name === 'lead_ids') return askForContacts(asked, asking, context);
  if (name in KINDS) return askForNames(asked, asking, context);
  return askForText(asked, asking);
}

async function askForNames(asked: Asked, asking: Asking, { account, session }: AskContext): Promise<unknown> {
  const option = asked.name as IdOption;
  const kind = KINDS[option];
  const offers = await orNothing(offersFor(option, account.api, session.signal), asking);
  if (offers === undefined) return askForText(asked, asking);
  if (offers.isCut)
    asking.warn(`Intercom lists the first ${offers.choices.length} ${kind} only. Others can be written into the file.`);
  return chooseFrom(offers.choices, asked, asking);
}

/** Those that changed last, and if there are more, whoever is looked for. */
async function askForContacts(asked: Asked, asking: Asking, { account, session }: AskContext): Promise<unknown> {
  const role = asked.name === 'user_ids' ? 'user' : 'lead';
  const find = (text: string): Promise<Offers | undefined> =>
    orNothing(findContacts(role, text, account.api, session.signal), asking);
  const latest = await find('');
  if (latest === undefined) return askForText(asked, asking);
  const seen = new Map(latest.choices.map((offer) => [offer.value, offer]));
  let chosen = await chooseFrom(latest.choices, asked, asking);
  for (let isMore = latest.isCut; isMore;) {
    const text = await asking.text(`Find more ${role}s, by part of a name or e-mail address, or by an id`, {
      initial: '',
      placeholder: `Enter: go on with ${chosen.length === 0 ? 'none' : `these ${chosen.length}`}`,
    });
    isMore = text.trim() !== '';
    const found = isMore ? await find(text.trim()) : undefined;
    if (found === undefined) continue;
    if (found.choices.length === 0) asking.warn(`There is no ${role} like "${text.trim()}".`);
    else {
      for (const offer of found.choices) seen.set(offer.value, offer);
      const kept = chosen.flatMap((value) => seen.get(value) ?? []);
      const offers = new Map([...kept, ...found.choices].map((offer) => [offer.value, offer]));
      chosen = await chooseFrom([...offers.values()], { ...asked, now: chosen }, asking);
    }
  }
  return chosen;
}

function chooseFrom(
  offers: readonly Offer[],
  { option, now, isRequired }: Asked,
  { many }: Asking,
): Promise<readonly string[]> {
  return many(titleOf(option), withOwn(offers, listIn(now)), listIn(now), isRequired);
}

async function askForText({ name, option, now, isRequired }: Asked, { text }: Asking): Promise<unknown> {
  const isList = option.type === 'array';
  const valueIn = (answer: string) => settingsIn({ [name]: answer });
  const answer = await text(titleOf(option), {
    initial: isList ? textOfList(listIn(now)) : textOf(now),
    placeholder: isList ? 'separated by commas' : (option.pattern_descriptor ?? ''),
    problemOf: (typed) => (isRequired && typed.trim() === '' ? 'Give one at least.' : valueIn(typed).problems[0]),
  });
  return valueIn(answer).settings[name] ?? (isList ? [] : '');
}

/** Nothing where the token may not list it: then it can be written by hand. */
async function orNothing<T>(offers: Promise<T>, { warn }: Asking): Promise<T | undefined> {
  try {
    return await offers;
  } catch (error) {
    if (!(error instanceof ApiError) || !UNLISTED.has(error.failure)) throw error;
    warn(`${error.message} Write what you want by hand.`);
    return undefined;
  }
}

function columnsOf(concerns: readonly Stream[], own: readonly string[]): readonly Choice<string>[] {
  const columns = new Set([...own, ...concerns.flatMap(expandableColumns)]);
  return [...columns].sort().map((value) => {
    const having = concerns.filter((stream) => expandableColumns(stream).includes(value)).map(({ name }) => name);
    return { value, label: value, hint: having.length === 0 ? 'of other streams' : `of ${listed(having)}` };
  });
}

function titleOf({ title, description }: Option): string {
  return `${title}\n${summary(description)}`;
}

function plain(value: string): Choice<string> {
  return { value, label: value };
}

function listIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function textOfList(list: readonly string[]): string {
  return list.some((each) => each.includes(',')) ? JSON.stringify(list) : list.join(', ');
}

const YES_OR_NO: readonly Choice<'no' | 'yes'>[] = [
  { value: 'no', label: 'no' },
  { value: 'yes', label: 'yes' },
];

const UNLISTED = new Set(['no_permission', 'unavailable', 'refused']);
