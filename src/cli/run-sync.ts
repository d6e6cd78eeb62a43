import type { ErrorKind } from '../core/errors.ts';
import type { Config } from '../generated/config.ts';
import type { RateLimit } from '../intercom/api.ts';
import type { SyncEvent } from '../sync/events.ts';
import { sync, type Selected } from '../sync/sync.ts';
import { Meter } from './meter.ts';
import { connect, type Session } from './session.ts';

/** A sync, and who is told what happens. */
export interface Job {
  readonly selected: readonly Selected[];
  readonly config: Config;
  readonly startWith?: string | undefined;
  /** Awaited, so that a slow reader of the output slows the sync. */
  readonly onEvent: (event: SyncEvent, limit: RateLimit | undefined) => Promise<void>;
  /** The rate limit makes everybody wait until then (unix milliseconds), or no longer does. */
  readonly onWait?: (until: number | undefined) => void;
}

/** Reads streams, and says in the end which of them failed. @returns whether all were read whole */
export async function runSync(job: Job, session: Session): Promise<boolean> {
  const { selected, config, startWith } = job;
  const { clock, log, signal, voice } = session;
  const meter = new Meter(clock);
  const api = await connect(config, session, {
    onCall: () => {
      meter.calls++;
    },
    onWait: (wait) => {
      meter.wait(wait !== undefined);
      job.onWait?.(wait?.until);
    },
  });
  const failed: { readonly stream: string; readonly kind: ErrorKind }[] = [];
  let isBroken = false;
  const usage = () => meter.usage();
  for await (const event of sync({ selected, config, api, clock, log, signal, startWith, usage })) {
    if (event.type === 'stream_ended' && event.failure !== undefined)
      failed.push({ stream: event.stream, kind: event.failure.kind });
    if (event.type === 'failed') isBroken = true;
    await job.onEvent(event, api.limit?.());
  }
  if (failed.length > 0 && !isBroken) {
    const kind = KINDS.find((each) => failed.some((failure) => failure.kind === each)) ?? 'system';
    const names = failed.map(({ stream }) => stream).join(', ');
    const message = `${failed.length} of ${selected.length} streams failed: ${names}. See the errors above; what was read is saved.`;
    await voice.fail({ kind, message, cause: undefined });
  }
  return failed.length === 0 && !isBroken;
}

/** The worst first. */
const KINDS: readonly ErrorKind[] = ['system', 'config', 'transient'];
