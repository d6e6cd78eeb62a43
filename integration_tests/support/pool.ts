/** Does a task for every item, a few at a time. @returns the results in the order of the items */
export async function inPool<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
  size = 4,
): Promise<readonly R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: size }, work));
  return results;
}

/** The results of {@link inPool}, begun when the first of them is asked for. */
export function batch<T, R>(items: readonly T[], task: (item: T) => Promise<R>): (index: number) => Promise<R> {
  let results: Promise<readonly R[]> | undefined;
  return async (index) => {
    results ??= inPool(items, task);
    const result = (await results)[index];
    if (result === undefined) throw new Error(`There is no result ${index}`);
    return result;
  };
}
