import { describe, expect, test } from '@jest/globals';
import type { ErrorKind } from '../core/errors.ts';
import { see } from './answer.ts';
import type { ApiFailure } from './api.ts';
import { answerError, classify } from './classify.ts';

const list = (code: string, message?: string): string =>
  JSON.stringify({ type: 'error.list', request_id: 'r1', errors: [{ code, message }] });

function errorOf(status: number, text: string, path = '/tickets/search', headers = {}) {
  const seen = see({ status, headers, text }, (words) => words);
  const verdict = classify(seen);
  if (verdict === undefined) return undefined;
  return {
    again: verdict.again,
    error: answerError(verdict, seen, { method: 'POST', path, purpose: 'Reading tickets' }, 1),
  };
}

describe('what an answer means', () => {
  const html = '<html><head><title>502 Bad Gateway</title></head></html>';
  const scrollLost = 'Request failed due to an internal network error. Please restart the scroll operation.';
  test.each<[number, string, ApiFailure, ErrorKind, boolean]>([
    [401, list('unauthorized', 'Access Token Invalid'), 'bad_token', 'config', false],
    [401, list('token_not_found', 'Unauthorized'), 'bad_token', 'config', false],
    [401, list('token_revoked'), 'bad_token', 'config', false],
    [401, list('token_expired'), 'bad_token', 'config', false],
    [401, list('token_blocked'), 'bad_token', 'config', false],
    [401, list('missing_authorization'), 'bad_token', 'config', false],
    [401, '{"error":"unauthorized","error_description":"No."}', 'bad_token', 'config', false],
    [401, list('token_unauthorized', 'Not authorized to access resource'), 'no_permission', 'config', false],
    [401, list('token_suspended'), 'no_permission', 'config', false],
    [401, '', 'no_permission', 'config', false],
    [
      403,
      list('forbidden', 'You do not have the required scope (read_conversations)'),
      'no_permission',
      'config',
      false,
    ],
    [403, list('action_forbidden'), 'no_permission', 'config', false],
    [403, list('unauthorized'), 'no_permission', 'config', false],
    [403, html, 'no_permission', 'config', false],
    [403, list('api_plan_restricted', 'Active subscription needed.'), 'unavailable', 'config', false],
    [402, list('api_plan_restricted', 'Active subscription needed.'), 'unavailable', 'config', false],
    [404, list('not_found', 'Resource Not Found'), 'gone', 'system', false],
    [404, html, 'gone', 'system', false],
    [410, list('contact_merged', 'This contact has been merged.'), 'gone', 'system', false],
    [400, list('scroll_exists', 'scroll already exists for this workspace'), 'scroll_busy', 'transient', false],
    [400, list('bad_request', 'Scroll already exists for this app'), 'scroll_busy', 'transient', false],
    [500, list('server_error', scrollLost), 'transient', 'transient', false],
    [400, list('parameter_invalid', 'Per Page is too big'), 'refused', 'system', false],
    [400, list('intercom_version_invalid'), 'refused', 'system', false],
    [405, '', 'refused', 'system', false],
    [406, html, 'refused', 'system', false],
    [407, html, 'refused', 'config', false],
    [422, list('data_invalid'), 'refused', 'system', false],
    [408, list('request_timeout'), 'transient', 'transient', true],
    [429, list('rate_limit_exceeded'), 'transient', 'transient', true],
    [500, list('server_error'), 'transient', 'transient', true],
    [502, html, 'transient', 'transient', true],
    [503, '', 'transient', 'transient', true],
    [504, 'null', 'transient', 'transient', true],
    [520, 'upstream error', 'transient', 'transient', true],
    [200, '', 'transient', 'transient', true],
    [200, ' \n', 'transient', 'transient', true],
    [200, html, 'transient', 'transient', true],
    [200, '{"type":"list","da', 'unexpected', 'system', true],
    [200, 'null', 'unexpected', 'system', true],
    [200, '[1]', 'unexpected', 'system', true],
    [200, '"text"', 'unexpected', 'system', true],
    [200, list('server_error'), 'unexpected', 'system', true],
    [204, '', 'transient', 'transient', true],
    [302, '', 'unexpected', 'system', false],
    [304, '', 'unexpected', 'system', false],
  ])('%i %s: %s', (status, text, failure, kind, again) => {
    const outcome = errorOf(status, text);
    expect(outcome?.error).toMatchObject({ name: 'ApiError', failure, kind, status });
    expect(outcome?.again).toBe(again);
  });

  test.each([
    [200, '{"type":"list"}'],
    [201, '{}'],
    [200, '\uFEFF{"a":1}'.slice(1)],
  ])('%i %s is what was asked for', (status, text) => {
    expect(errorOf(status, text)).toBeUndefined();
  });
});

describe('what the user is told', () => {
  test.each<[number, string, string, RegExp]>([
    [
      403,
      list('forbidden', 'No.'),
      '/tickets/search',
      /^Reading tickets: Intercom answered 403 forbidden, "No\." \(request id r1\)\. Give .* "Read tickets" in /,
    ],
    [
      403,
      list('forbidden', 'required scope (read_conversations)'),
      '/macros?x=1',
      /permission "Read conversations" \(scope read_conversations\) /,
    ],
    [
      401,
      list('token_unauthorized'),
      '/admins/activity_logs',
      /401 token_unauthorized \(request id r1\)\. Give .* "Read admin activity logs"/,
    ],
    [
      401,
      list('token_unauthorized'),
      'https://api.intercom.io/news/news_items',
      /"Read and list news items and newsfeeds"/,
    ],
    [401, list('token_unauthorized'), '/contacts/5f', /"Read one user and one company"/],
    [401, list('token_unauthorized'), '/contacts/search', /"Read and list users and companies"/],
    [401, list('token_unauthorized'), '/something/new', /the permission for it in the Developer Hub/],
    [401, list('token_suspended'), '/me', /is suspended/],
    [403, '<html></html>', '/me', /403, with a web page instead of JSON\. .* proxy or firewall/],
    [403, '', '/me', /403, with an empty body\. .* proxy or firewall/],
    [401, list('unauthorized'), '/me', /Set `access_token` .* `region`/],
    [401, list('token_revoked'), '/me', /Set `access_token` [^`]*$/],
    [403, list('api_plan_restricted'), '/me', /plan does not include/],
    [400, list('intercom_version_invalid'), '/me', /update the connector/],
    [200, '', '/me', /answered 200, with an empty body\. /],
    [200, '[]', '/me', /answered 200, with JSON that is not an object\. /],
    [400, '{"type":"error","request_id":null,"message":"Odd"}', '/me', /answered 400, "Odd"\. /],
    [400, '{"error":"invalid_grant","error_description":"Why"}', '/me', /answered 400 invalid_grant, "Why"\. /],
    [400, '{"error":{"code":"nested","message":"Deep"}}', '/me', /answered 400 nested, "Deep"\. /],
    [400, '{"errors":[]}', '/me', /answered 400\. /],
    [400, '{"errors":[null]}', '/me', /answered 400\. /],
    [400, list('long', 'word '.repeat(200)), '/me', /^.{300,500}$/],
  ])('%i %s at %s', (status, text, path, expected) => {
    expect(errorOf(status, text, path)?.error.message).toMatch(expected);
  });

  test('the request id may be in a header', () => {
    expect(errorOf(500, '', '/me', { 'x-request-id': 'h1' })?.error.message).toContain('(request id h1)');
  });
});
