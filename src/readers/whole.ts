import { isObject, type JsonObject } from '../core/json.ts';
import type { Page, Source, WalkContext } from './reader.ts';
import { source } from './source.ts';

/**
 * A list inside a record, all of it. Intercom cuts such lists at ten and says so; only then `rest` is asked for.
 *
 * @param nested - The list as it stands in the record: `{data, total_count, has_more}`
 */
export function whole<T extends object>(nested: unknown, rest: Source<T>): Source<T> {
  return {
    ...rest,
    childCalls: 'some',
    ...source<T>({
      endpoint: rest.walk.endpoint,
      ascending: false,
      read: (context) => (isComplete(nested) ? once(nested.data) : counted(nested, rest, context)),
    }),
  };
}

/** What Intercom counts and does not list is named, not chased. */
async function* counted(nested: unknown, rest: Source<object>, context: WalkContext): AsyncGenerator<Page<JsonObject>> {
  const total = isObject(nested) ? nested['total_count'] : undefined;
  if (typeof total === 'number') context.onCut?.(total);
  let count = 0;
  for await (const page of rest.walk.read(context)) {
    count += page.records.length;
    yield page;
  }
  if (typeof total === 'number' && total > count) {
    context.skip(
      'members that Intercom counts and does not list',
      `${rest.walk.endpoint}: ${String(count)} of ${String(total)}`,
    );
  }
}

/** Whether a list inside a record says that nothing is missing. */
export function isComplete(nested: unknown): nested is { readonly data: readonly Readonly<Record<string, unknown>>[] } {
  if (!isObject(nested)) return false;
  const { data, has_more: hasMore, total_count: total } = nested;
  return (
    Array.isArray(data) &&
    data.every(isObject) &&
    hasMore !== true &&
    (typeof total !== 'number' || total <= data.length)
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- a page of what is already there
async function* once(records: readonly Readonly<Record<string, unknown>>[]) {
  yield { records };
}
