import type { Command } from './command.ts';

type Ended = Pick<Command, 'dialect' | 'isResumable'>;

/** Stops the work on SIGTERM and SIGINT. @returns which of them came, if any */
export function stopOnSignals(stop: AbortController, command: Ended): () => Signal | undefined {
  let received: Signal | undefined;
  for (const signal of SIGNALS) {
    const listener = (): void => {
      if (received !== undefined) return;
      received = signal;
      stop.abort(new Error(`Stopped by ${signal}`));
      // Whoever asked should not have to wait for a reader that has stalled.
      setTimeout(() => {
        endOn(signal, command);
      }, PATIENCE).unref();
    };
    // A second one ends the program at once, except for a tap: Meltano passes on what the tap has got already.
    if (command.dialect === 'singer') process.on(signal, listener);
    else process.once(signal, listener);
  }
  return () => received;
}

/** Ends the process as those who sent the signal expect: as by the signal itself, or, a tap's sync on SIGTERM, as if all were well. */
export function endOn(signal: Signal | undefined, { dialect, isResumable = false }: Ended): void {
  if (signal === undefined) return;
  if (isResumable && signal === 'SIGTERM') process.exit(0);
  if (dialect === 'people') process.exit(CODES[signal]);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The first process of a container is not ended by its own signals.
  setTimeout(() => process.exit(CODES[signal]), 100);
}

/** Whoever is being asked pressed Ctrl-C, which ends the program as SIGINT does. */
export class Interrupted extends Error {}

export type Signal = (typeof SIGNALS)[number];

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** What a shell makes of the signals. */
export const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** Milliseconds. */
const PATIENCE = 8000;
