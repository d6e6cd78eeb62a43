import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from './redact.ts';

describe('secrets in text', () => {
  const secret = 'dG9rOmEyNGI0/+"ä=';
  const redact = createRedactor(['', '  ', 'abc', secret]);
  test.each([
    ['as it is', secret],
    ['URL-encoded', encodeURIComponent(secret)],
    ['URL-encoded in lower case', encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
    ['hexadecimal', Buffer.from(secret).toString('hex')],
    ['HEXADECIMAL', Buffer.from(secret).toString('hex').toUpperCase()],
  ])('%s', (_name, form) => {
    expect(redact(`before ${form} after ${form}`)).toBe('before **** after ****');
  });

  test.each(['', 'x', 'xy', 'Bearer ', 'user:'])('base64 of something that holds it after "%s"', (before) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const masked = redact(Buffer.from(`${before}${secret}!`).toString(encoding));
      expect(masked).toContain('****');
      // What is left are the characters at the edges, which belong to both.
      expect(masked.replace('****', '').length).toBeLessThanOrEqual(Math.ceil((before.length * 4) / 3) + 6);
    }
  });

  test("what Intercom's tokens say, decoded", () => {
    const token = Buffer.from('tok:a24b4f21_38e4').toString('base64');
    expect(createRedactor([token])(`${token} or tok:a24b4f21_38e4`)).toBe('**** or ****');
    expect(createRedactor(['plain-token'])(Buffer.from('plain-token', 'base64').toString())).not.toContain('****');
  });

  test('short values and the rest of the text stay', () => {
    expect(redact('abc and "normal" text, dG9r')).toBe('abc and "normal" text, dG9r');
    expect(createRedactor([])('text')).toBe('text');
  });

  test('the longer secret goes first', () => {
    expect(createRedactor(['secret', 'secret-and-more'])('secret-and-more, secret')).toBe('****, ****');
  });

  test('a line break around a value hides nothing', () => {
    expect(createRedactor(['token-1\n'])('a token-1 b token-1\n')).toBe('a **** b ****');
  });

  test('whatever the secret, it is gone', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: 'binary' }), fc.string(), (value, around) => {
        fc.pre(!'****'.includes(value) && !around.includes(value));
        expect(createRedactor([value])(`${around}\0${value}\0${around}`)).not.toContain(`\0${value}\0`);
      }),
    );
  });
});
