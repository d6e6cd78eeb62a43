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
