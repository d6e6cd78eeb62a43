import { describe, expect, test } from '@jest/globals';
import { FAULTS, type Fault } from './faults.ts';
import { kindsOf, strikesOf, tryFault, type Kind } from './matrix.ts';
import type { Setting } from './settings.ts';

/** Which of the kinds of requests, and of the faults, are tried. Default: all. */
export interface Selection {
  readonly kinds?: (kind: Kind) => boolean;
  readonly faults?: (fault: Fault) => boolean;
}

/** Tries every fault with every kind of request that the setting's streams make. */
export async function tryFaults(
  setting: Setting,
  { kinds: isTried = () => true, faults: isMeant = () => true }: Selection = {},
): Promise<void> {
  const kinds = (await kindsOf(setting)).filter(isTried);
  describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
    const faults = FAULTS.filter(isMeant).filter(({ where }) => where?.test(kind.name) !== false);
    test.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
      const wrong: string[] = [];
      for (const strike of strikesOf(fault, kind))
        wrong.push(...(await tryFault(setting, kind, fault, strike)).map((what) => `${strike}: ${what}`));
      expect(wrong).toEqual([]);
    });
  });
}
