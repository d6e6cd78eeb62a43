import type { JsonObject } from '../core/json.ts';
import { NOTHING, sum } from './figure.ts';
import type { Filter, Glance, Page, ReadContext, Source, WalkContext } from './reader.ts';
import { matches } from './search-query.ts';
import { skipGone } from './skip.ts';
import { filtersOf, source } from './source.ts';

/**
 * Reads something for each value that the configuration or the workspace gives, the values' first pages side by side.
 *
 * @param values - What to read for; an id that is put on every record as `stamp`
 * @example forEach(tagIds, (id) => where(users, () => [{ field: 'tag_id', operator: '=', value: id }]), 'tag_id')
 */
export function forEach<T extends object>(
  values: (context: ReadContext) => Promise<readonly string[]>,
  child: (value: string) => Source<object>,
  stamp: keyof T & string,
): Source<T> {
  const { endpoint, cursor } = child('{id}').walk;
  // A search for a value that is gone finds nothing; where it answers 404, something else is wrong.
  const isInPath = endpoint.includes('{id}');
  return source<T>({
    endpoint,
    ...(cursor === undefined ? {} : { cursor }),
    ascending: false,
    async *read(context) {
      const ids = [...new Set(await values(context))];
      const begun: Begun[] = [];
      try {
        for (const [index, id] of ids.entries()) {
          for (const ahead of ids.slice(index + begun.length, index + AHEAD))
            begun.push(begin(stamped(child(ahead), { [stamp]: ahead }, context)));
          yield* inTurn(begun[0], context, isInPath ? `${stamp} ${id}` : undefined);
          begun.shift();
        }
      } finally {
        await Promise.all(begun.map(({ pages }) => pages.return(undefined)));
      }
    },
    glance: async (context) => {
      const ids = [...new Set(await values(context))];
      if (ids.length > MOST_GLANCES) return { records: [], isWhole: false, calls: { value: ids.length, is: 'least' } };
      return together(await Promise.all(ids.map((id) => glanceAt(child(id), { [stamp]: id }, context))));
    },
  });
}

async function glanceAt(each: Source<object>, stamp: JsonObject, context: WalkContext): Promise<Glance | undefined> {
  const { walk } = each;
  const glance = await walk.glance?.(asking(each, await filtersOf(each, context), context));
  return glance && { ...glance, records: glance.records.map((record) => ({ ...record, ...stamp })) };
}

function together(glances: readonly (Glance | undefined)[]): Glance {
  const found = glances.filter((glance) => glance !== undefined);
  const isCounted = found.length === glances.length && found.every(({ total }) => total !== undefined);
  return {
    records: found.flatMap(({ records }) => records),
    isWhole: isCounted && found.every(({ isWhole }) => isWhole),
    ...(isCounted ? { total: sum(found.map(({ total = NOTHING }) => total)) } : {}),
    calls: sum(found.map(({ calls }) => calls)),
  };
}

/** Something whose first page is on its way. */
interface Begun {
  readonly pages: AsyncGenerator<Page<JsonObject>>;
  readonly first: Promise<IteratorResult<Page<JsonObject>>>;
}

function begin(pages: AsyncGenerator<Page<JsonObject>>): Begun {
  const first = pages.next();
  first.catch(() => undefined); // thrown again when its turn comes
  return { pages, first };
}

/** @param name - What may be gone since it was listed */
async function* inTurn(
  begun: Begun | undefined,
  context: WalkContext,
  name: string | undefined,
): AsyncGenerator<Page<JsonObject>> {
  try {
    const arrived = await begun?.first;
    if (begun === undefined || arrived === undefined || arrived.done === true) return;
    yield arrived.value;
    yield* begun.pages;
  } catch (error) {
    if (name === undefined) throw error;
    skipGone(error, context, name);
  }
}

/** The pages of one value. A promise about one value says nothing of the others. */
async function* stamped(
  each: Source<object>,
  stamp: JsonObject,
  context: WalkContext,
): AsyncGenerator<Page<JsonObject>> {
  const filters = await filtersOf(each, context);
  for await (const { records, isPartial } of each.walk.read(asking(each, filters, context))) {
    const made = records.filter((record) => matches(record, filters)).map((record) => ({ ...record, ...stamp }));
    yield isPartial === true ? { records: made, isPartial } : { records: made };
  }
}

/** The same with the conditions of one value's source. */
function asking({ query }: Source<object>, filters: readonly Filter[], context: WalkContext): WalkContext {
  const wants = context.wants.map((want) => ({ ...want, filters: [...want.filters, ...filters] }));
  return { ...context, wants, query: { ...context.query, ...query } };
}

/** Values that are looked into: each costs a call. */
const MOST_GLANCES = 2;
/** Values whose first page is asked for before it is their turn. */
const AHEAD = 10;
