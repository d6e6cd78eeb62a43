import { expect, test } from '@jest/globals';
import type { Clock } from '../core/time.ts';
import { Progress, watch } from './progress.ts';

function clockAt(start: number): Clock & { time: number } {
  return {
    time: start,
    now() {
      return this.time;
    },
    sleep: () => Promise.resolve(),
  };
}

test('a line for each running stream tells rows, rate, calls left and time left', () => {
  const shown: string[] = [];
  const clock = clockAt(0);
  const progress = new Progress(
    (text) => shown.push(text),
    clock,
    () => ({ perMinute: 996, left: 12 }),
  );
  progress.follow({ type: 'stream_started', stream: 'contacts', schema: { type: 'object' } });
  progress.follow({ type: 'estimate', stream: 'contacts', rows: 400 });
  progress.follow({ type: 'stream_running', stream: 'contacts' });
  clock.time = 2000;
  progress.follow({ type: 'records', stream: 'contacts', records: Array.from({ length: 100 }, () => ({})) });
  expect(shown.at(-1)).toBe('contacts: 100 of 400 rows, 50 rows/s, 12 calls left in the window, 6 s left');
  progress.follow({ type: 'stream_ended', stream: 'contacts' });
  expect(shown.at(-1)).toBe('');
});

test('it shows at most four times a second', () => {
  const shown: string[] = [];
  const clock = clockAt(0);
  const progress = new Progress(
    (text) => shown.push(text),
    clock,
    () => undefined,
  );
  progress.follow({ type: 'stream_started', stream: 'tags', schema: { type: 'object' } });
  progress.follow({ type: 'stream_running', stream: 'tags' });
  for (let time = 0; time < 1000; time += 10) {
    clock.time = time;
    progress.follow({ type: 'records', stream: 'tags', records: [{}] });
  }
  expect(shown.length).toBe(4);
});

test('where stderr is no terminal, nothing is written to it', async () => {
  const written: unknown[] = [];
  const stderr = { isTTY: false, write: (text: unknown) => written.push(text) } as unknown as NodeJS.WriteStream;
  const { follow, end } = await watch(stderr, clockAt(0), () => undefined);
  follow({ type: 'stream_running', stream: 'tags' });
  end();
  expect(written).toEqual([]);
});
