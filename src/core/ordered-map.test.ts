import { describe, expect, test } from '@jest/globals';
import { orderedMap } from './ordered-map.ts';

interface Given {
  readonly source: AsyncGenerator<number>;
  readonly given: number[];
  readonly isClosed: () => boolean;
}

function numbers(count: number, failsAt = Infinity): Given {
  const given: number[] = [];
  let closed = false;
  async function* make(): AsyncGenerator<number> {
    try {
      for (let number = 0; number < count; number++) {
        await tick();
        if (number === failsAt) throw new Error('The source broke');
        given.push(number);
        yield number;
      }
    } finally {
      closed = true;
    }
  }
  return { source: make(), given, isClosed: () => closed };
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

async function collect<T>(items: AsyncIterable<T>, into: T[]): Promise<void> {
  for await (const item of items) into.push(item);
}

describe('work over items, in order', () => {
  test.each([0, 1, 5])('%i ahead: results keep the order of the items, however long each takes', async (ahead) => {
    const found: number[] = [];
    const work = async (number: number) => {
      for (let wait = (7 * number) % 5; wait > 0; wait--) await tick();
      return number * 10;
    };
    await collect(orderedMap(numbers(12).source, ahead, work), found);
    expect(found).toEqual(Array.from({ length: 12 }, (_, number) => number * 10));
  });

  test.each([0, 1, 5])('%i ahead: no more than that are running beyond the one that is awaited', async (ahead) => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      for (let wait = 0; wait < 10; wait++) await tick();
      running--;
    };
    await collect(orderedMap(numbers(20).source, ahead, work), []);
    expect(most).toBe(ahead + 1);
  });

  test('a result that is ready does not wait for a source that is not', async () => {
    async function* source() {
      yield 1;
      await new Promise(() => undefined);
    }
    const results = orderedMap(source(), 5, (number) => Promise.resolve(number));
    expect(await results.next()).toEqual({ done: false, value: 1 });
  });

  test('what came before a failure of the source still comes', async () => {
    const found: number[] = [];
    const work = async (number: number) => {
      for (let wait = 0; wait < 5; wait++) await tick();
      return number;
    };
    await expect(collect(orderedMap(numbers(9, 3).source, 5, work), found)).rejects.toThrow('The source broke');
    expect(found).toEqual([0, 1, 2]);
  });

  test('a failure of work comes in its place, closes the source, and is not left unhandled', async () => {
    const found: number[] = [];
    const { source, isClosed } = numbers(9);
    const work = (number: number) =>
      number >= 2 ? Promise.reject(new Error(`No ${String(number)}`)) : Promise.resolve(number);
    await expect(collect(orderedMap(source, 5, work), found)).rejects.toThrow('No 2');
    expect(found).toEqual([0, 1]);
    expect(isClosed()).toBe(true);
    await tick();
  });

  test('a reader that leaves closes the source', async () => {
    const { source, given, isClosed } = numbers(100);
    const results = orderedMap(source, 2, (number) => Promise.resolve(number));
    await results.next();
    await results.return();
    expect(isClosed()).toBe(true);
    expect(given.length).toBeLessThan(6);
  });

  test('nothing is asked of the source before somebody asks for a result', async () => {
    const { source, given } = numbers(5);
    orderedMap(source, 2, (number) => Promise.resolve(number));
    await tick();
    expect(given).toEqual([]);
  });
});
