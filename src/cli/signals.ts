/** Stops the work on SIGTERM and SIGINT. @returns which of them came, if any */
export function stopOnSignals(stop: AbortController): () => NodeJS.Signals | undefined {
  let received: NodeJS.Signals | undefined;
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      received = signal;
      stop.abort(new Error(`Stopped by ${signal}`));
      // Whoever asked should not have to wait for a reader that has stalled.
      setTimeout(() => {
        endBySignal(signal);
      }, PATIENCE).unref();
    });
  }
  return () => received;
}

/** Ends the process as the signal itself would have, which is what those who sent it look for. */
export function endBySignal(signal: NodeJS.Signals | undefined): void {
  if (signal === undefined) return;
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The first process of a container is not ended by its own signals.
  setTimeout(() => process.exit(signal === 'SIGINT' ? 130 : 143), 100);
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Milliseconds. */
const PATIENCE = 8000;
