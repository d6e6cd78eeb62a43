import type { Dialect } from './session.ts';

/** Stops the work on SIGTERM and SIGINT. @returns which of them came, if any */
export function stopOnSignals(stop: AbortController, dialect: Dialect): () => NodeJS.Signals | undefined {
  let received: NodeJS.Signals | undefined;
  for (const signal of SIGNALS) {
    const listener = (): void => {
      if (received !== undefined) return;
      received = signal;
      stop.abort(new Error(`Stopped by ${signal}`));
      // Whoever asked should not have to wait for a reader that has stalled.
      setTimeout(() => {
        endOn(signal, dialect);
      }, PATIENCE).unref();
    };
    // A second one ends the program at once, except for a tap: Meltano passes on what the tap has got already.
    if (dialect === 'airbyte') process.once(signal, listener);
    else process.on(signal, listener);
  }
  return () => received;
}

/** Ends the process as those who sent the signal expect: as by the signal itself, or, a tap on SIGTERM, as if all were well. */
export function endOn(signal: NodeJS.Signals | undefined, dialect: Dialect): void {
  if (signal === undefined) return;
  if (dialect === 'singer' && signal === 'SIGTERM') process.exit(0);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The first process of a container is not ended by its own signals.
  setTimeout(() => process.exit(signal === 'SIGINT' ? 130 : 143), 100);
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Milliseconds. */
const PATIENCE = 8000;
