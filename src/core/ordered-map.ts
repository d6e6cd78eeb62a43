/**
 * Runs `work` over `items`, at most `ahead` of them beyond the one last taken, and yields the results in the items' order.
 *
 * Everything is pulled: a consumer that stops asking stops the source. When the source fails, what came before is still yielded.
 * When the consumer leaves early, the source is closed, and what is running is left to whoever holds its abort signal.
 */
export async function* orderedMap<A, B>(
  items: AsyncIterable<A>,
  ahead: number,
  work: (item: A) => Promise<B>,
): AsyncGenerator<B, void, undefined> {
  const source = items[Symbol.asyncIterator]();
  const running: Promise<B>[] = [];
  let arriving: Promise<Arrival<A>> | undefined = arrival(source);
  let failure: { readonly error: unknown } | undefined;
  try {
    while (arriving !== undefined || running.length > 0) {
      const [first] = running;
      if (arriving !== undefined && running.length <= ahead) {
        // Waiting for the source must not hold back a result that is ready.
        const arrived: Arrival<A> | undefined = await (first === undefined
          ? arriving
          : Promise.race([arriving, settled(first)]));
        if (arrived !== undefined) {
          arriving = undefined;
          if ('error' in arrived) failure = arrived;
          else if (arrived.done !== true) {
            const result = work(arrived.value);
            result.catch(() => undefined); // thrown when it is taken; without this an early failure would be "unhandled"
            running.push(result);
            arriving = arrival(source);
          }
          continue;
        }
      }
      void running.shift();
      if (first !== undefined) yield await first;
    }
    if (failure !== undefined) throw failure.error;
  } finally {
    await source.return?.();
  }
}

type Arrival<A> = IteratorResult<A> | { readonly error: unknown };

function arrival<A>(source: AsyncIterator<A>): Promise<Arrival<A>> {
  return source.next().catch((error: unknown) => ({ error }));
}

async function settled(result: Promise<unknown>): Promise<undefined> {
  await result.then(
    () => undefined,
    () => undefined,
  );
  return undefined;
}
