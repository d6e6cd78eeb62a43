import { expect, test } from '@jest/globals';
import { ConnectorError } from '../core/errors.ts';
import { ApiError } from '../intercom/api.ts';
import { failureOf } from './failure.ts';

test.each([
  new ConnectorError('config', 'No such tag'),
  new ConnectorError('system', 'Odd'),
  new ApiError('transient', 'transient', 'Reading tags: 503', { status: 503 }),
])('what is meant for the user is told as it is: %s', (error) => {
  expect(failureOf(error)).toStrictEqual({ kind: error.kind, message: error.message, cause: error });
});

test.each([
  ['a fault of ours', new TypeError('x is not a function'), 'x is not a function'],
  ['what is no error', 'out of paper', 'out of paper'],
])('%s is told as one, with what it was, and is for the makers', (_, thrown, what) => {
  const { kind, message, cause } = failureOf(thrown);
  expect(kind).toBe('system');
  expect(message).toContain(what);
  expect(message).toContain('Please report it');
  expect(cause).toBe(thrown);
});
