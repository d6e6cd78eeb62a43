import { expect, test } from '@jest/globals';
import { readCursor, type StoredCursor } from './state.ts';

/** A cursor that lies deep. */
function nested(levels: number): object {
  let state: object = { updated_at: 7 };
  for (let level = 0; level < levels; level++) state = { a: state };
  return state;
}

test.each<[string, object, string, StoredCursor]>([
  ['nothing', {}, 'updated_at', 'none'],
  ['our own', { updated_at: 7, sent: { a: '0.x', updated_at: '1.y' } }, 'updated_at', { cursor: 7 }],
  [
    'our own, whose ids and digests look like cursors',
    { updated_at: 7, sent: { updated_at: '5.12' } },
    'updated_at',
    { cursor: 7 },
  ],
  ['a cursor that only this stream has', { changed_at: 7 }, 'changed_at', { cursor: 7 }],
  ['nothing beside a cursor', { parent_state: null, updated_at: 7 }, 'updated_at', { cursor: 7 }],
  ['our own, of a row counter', { rows: 5 }, 'updated_at', 'none'],
  ['our own, in the future', { updated_at: 4_000_000_000 }, 'updated_at', { cursor: 4_000_000_000 }],
  ['a cursor of zero', { updated_at: 0 }, 'updated_at', { cursor: 0 }],
  ['text', { updated_at: '1700000000' }, 'updated_at', { cursor: 1_700_000_000 }],
  ['ISO text', { updated_at: '2023-11-14T22:13:20Z' }, 'updated_at', { cursor: 1_700_000_000 }],
  ['milliseconds', { updated_at: 1_700_000_000_000 }, 'updated_at', { cursor: 1_700_000_000 }],
  ['another name for the cursor', { updated_at: 7 }, 'company_updated_at', { cursor: 7 }],
  [
    "Airbyte's parent_state",
    { updated_at: '9', parent_state: { conversations: { updated_at: '7' } } },
    'updated_at',
    { cursor: 7 },
  ],
  ["Airbyte's parent_state alone", { parent_state: { conversations: { updated_at: 7 } } }, 'updated_at', { cursor: 7 }],
  [
    "Airbyte's slices",
    {
      state_type: 'date-range',
      slices: [
        { start: '1', end: '9', most_recent_cursor_value: '7' },
        { start: '20', end: '30' },
      ],
    },
    'updated_at',
    { cursor: 7 },
  ],
  ["Airbyte's slices without a value", { slices: [{ start: '1', end: '9' }] }, 'updated_at', { cursor: 9 }],
  ["Airbyte's slices of which the first is none", { slices: [null, { end: '9' }] }, 'updated_at', { cursor: 9 }],
  ["Airbyte's slices, none", { slices: [] }, 'updated_at', 'unknown'],
  ["Airbyte's slices that say nothing", { slices: [{ start: '1' }] }, 'updated_at', 'unknown'],
  ['something else in the place of slices', { slices: { updated_at: 7 } }, 'updated_at', { cursor: 7 }],
  ['lists that are no slices', { pages: [{ end: 5 }], updated_at: 7 }, 'updated_at', { cursor: 7 }],
  [
    "Airbyte's global cursor",
    { use_global_cursor: true, state: { updated_at: 8 }, states: [], lookback_window: 1, parent_state: {} },
    'updated_at',
    { cursor: 8 },
  ],
  ["Airbyte's mark of a full refresh", { __ab_full_refresh_sync_complete: true }, 'updated_at', 'none'],
  ["Airbyte's mark of no cursor", { __ab_no_cursor_state_message: true }, 'updated_at', 'none'],
  ['some levels', nested(19), 'updated_at', { cursor: 7 }],
  ['thousands of levels', nested(20_000), 'updated_at', 'unknown'],
  ['empty text', { updated_at: '' }, 'updated_at', 'unknown'],
  ['null', { updated_at: null }, 'updated_at', 'none'],
  ['something else', { page: 7 }, 'updated_at', 'unknown'],
])('a state of %s', (_, state, cursor, expected) => {
  expect(readCursor(state as Record<string, unknown>, cursor)).toEqual(expected);
});
