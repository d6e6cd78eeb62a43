import type { Log } from '../core/log.ts';

/**
 * Tells people once that the machine's clock is late, as those of virtual machines that slept are. A clock that is early is put right
 * by Intercom's, but one that is late is believed, since a row more is better than a row less.
 *
 * @returns what looks at the clock after each answer; it takes the milliseconds by which ours is ahead of Intercom's, at most
 */
export function createClockCheck(log: Log): (ahead: number | undefined) => void {
  let isTold = false;
  return (ahead) => {
    if (isTold || ahead === undefined || ahead > -LATE) return;
    isTold = true;
    log(
      'warn',
      `The clock of this machine is ${Math.floor(-ahead / 60_000)} minutes behind Intercom's. No row is lost, but what changed in that time comes ` +
        'again with every read. Set the clock.',
    );
  };
}

/** Milliseconds: half of the margin that reads keep anyway, since search is late with changes. */
const LATE = 300_000;
