import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { Output } from './output.ts';

/** A reader that takes a chunk only when it is told to. */
function slowly({ highWaterMark = 10 } = {}) {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const stream = new Writable({
    highWaterMark,
    write: (chunk: Buffer, _, done) => {
      taken.push(chunk.toString());
      waiting.push(done);
    },
  });
  const closed: string[] = [];
  const output = new Output(stream, ({ message }) => closed.push(message));
  const take = async (): Promise<void> => {
    waiting.shift()?.();
    await settle();
  };
  return { output, stream, taken, closed, take };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await settle();
  return done;
}

describe('writing', () => {
  test('waits for a reader that is slower', async () => {
    const { output, taken, take } = slowly();
    expect(await isDone(output.write('short\n'))).toBe(true);
    const first = output.write('longer than there is room\n');
    const second = output.write('behind it\n');
    expect([await isDone(first), await isDone(second)]).toEqual([false, false]);
    for (let left = 3; left > 0; left--) await take();
    expect([await isDone(first), await isDone(second)]).toEqual([true, true]);
    expect(taken.join('')).toBe('short\nlonger than there is room\nbehind it\n');
    const later = output.write('once more, longer than there is room\n');
    expect(await isDone(later)).toBe(false);
  });

  test('keeps many lines whole and in order, whatever their length', async () => {
    const { output, taken, take } = slowly({ highWaterMark: 2 ** 30 });
    const lines = Array.from({ length: 300 }, (_, index) => `${index} ${'名😀x'.repeat((index * 37) % 900)}\n`);
    lines[150] = `150 ${'é'.repeat(50_000)}\n`;
    await output.write(lines);
    while (taken.join('').length < lines.join('').length) await take();
    expect(taken.join('')).toBe(lines.join(''));
    expect(taken.length).toBeGreaterThan(5);
    expect(taken.length).toBeLessThan(30);
  });

  test('of nothing writes nothing', async () => {
    const { output, taken } = slowly();
    await output.write('');
    await output.write([]);
    expect(taken).toEqual([]);
  });
});

describe('a reader that leaves', () => {
  test.each([
    ['with an error', (stream: Writable) => stream.destroy(new Error('EPIPE')), 'EPIPE'],
    ['without a word', (stream: Writable) => stream.destroy(), 'The reader of the output has gone.'],
  ])('%s is told once, and nobody waits for it', async (_, leave, reason) => {
    const { output, stream, taken, closed } = slowly();
    const writing = output.write('longer than there is room\n');
    const flushing = output.flush();
    expect([output.isClosed, await isDone(writing), await isDone(flushing)]).toEqual([false, false, false]);
    leave(stream);
    expect([await isDone(writing), await isDone(flushing)]).toEqual([true, true]);
    await output.write('too late\n');
    await output.flush();
    expect([output.isClosed, closed, taken.length]).toEqual([true, [reason], 1]);
  });
});

describe('the end', () => {
  test('waits until all is out', async () => {
    const { output, take } = slowly();
    void output.write('longer than there is room\n');
    const flushing = output.flush();
    expect(await isDone(flushing)).toBe(false);
    for (let left = 2; left > 0; left--) await take();
    expect(await isDone(flushing)).toBe(true);
  });

  test('that is sealed lets nothing follow, and loses nothing', async () => {
    const { output, taken, take } = slowly();
    void output.write('first\n');
    void output.write('last\n');
    output.seal();
    void output.write('after the end\n');
    for (let left = 2; left > 0; left--) await take();
    expect(taken).toEqual(['first\n', 'last\n']);
  });
});
