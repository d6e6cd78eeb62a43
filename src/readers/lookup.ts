import { textOf, type JsonObject } from '../core/json.ts';
import type { Config } from '../generated/config.ts';
import type { Api } from '../intercom/api.ts';
import { exact } from './figure.ts';
import type { Filter, Glance, Page, Source, WalkContext } from './reader.ts';
import { matches } from './search-query.ts';
import { Seen } from './seen.ts';
import { filtersOf, source } from './source.ts';

/** Values that name records, and the fields they may stand in. */
export interface Wanted {
  /** The option they come from, for messages. */
  readonly option: string;
  readonly fields: readonly string[];
  readonly values: readonly string[];
  /** What a record must be besides. */
  readonly filters?: readonly Filter[];
}

/**
 * Finds the records of a search that configured values name, each record once. Values that name none are counted and named.
 *
 * @example lookup(contacts, (config) => [{ option: 'lead_ids', fields: ['id', 'external_id'], values: config.lead_ids }])
 */
export function lookup<T extends object>(base: Source<T>, wanted: (config: Config) => readonly Wanted[]): Source<T> {
  const { endpoint, cursor } = base.walk;
  return {
    ...source<T>({
      endpoint,
      ...(cursor === undefined ? {} : { cursor }),
      ascending: false,
      read: (context) => find(base, wanted(context.config), context),
      glance: (context) => glanceAt(base, wanted(context.config), context),
    }),
    filters: base.filters,
    query: base.query,
  };
}

/** A few values are looked up; of many it is only said how many searches they take. */
async function glanceAt(base: Source<object>, groups: readonly Wanted[], context: WalkContext): Promise<Glance> {
  const searches = groups.map(({ fields, values }) => fields.length * Math.ceil(values.length / CHUNK));
  const calls = searches.reduce((sum, each) => sum + each, 0);
  if (calls > MOST_GLANCES) return { records: [], isWhole: false, calls: { value: calls, is: 'about' } };
  const records: JsonObject[] = [];
  let made = 0;
  const send: Api['send'] = (request, signal) => {
    made++;
    return context.api.send(request, signal);
  };
  const silent = { ...context, api: { ...context.api, send }, log: () => undefined, skip: () => undefined };
  for await (const page of find(base, groups, silent)) records.push(...page.records);
  return {
    records,
    isWhole: true,
    total: exact(records.length),
    calls: exact(made),
  };
}

async function* find(
  base: Source<object>,
  groups: readonly Wanted[],
  context: WalkContext,
): AsyncGenerator<Page<JsonObject>> {
  if (groups.every(({ values }) => values.length === 0)) {
    context.log(
      'warn',
      `Nothing to look up: set ${groups.map(({ option }) => option).join(' or ')} in the configuration.`,
    );
    return;
  }
  const common = await filtersOf(base, context);
  const seen = new Seen();
  for (const group of groups) {
    const missing = new Map(group.values.map((value) => [value.toLowerCase(), value]));
    for (const field of group.fields) {
      for (const chunk of chunks([...missing.values()])) {
        const filters: readonly Filter[] = [
          ...common,
          ...(group.filters ?? []),
          { field, operator: 'IN', value: chunk },
        ];
        for await (const { records } of base.walk.read({ ...context, wants: [{ since: undefined, filters }] })) {
          const found = records.filter((record) =>
            matches(record, [...common, ...(group.filters ?? [])]),
          ) as readonly JsonObject[];
          for (const record of found) missing.delete(textOf(record[field]).toLowerCase());
          yield { records: seen.fresh(found) };
        }
      }
    }
    for (const value of missing.values()) context.skip(`${group.option} that name no such record`, value);
  }
}

function* chunks(values: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < values.length; start += CHUNK) yield values.slice(start, start + CHUNK);
}

/** Intercom documents no limit for the values of one `IN`; this many have a short request. */
const CHUNK = 50;
/** Searches that may be made in order to tell what they would come to. */
const MOST_GLANCES = 4;
