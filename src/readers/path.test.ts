import { describe, expect, test } from '@jest/globals';
import { pathOf } from '../intercom/api.ts';
import { path } from './path.ts';

describe('whatever an id holds, it stays one part of the path', () => {
  test.each<[unknown, string]>([
    ['5f3a', '/contacts/5f3a/tags'],
    [17, '/contacts/17/tags'],
    [JSON.rawJSON('1234567890123456789'), '/contacts/1234567890123456789/tags'],
    ['a/b', '/contacts/a%2Fb/tags'],
    ['../admins', '/contacts/..%2Fadmins/tags'],
    ['..\\admins', '/contacts/..%5Cadmins/tags'],
    ['%2e%2e', '/contacts/%252e%252e/tags'],
    ['x?role=admin#y', '/contacts/x%3Frole%3Dadmin%23y/tags'],
    ['//evil.example', '/contacts/%2F%2Fevil.example/tags'],
    ['a\u0000\tb', '/contacts/a%00%09b/tags'],
    ['\ud800', '/contacts/%EF%BF%BD/tags'],
    ['..', '/contacts/~/tags'],
    ['.', '/contacts/~/tags'],
    ['', '/contacts/~/tags'],
    [null, '/contacts/~/tags'],
  ])('%j', (id, expected) => {
    expect(pathOf(path`/contacts/${id}/tags`)).toBe(expected);
  });
});

test('a place that is kept free is shown as it is', () => {
  expect(path`/contacts/${'{id}'}/tags`).toBe('/contacts/{id}/tags');
});
