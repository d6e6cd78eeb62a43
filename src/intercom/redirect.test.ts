import { describe, expect, test } from '@jest/globals';
import { redirectTarget } from './redirect.ts';

const FROM = new URL('https://api.intercom.io/tags?a=1');

interface Asked {
  readonly status?: number;
  readonly method?: 'GET' | 'POST';
  readonly from?: URL;
}

function target(location: string | undefined, { status = 302, method = 'GET', from = FROM }: Asked = {}) {
  const headers = location === undefined ? {} : { location };
  return redirectTarget({ status, headers, text: '' }, method, from)?.href;
}

describe('a redirect is followed', () => {
  test.each([
    ['/new?a=2', 'https://api.intercom.io/new?a=2'],
    ['new', 'https://api.intercom.io/new'],
    ['https://api.intercom.io/new', 'https://api.intercom.io/new'],
    ['https://api.intercom.io:443/new', 'https://api.intercom.io/new'],
    ['HTTPS://API.INTERCOM.IO/new', 'https://api.intercom.io/new'],
    ['//api.intercom.io/new', 'https://api.intercom.io/new'],
    ['https://someone:secret@api.intercom.io/new', 'https://api.intercom.io/new'],
  ])('to %s', (location, expected) => {
    expect(target(location)).toBe(expected);
  });

  test.each([301, 302, 303, 307, 308])('with status %i', (status) => {
    expect(target('/new', { status })).toBe('https://api.intercom.io/new');
  });
});

describe('a redirect is not followed', () => {
  test.each([
    ['https://evil.example/tags'],
    ['//evil.example/tags'],
    ['/\\evil.example/tags'],
    ['\\\\evil.example/tags'],
    ['/\t/evil.example/tags'],
    ['https://api.intercom.io.evil.example/tags'],
    ['https://evil.example/api.intercom.io'],
    ['https://api.intercom.io@evil.example/tags'],
    ['https://api.eu.intercom.io/tags'],
    ['https://api.intercom.io:8443/tags'],
    ['http://api.intercom.io/tags'],
    ['http://api.intercom.io:443/tags'],
    ['https://api.intercom.io./tags'],
    ['https://аpi.intercom.io/tags'], // its first letter is Cyrillic
    ['file:///etc/passwd'],
    ['javascript:alert(1)'],
    ['data:application/json,{}'],
    ['https://'],
    [undefined],
  ])('to %s', (location) => {
    expect(target(location)).toBeUndefined();
  });

  test.each([200, 204, 300, 304, 305, 306, 309, 400, 500])('with status %i', (status) => {
    expect(target('/new', { status })).toBeUndefined();
  });

  test('where it would send a search again', () => {
    for (const status of [301, 302, 303, 307, 308]) expect(target('/new', { status, method: 'POST' })).toBeUndefined();
  });

  test('from this machine to elsewhere on it', () => {
    const from = new URL('http://127.0.0.1:8080/tags');
    for (const location of ['http://127.0.0.1:8081/tags', 'http://localhost:8080/tags', 'https://127.0.0.1:8080/tags'])
      expect(target(location, { from })).toBeUndefined();
    expect(target('/new', { from })).toBe('http://127.0.0.1:8080/new');
  });
});
