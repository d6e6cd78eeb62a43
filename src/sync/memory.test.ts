import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOf, Memory } from './memory.ts';

const row = (id: string, value: number, digest = 'd') => ({ id, value, digest });

describe('what went out', () => {
  test.each([
    ['the same', 'a', 100, 'd', true],
    ['another second', 'a', 101, 'd', false],
    ['another look', 'a', 100, 'e', false],
    ['another row', 'b', 100, 'd', false],
  ])('is known again: %s', (_, id, value, digest, isKnown) => {
    const memory = new Memory();
    memory.add(row('a', 100));
    expect(Memory.read({ sent: memory.write(90) }, 90).has(id, value, () => digest)).toBe(isKnown);
    expect(memory.has(id, value, () => digest)).toBe(isKnown);
  });

  test('is forgotten before the cursor, and kept at it', () => {
    const memory = new Memory();
    for (const value of [99, 100, 101]) memory.add(row(String(value), value));
    expect(Object.keys(memory.write(100))).toEqual(['100', '101']);
    expect(memory.has('99', 99, () => 'd')).toBe(false);
  });

  test('keeps the last look of a row', () => {
    const memory = new Memory();
    memory.add(row('a', 100));
    memory.add(row('a', 101, 'e'));
    expect(memory.write(100)).toEqual({ a: '1.e' });
  });

  test('stays under 16 KB, whatever the ids are', () => {
    for (const id of ['x', '"\\', '\u2028\u0085', 'long'.repeat(100), '名前'.repeat(20)]) {
      const memory = new Memory();
      for (let index = 0; index < 3000; index++) memory.add(row(`${id}${String(index)}`, 100, 'abcdefghijk'));
      const written = memory.write(100);
      expect(Buffer.byteLength(JSON.stringify({ updated_at: 1_800_000_000, sent: written }))).toBeLessThan(16_000);
      expect(Object.keys(written).length).toBeGreaterThan(80);
    }
  });

  test.each([[undefined], [null], ['text'], [[]], [{ a: 5 }], [{ a: 'x.y' }], [{ a: 'x5.y' }], [{ a: '' }]])(
    'is nothing where a state says %j',
    (sent) => {
      expect(Memory.read({ sent }, 100).write(0)).toEqual({});
    },
  );

  test.each(['\u0000', 'a\ud800', '\u2028', 'x'.repeat(100_000), 'Zoë/名前', '😀'])(
    'is known again through a state, whatever its id holds: %#',
    (id) => {
      const memory = new Memory();
      memory.add(row(`${id}1`, 100));
      memory.add(row(`${id}2`, 100, 'e'));
      const written = JSON.stringify({ sent: memory.write(100) });
      expect(written.length).toBeLessThan(100);
      expect(written).not.toMatch(/\\u|[\u2028\u2029\u0085]/);
      const again = Memory.read(JSON.parse(written) as Record<string, unknown>, 100);
      expect(again.has(`${id}1`, 100, () => 'd')).toBe(true);
      expect(again.has(`${id}2`, 100, () => 'e')).toBe(true);
      expect(again.has(`${id}3`, 100, () => 'd')).toBe(false);
    },
  );

  test('is known again through any number of states, if it is not before the cursor, and nothing else is', () => {
    const sent = fc.record({
      id: fc.string({ unit: fc.constantFrom('a', '/', '"', '\0', '\ud800', '\u2028', '名', '😀'), maxLength: 5 }),
      value: fc.integer({ min: 0, max: 50 }),
      digest: fc.string({ unit: fc.constantFrom('a', 'b', '-', '_', '9'), minLength: 1, maxLength: 11 }),
    });
    const reads = fc.array(fc.tuple(fc.array(sent, { maxLength: 8 }), fc.nat({ max: 20 })), { maxLength: 4 });
    fc.assert(
      fc.property(reads, (all) => {
        const truth = new Map<string, { value: number; digest: string }>();
        let memory = new Memory();
        let cursor = 0;
        for (const [rows, step] of all) {
          for (const each of rows) {
            memory.add(each);
            truth.set(each.id, each);
          }
          cursor += step;
          const state = JSON.stringify({ updated_at: cursor, sent: memory.write(cursor) });
          memory = Memory.read(JSON.parse(state) as Record<string, unknown>, cursor);
          for (const [id, { value }] of truth) if (value < cursor) truth.delete(id);
          for (const { id, value, digest } of rows) {
            const known = truth.get(id);
            const isKnown = known?.value === value && known.digest === digest;
            expect([id, memory.has(id, value, () => digest)]).toEqual([id, isKnown]);
          }
          for (const [id, { value, digest }] of truth) expect(memory.has(id, value, () => digest)).toBe(true);
        }
      }),
    );
  });

  test('may have the name of what every object has', () => {
    const memory = new Memory();
    memory.add(row('__proto__', 100));
    const state = JSON.parse(JSON.stringify({ sent: memory.write(100) })) as Record<string, unknown>;
    expect(Memory.read(state, 100).has('__proto__', 100, () => 'd')).toBe(true);
  });
});

test.each([
  ['the same record', { a: 1 }, { a: 1 }, true],
  ['another value', { a: 1 }, { a: 2 }, false],
  ['a new signature', { url: 'https://x/f?expires=1&signature=a' }, { url: 'https://x/f?expires=2&signature=b' }, true],
  ['a longer signature', { url: 'https://x/f?signature=abc' }, { url: 'https://x/f?signature=abdef' }, true],
  ['a signature behind more', { url: 'https://x/f?a=b&expires=12' }, { url: 'https://x/f?a=b&expires=345' }, true],
  ['a signature of storage', { url: 'https://x/f?X-Amz-Date=1' }, { url: 'https://x/f?X-Amz-Date=2' }, true],
  ['what follows a signature', { text: 'https://x/f?expires=1 a' }, { text: 'https://x/f?expires=1 b' }, false],
  ['what follows a link', { url: 'https://x/f?expires=1', a: 1 }, { url: 'https://x/f?expires=2', a: 2 }, false],
  ['what follows a question', { text: 'Why? expires=1' }, { text: 'Why? expires=2' }, false],
  [
    'a question and a link',
    { a: 'x?', url: 'https://x/f?expires=1' },
    { a: 'y?', url: 'https://x/f?expires=1' },
    false,
  ],
  ['a new link', { url: 'https://x/f?expires=1' }, { url: 'https://x/g?expires=1' }, false],
  ['another query', { url: 'https://x/f?page=1' }, { url: 'https://x/f?page=2' }, false],
])('the digests of %s', (_, one, other, isSame) => {
  expect(digestOf(one) === digestOf(other)).toBe(isSame);
  expect(digestOf(one).length).toBe(11);
});
