import type { JsonObject } from '../../../core/json.ts';
import type { Config } from '../../../generated/config.ts';
import type { Stream } from '../../../streams/index.ts';
import { optionsOf, readSpec, type Option } from '../../spec.ts';
import { askFor, type AskContext } from './ask-option.ts';
import { answerTo } from './asking.ts';
import type { Selection } from './choose-streams.ts';
import { isNothing, type Changes, type Draft } from './draft.ts';
import { flagOf, type Given } from './given.ts';
import { hasOrder, menusOf } from './menus.ts';

interface Context extends AskContext {
  readonly given: Given;
  readonly draft: Draft;
}

/** The menus of the chosen streams, one after the other. */
export async function chooseOptions(chosen: readonly Stream[], context: Context): Promise<Changes> {
  const changes: Record<string, unknown> = {};
  for (const { option, concerns } of menusOf(chosen)) {
    changes[option] = await answerOf(option, context, concerns);
    if (option !== 'conversation_admin_type') continue;
    const isSpecific = changes[option] === 'specific';
    changes['conversation_admin_ids'] = isSpecific ? await answerOf('conversation_admin_ids', context) : [];
  }
  return changes;
}

/** From when on, and, where that is a question, in which order. */
export async function chooseTime(selection: Selection, context: Context): Promise<Changes> {
  const start = { start_date: await answerOf('start_date', context) };
  const isOrdered = [...selection].some(([stream, mode]) => mode === 'full_refresh' && hasOrder(stream));
  return isOrdered ? { ...start, order_by: await answerOf('order_by', context) } : start;
}

/** What the command line says of options, whether or not they are asked for. */
export function changesGiven({ settings, cleared }: Given): Changes {
  return { ...settings, ...Object.fromEntries(cleared.map((name) => [name, undefined])) };
}

function answerOf(name: keyof Config, context: Context, concerns: readonly Stream[] = []): Promise<unknown> {
  const { given, draft, asking } = context;
  const option = optionsOf(readSpec())[name];
  if (option === undefined) throw new Error(`There is no option ${name}.`);
  const now = valueOf(name, draft.settings) ?? nothingFor(option);
  // Asked for only where some are to be named.
  const isRequired = name === 'conversation_admin_ids';
  return answerTo(
    {
      given: given.cleared.includes(name) ? nothingFor(option) : valueOf(name, given.settings),
      ask: () => askFor({ name, option, now, concerns, isRequired }, context),
      otherwise: isRequired && isNothing(now) ? undefined : now,
      what: name,
      flag: flagOf(name),
    },
    asking,
  );
}

/** Whoever names admins means these, and says so or not. */
function valueOf(name: keyof Config, settings: Partial<Config>): unknown {
  const { conversation_admin_type: type, conversation_admin_ids: ids = [] } = settings;
  if (name === 'conversation_admin_type' && ids.length > 0 && type !== 'unassigned') return 'specific';
  return (settings as JsonObject)[name];
}

function nothingFor({ type, default: preset }: Option): unknown {
  return preset ?? (type === 'array' ? [] : '');
}
