import { describe, expect, test } from '@jest/globals';
import type { Json } from '../json.ts';
import { bytesOf, jsonAnswer, textAnswer, textOfAnswer } from './answer.ts';

describe('the bytes of an answer', () => {
  test.each<Json>([
    null,
    {},
    [1, 'ä'],
    { data: [] },
    {
      type: 'list',
      data: [{ a: '日本 😀\u2028' }, null, 'x', { b: [1, { c: '"' }] }],
      größe: 1.5,
      pages: { next: null },
    },
  ])('%j', (json) => {
    const answer = jsonAnswer(200, json);
    expect(bytesOf(answer).toString()).toBe(JSON.stringify(json));
    expect(textOfAnswer(answer)).toBe(JSON.stringify(json));
  });

  test('a body larger than ever before', () => {
    const json = { data: Array.from({ length: 3000 }, (_, index) => ({ index, text: 'ж'.repeat(500) })) };
    expect(bytesOf(jsonAnswer(200, json)).toString()).toBe(JSON.stringify(json));
  });

  test('text as it is', () => {
    expect(bytesOf(textAnswer(200, 'ä')).toString()).toBe('ä');
  });
});
