import type { Config } from '../../generated/config.ts';
import type { Schemas } from '../../generated/schemas.ts';
import type { RateLimit } from '../../intercom/api.ts';
import type { Glance, Source, WalkContext } from '../../readers/reader.ts';
import { source } from '../../readers/source.ts';
import { contextOf, type Answering } from '../../readers/testing/context.ts';
import type { Selected } from '../enrol.ts';
import { plan, type Plan } from '../plan.ts';

/** A walk of which a look tells what `glance` gives; `looks` has what it was asked. */
export function glancing(glance: (context: WalkContext) => Glance | Promise<Glance>) {
  const looks: WalkContext[] = [];
  const walked: Source<object> = source({
    endpoint: 'GET /x',
    cursor: 'updated_at',
    ascending: true,
    read: () => {
      throw new Error('A plan reads nothing');
    },
    glance: async (context) => {
      looks.push(context);
      return glance(context);
    },
  });
  return { walked, looks };
}

/** A stream that is incremental by `updated_at`, with a state from `since` if there is one. */
export function selectedOf(
  name: keyof Schemas,
  read: Source<object>,
  more: Partial<Selected> & { readonly since?: number } = {},
): Selected {
  const { since, ...rest } = more;
  const facts = { name, title: name, permission: '', primaryKey: ['id'], cursor: 'updated_at', source: () => read };
  const state = since === undefined ? {} : { updated_at: since };
  return { stream: facts, isIncremental: true, state, ...rest };
}

export interface PlanSetting {
  readonly answer?: Answering;
  readonly config?: Partial<Config>;
  readonly limit?: RateLimit;
}

/** What a plan of these streams comes to, once `planned` is called. */
export function planning(
  selected: readonly Selected[],
  { answer = () => ({ data: [] }), config, limit }: PlanSetting = {},
) {
  const { api, clock, log, stop, requests } = contextOf(answer);
  const whole: Partial<Config> = { lookback_window: 0, expand: [], timestamps: 'unix', ...config };
  const limited = limit === undefined ? api : { ...api, limit: () => limit };
  const planned = (): Promise<Plan> =>
    plan({ selected, config: whole as Config, api: limited, clock, log, signal: stop.signal });
  return { planned, stop, requests };
}
