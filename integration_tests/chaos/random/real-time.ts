import type { TroubleRule } from '../../../simulator/index.ts';
import type { Plan, RunPlan } from './plan.ts';

/** The same plan without what would take minutes of real time: long trouble, a reader that takes its time, and scrolls, which end after one. */
export function inRealTime(plan: Plan): Plan {
  return {
    ...plan,
    ahead: 0,
    pace: 0,
    slowest: 0,
    runs: plan.runs.map((run) => ({
      ...run,
      trouble: run.trouble.flatMap(shortened),
      pause: Math.max(run.pause, scrolls(run) ? SCROLL_LIFE : 0),
    })),
  };
}

/** Trouble that is over with the first request that meets it; none where that is not in its nature. */
function shortened({ match, effect, seed = 0 }: TroubleRule): readonly TroubleRule[] {
  const nth = 1 + ((match?.nth ?? seed) % MOST_REQUESTS);
  return SHORT.has(effect.kind) ? [{ match: { route: NO_SCROLL, ...match, nth, times: 1 }, effect }] : [];
}

function scrolls({ streams }: RunPlan): boolean {
  return streams.some((name) => name.includes('compan'));
}

const MOST_REQUESTS = 25;
const NO_SCROLL = /^(?!GET \/companies\/scroll)/;
const SHORT = new Set(['empty', 'html', 'nextPage', 'refuse', 'reset', 'resetMidBody', 'status', 'truncate']);
/** Seconds, and one to spare. */
const SCROLL_LIFE = 61;
