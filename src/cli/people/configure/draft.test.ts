import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { settingsIn } from '../../config.ts';
import { edited } from './draft.ts';
import { withToken } from './meltano-token.ts';

const NOTHING = { tag_ids: [], start_date: '', usernames: undefined };

function edit(raw: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>) {
  return edited({ raw, settings: settingsIn(raw).settings }, changes);
}

describe('a configuration', () => {
  test.each([
    ['a new value', {}, { start_date: '2024-01-01' }, { start_date: '2024-01-01' }],
    ['a default is not spelt out', {}, { event_type: 'all', skip_failed_conversations: false }, {}],
    ['unless something else is there', { event_type: 'user' }, { event_type: 'all' }, { event_type: 'all' }],
    ['the same value in another form stays', { tag_ids: 'a, b' }, { tag_ids: ['a', 'b'] }, { tag_ids: 'a, b' }],
    ['and does not if it changes', { tag_ids: 'a, b' }, { tag_ids: ['a'] }, { tag_ids: ['a'] }],
    ['nothing takes it out', { tag_ids: ['a'], start_date: 'x', usernames: ['u'] }, NOTHING, {}],
    ['what is wrong is put right', { region: 'mars' }, { region: 'eu' }, { region: 'eu' }],
  ])('%s', (_what, raw, changes, result) => {
    expect(edit(raw, changes)).toEqual(result);
  });

  test('what it says besides stays, in its place', () => {
    const raw = { z: 1, access_token: 't', a: { b: [null] } };
    expect(Object.keys(edit(raw, { access_token: 'u', region: 'au' }))).toEqual(['z', 'access_token', 'a', 'region']);
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().map((key) => `x${key}`),
          fc.jsonValue(),
        ),
        (more) => {
          expect(edit(more, { region: 'eu' })).toEqual({ ...more, region: 'eu' });
        },
      ),
    );
  });
});

test.each([
  ['', "TAP_INTERCOM_ACCESS_TOKEN='new'\n"],
  ['A=1', "A=1\nTAP_INTERCOM_ACCESS_TOKEN='new'\n"],
  ['TAP_INTERCOM_ACCESS_TOKEN=old\nA=1\n', "TAP_INTERCOM_ACCESS_TOKEN='new'\nA=1\n"],
  ['export TAP_INTERCOM_ACCESS_TOKEN = "old"\n', "TAP_INTERCOM_ACCESS_TOKEN='new'\n"],
  ['TAP_INTERCOM_ACCESS_TOKEN_2=x\n', "TAP_INTERCOM_ACCESS_TOKEN_2=x\nTAP_INTERCOM_ACCESS_TOKEN='new'\n"],
])('a .env of %j', (before, after) => {
  expect(withToken(before, 'new')).toBe(after);
});
