import type { TroubleRule } from '../../../simulator/index.ts';
import type { Plan } from './plan.ts';

/** The same plan without what would take minutes of real time: long trouble, a reader that takes its time, and scrolls, which end after one. */
export function inRealTime(plan: Plan): Plan {
  return {
    ...plan,
    pace: 0,
    runs: plan.runs.map((run) => ({
      ...run,
      trouble: run.trouble.filter(isShort).map(sparingScrolls),
      pause: Math.max(run.pause, SCROLL_LIFE),
    })),
  };
}

/** Trouble that is over with the first request that meets it. */
function isShort({ effect, match }: TroubleRule): boolean {
  return match?.nth !== undefined && (match.times ?? 1) === 1 && SHORT.has(effect.kind);
}

function sparingScrolls(rule: TroubleRule): TroubleRule {
  return { ...rule, match: { route: NO_SCROLL, ...rule.match } };
}

const NO_SCROLL = /^(?!GET \/companies\/scroll)/;
const SHORT = new Set(['empty', 'html', 'nextPage', 'refuse', 'reset', 'resetMidBody', 'status', 'truncate']);
/** Seconds, and one to spare. */
const SCROLL_LIFE = 61;
