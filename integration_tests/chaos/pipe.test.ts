import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { Pipe, type PipeOptions } from './pipe.ts';

function piped(options: Partial<PipeOptions> = {}) {
  const lines: string[] = [];
  const pipe = new Pipe({
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    pace: () => 0,
    end: 'silent',
    scrap: 0.5,
    onLine: (line) => lines.push(line) < 2,
    ...options,
  });
  return { pipe, lines };
}

test('a program that is killed has written whole lines, and a part of the next', () => {
  const { pipe, lines } = piped();
  pipe.write('one\ntw');
  pipe.write('o\nthree!\nfour\n');
  pipe.write('five\n');
  expect(lines).toEqual(['one', 'two']);
  expect(pipe.rest).toBe('thr');
});

test('a program whose reader has gone is told so', async () => {
  const { pipe, lines } = piped({ end: 'told' });
  const failed = once(pipe, 'error');
  pipe.write('one\ntwo\nthree\n');
  expect(await failed).toMatchObject([{ code: 'EPIPE' }]);
  expect(lines).toEqual(['one', 'two']);
});

test('a slow reader makes the writer wait, and a letter may come in two parts', async () => {
  let waited = 0;
  const { pipe, lines } = piped({
    clock: {
      now: () => 0,
      sleep: (milliseconds) => {
        waited += milliseconds;
        return Promise.resolve();
      },
    },
    pace: () => 30,
  });
  const bytes = Buffer.from('ü\n');
  await new Promise((resolve) => pipe.write(bytes.subarray(0, 1), resolve));
  await new Promise((resolve) => pipe.write(bytes.subarray(1), resolve));
  expect([lines, waited]).toEqual([['ü'], 60]);
});
