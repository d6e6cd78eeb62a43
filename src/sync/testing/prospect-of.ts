import { expect } from '@jest/globals';
import type { Glance, Source } from '../../readers/reader.ts';
import { contextOf } from '../../readers/testing/context.ts';
import { prospect } from '../prospect.ts';
import { memberOf, type FakeMember } from './member.ts';

/** What a source has beyond its walk. */
export type Making = Partial<Source<object>>;

/** What a stream comes to after a look at its walk; a look that is enough, so that nothing may be asked for. */
export async function prospectOf(source: Making, glance: Glance, more: FakeMember = {}) {
  const context = contextOf(() => ({}));
  const found = await prospect(memberOf({ source, ...more }), glance, new Map(), context);
  expect(context.requests).toEqual([]);
  return found;
}
