import { describe, expect, test } from '@jest/globals';
import { pathOf } from './api.ts';
import { requestUrl, resolveBaseUrl } from './base-url.ts';

describe('where requests go', () => {
  test.each([
    ['us', undefined, 'https://api.intercom.io/'],
    ['eu', undefined, 'https://api.eu.intercom.io/'],
    ['au', '', 'https://api.au.intercom.io/'],
    ['eu', 'https://recorder.example/intercom/', 'https://recorder.example/intercom/'],
    ['us', ' http://127.0.0.1:8080 ', 'http://127.0.0.1:8080/'],
    ['us', 'http://localhost:1', 'http://localhost:1/'],
    ['us', 'http://[::1]:8080', 'http://[::1]:8080/'],
    ['us', 'http://127.9.9.9', 'http://127.9.9.9/'],
    ['us', 'http://127.10.200.30', 'http://127.10.200.30/'],
    ['us', 'http://api.localhost', 'http://api.localhost/'],
    ['eu', '  ', 'https://api.eu.intercom.io/'],
    ['us', 'https://a.example/?q=1#x', 'https://a.example/'],
  ] as const)('%s and %s', (region, override, expected) => {
    expect(resolveBaseUrl(region, override).href).toBe(expected);
  });

  test.each([
    'http://api.intercom.io',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1@evil.example',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'ftp://localhost',
    'file:///etc/passwd',
    'https://user:word@a.example',
    'https://user@a.example',
    'https://:word@a.example',
    'http://localhost-evil.example',
    'api.intercom.io',
    '//a.example',
    'nonsense',
  ])('%s is refused', (override) => {
    const expected = {
      kind: 'config',
      message: expect.stringMatching(/^The environment variable SOURCE_INTERCOM_API_URL /),
    };
    expect(() => resolveBaseUrl('us', override)).toThrow(expect.objectContaining(expected));
  });
});

describe('of a link only path and query count', () => {
  test.each([
    ['/contacts/search', '/contacts/search'],
    ['https://api.intercom.io/events?before=1&type=user', '/events?before=1&type=user'],
    ['//evil.example/x', '/x'],
    ['https://evil.example//evil.example/x', '/evil.example/x'],
    ['\\\\evil.example\\x', '/x'],
    ['/\t/evil.example/x', '/x'],
    ['/a/../../b', '/b'],
    ['https://user:word@evil.example/x#y', '/x'],
    ['/@evil.example', '/@evil.example'],
    ['companies?page=2', '/companies?page=2'],
    ['javascript:alert(1)', undefined],
    ['https://', undefined],
  ])('%s', (link, expected) => {
    expect(pathOf(link)).toBe(expected);
  });
});

describe('the address of a request', () => {
  const base = new URL('https://recorder.example:8443/intercom/');
  test.each([
    ['/contacts', {}, undefined, '/intercom/contacts'],
    ['/contacts?starting_after=a%3D%2B', {}, undefined, '/intercom/contacts?starting_after=a%3D%2B'],
    ['/contacts?per_page=5', { a: 'b c', d: true }, 50, '/intercom/contacts?per_page=50&a=b+c&d=true'],
    ['https://evil.example/contacts', {}, undefined, '/intercom/contacts'],
    ['//evil.example:1/contacts', {}, undefined, '/intercom/contacts'],
  ])('%s', (path, query, size, expected) => {
    const { origin, pathname, search } = requestUrl(base, { method: 'GET', path, query, purpose: 'Trying' }, size);
    expect(origin).toBe('https://recorder.example:8443');
    expect(pathname + search).toBe(expected);
  });

  test('a path that is none', () => {
    expect(() => requestUrl(base, { method: 'GET', path: 'mailto:a@b', purpose: 'Trying' }, undefined)).toThrow(
      /^Trying: /,
    );
  });
});
