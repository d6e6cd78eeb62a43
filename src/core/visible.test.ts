import { expect, test } from '@jest/globals';
import { visible } from './visible.ts';

test.each([
  ['plain Größe 😀\tthere\nhere', 'plain Größe 😀\tthere\nhere'],
  ['\u001b[31mred\u001b[0m', '[31mred[0m'],
  ['\u009b2Jcleared', '2Jcleared'],
  ['done\rERROR', 'doneERROR'],
  ['bell\u0007, nul\u0000, delete\u007f', 'bell, nul, delete'],
  ['\u202egnp.exe\u2066', 'gnp.exe'],
  ['one\u2028two\u0085three', 'onetwothree'],
])('%j shows as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});
