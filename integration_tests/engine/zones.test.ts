import { afterEach, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { readStreams } from './support/read.ts';

let simulator: Simulator;

afterEach(async () => {
  await simulator.close();
});

/** Workspace zones, and a noon (UTC) near which their days change. */
const ZONES = [
  ['Pacific/Pago_Pago', '2026-03-02'],
  ['UTC', '2026-03-02'],
  ['Pacific/Kiritimati', '2026-03-02'],
  ['Asia/Kolkata', '2026-03-02'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2025-10-26'],
  ['America/New_York', '2026-03-08'],
] as const;
const MOMENTS = ['23:59:59', '00:00:00', '00:00:01'] as const;

describe.each(ZONES)('in %s on %s', (timezone, day) => {
  test.each(MOMENTS)('a change at %s local time is read once, whenever the reads are', async (moment) => {
    const midnight = localMidnight(timezone, day);
    const changedAt = midnight + { '23:59:59': -1, '00:00:00': 0, '00:00:01': 1 }[moment];
    simulator = await startSimulator({
      timezone,
      now: changedAt - 7200,
      sizes: { contacts: 40, companies: 5, conversations: 5 },
    });
    const streams = ['contacts', 'users', 'conversations'];
    const first = await readStreams(simulator, streams);
    simulator.advance(7200);
    const [contact] = [...simulator.world.contacts.all()];
    simulator.world.contacts.update(contact!.id, { name: 'changed', role: 'user' });
    const [conversation] = [...simulator.world.conversations.all()].filter(({ ticket }) => ticket === null);
    simulator.world.conversations.update(conversation!.id, { title: 'changed' });

    let states = first.states;
    const seen: string[] = [];
    for (const pause of [1, 300, 700, 3600, 86_400]) {
      simulator.advance(pause);
      const next = await readStreams(simulator, streams, { states });
      states = next.states;
      for (const [stream, rows] of Object.entries(next.rows))
        seen.push(...rows.map(({ id }) => `${stream} ${String(id)}`));
    }

    expect(seen.sort()).toEqual(
      [`contacts ${contact!.id}`, `users ${contact!.id}`, `conversations ${conversation!.id}`].sort(),
    );
  });
});

/** Unix seconds of the midnight at which `day` begins in a zone. */
function localMidnight(timezone: string, day: string): number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  const guess = Date.parse(`${day}T00:00:00Z`) / 1000;
  for (let hours = -15; hours <= 15; hours += 0.25) {
    const at = guess + hours * 3600;
    if (format.format(at * 1000) === `${day} 00:00:00`) return at;
  }
  throw new Error(`${day} has no midnight in ${timezone}`);
}
