import type { Want } from './reader.ts';
import { same, type Range } from './search-query.ts';

/**
 * Cuts the time that a pass covers into stretches, each asking only for what some member wants there.
 *
 * A member without state beside one that is up to date must not make Intercom send everything of the other again. So before the
 * newer member's `since` only the older one's conditions are asked for, and from there on those of both. What a stretch asks
 * for grows from one to the next, which is what lets neighbouring stretches overlap without a gap.
 */
export function stretches(wants: readonly Want[], field: string): readonly Range[] {
  const starts = [...new Set(wants.map(({ since }) => since ?? -Infinity))].sort((a, b) => a - b);
  const ranges = starts.map((start) => range(wants, field, start));
  return ranges.reduce<Range[]>((kept, next) => {
    const last = kept.at(-1);
    if (last === undefined) return [next];
    if (asksTheSame(last, next)) return kept;
    if (kept.length < MAX_STRETCHES && (next.from ?? 0) - (last.from ?? 0) > WORTH_A_CALL) return [...kept, next];
    return [...kept.slice(0, -1), { ...next, from: last.from }];
  }, []);
}

function range(wants: readonly Want[], field: string, start: number): Range {
  const active = wants.filter(({ since }) => (since ?? -Infinity) <= start);
  const alternatives = active.map(({ filters }) => filters);
  return {
    field,
    from: start === -Infinity ? undefined : start,
    alternatives: alternatives.some((each) => each.length === 0) ? [[]] : alternatives,
  };
}

function asksTheSame(a: Range, b: Range): boolean {
  return covers(a, b) && covers(b, a);
}

/** Whether every alternative of `b` is one of `a`. */
function covers(a: Range, b: Range): boolean {
  return b.alternatives.every((wanted) =>
    a.alternatives.some(
      (had) => had.length === wanted.length && wanted.every((filter) => had.some((each) => same(each, filter))),
    ),
  );
}

/** Each border costs calls, so that there is at most one, */
const MAX_STRETCHES = 2;
/** and none that saves less than a day (seconds): members that ran together differ by minutes. */
const WORTH_A_CALL = 86_400;
