import { describe, expect, test } from '@jest/globals';
import { ABSENT, Order, sortedByKey } from './order.ts';

describe('Order', () => {
  test('orders by key, then slot, and leaves out what is absent', () => {
    expect(slotsOf(orderOver([30, 10, ABSENT, 10]))).toEqual([1, 3, 0]);
  });

  test('follows changed, added and removed keys, few or many', () => {
    for (const changes of [5, 1000]) {
      const keys = Array.from({ length: 2000 }, (_, slot) => (slot * 7919) % 500);
      const order = orderOver(keys);
      for (let step = 0; step < changes; step++) {
        const slot = (step * 31) % (keys.length + 1);
        keys[slot] = step % 5 === 0 ? ABSENT : (step * 97) % 600;
        order.touch(slot);
      }
      order.settle();
      expect(slotsOf(order)).toEqual(slotsOf(orderOver(keys)));
    }
  });

  test('takes in what is added later, and loses nothing for it', () => {
    const keys = [30, 10, 20];
    const order = orderOver(keys);
    keys.push(5);
    order.touch(3);
    order.settle();
    expect(slotsOf(order)).toEqual([3, 1, 2, 0]);
  });

  test('counts what stands before a place', () => {
    const order = orderOver([5, 5, 9]);
    expect([order.before(5, 0), order.before(5, 1), order.before(9, 0), order.before(10, 0)]).toEqual([0, 1, 2, 3]);
  });
});

function orderOver(keys: number[]): Order {
  const order = new Order(
    (slot) => keys[slot]!,
    () => keys.length,
  );
  order.settle();
  return order;
}

function slotsOf(order: Order): number[] {
  return [...order.slots.subarray(0, order.length)];
}

test('sortedByKey sorts keys of any distance', () => {
  const keys = [ABSENT - 1, 5, ABSENT, 5, 0];
  for (const offset of [0, 10_000_000]) {
    const slots = [0, 1, 2, 3, 4].map((slot) => slot + offset);
    expect([...sortedByKey(slots, (slot) => keys[slot - offset]!)]).toEqual([4, 1, 3, 0].map((slot) => slot + offset));
  }
});
