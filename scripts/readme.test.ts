import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { streams } from '../src/streams/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README names the streams that there are', () => {
  const table = readme.split('## Streams')[1]?.split('\n## ')[0] ?? '';
  const cells = [...table.matchAll(/^\| (`[^|]*)\|/gm)].map(([, cell = '']) => cell);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));

  expect(named.sort()).toEqual(streams.map(({ name }) => name as string).sort());
  expect(table).toContain(`${streams.length} streams`);
});
