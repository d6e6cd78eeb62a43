import type { Config } from '../generated/config.ts';
import { parseCatalog, parseState } from '../protocol/airbyte-input.ts';
import { airbyteEncoder } from '../protocol/airbyte.ts';
import { streams } from '../streams/index.ts';
import { sync } from '../sync/sync.ts';
import { readJson, readOptionalJson } from './files.ts';
import { Meter } from './meter.ts';
import { watch } from './progress.ts';
import { connect, type Session } from './session.ts';

/** Reads the selected streams. @returns whether all of them were read whole */
export async function read(
  config: Config,
  paths: { readonly catalog: string; readonly state: string | undefined },
  session: Session,
): Promise<boolean> {
  const { output, log, clock, signal, redact } = session;
  const encoder = airbyteEncoder(() => Date.now(), redact);
  const selection = parseCatalog(await readJson(paths.catalog, 'catalog'), streams);
  const states = parseState(await readOptionalJson(paths.state, 'state'));
  for (const name of selection.unknown) {
    log('warn', `There is no stream "${name}"; the others are read. Run discover to see the streams that there are.`);
    await output.write(encoder.status(name, 'INCOMPLETE'));
  }
  for (const { stream, isIncremental } of selection.streams)
    if (isIncremental && stream.cursor === undefined)
      log('info', `${stream.name}: has no cursor, so it is read whole.`);

  const open = new Map<string, 'started' | 'running'>();
  const meter = new Meter(clock);
  const api = await connect(config, session, {
    onCall: () => {
      meter.calls++;
    },
    onWait: (wait) => {
      meter.wait(wait !== undefined);
      for (const [stream, phase] of open) {
        // What has only started will say that it runs by itself.
        if (wait !== undefined || phase === 'running')
          void output.write(encoder.status(stream, 'RUNNING', wait?.until));
      }
    },
  });
  const selected = selection.streams.map((each) => ({ ...each, state: states.get(each.stream.name) ?? {} }));
  const failed: { readonly stream: string; readonly kind: string }[] = [];
  let isBroken = false;
  const progress = await watch(process.stderr, clock, () => api.limit?.());
  for await (const event of sync({ selected, config, api, clock, log, signal, usage: () => meter.usage() })) {
    if (event.type === 'stream_started') open.set(event.stream, 'started');
    if (event.type === 'stream_running') open.set(event.stream, 'running');
    if (event.type === 'stream_ended') open.delete(event.stream);
    if (event.type === 'stream_ended' && event.failure !== undefined)
      failed.push({ stream: event.stream, kind: event.failure.kind });
    if (event.type === 'failed') isBroken = true;
    progress.follow(event);
    await output.write(encoder.event(event));
  }
  progress.end();
  if (failed.length > 0 && !isBroken) {
    const kind =
      (['system', 'config', 'transient'] as const).find((each) => failed.some((failure) => failure.kind === each)) ??
      'system';
    const message = `${String(failed.length)} of ${String(selected.length)} streams failed: ${failed.map(({ stream }) => stream).join(', ')}. See the errors above; what was read is saved.`;
    await output.write(encoder.error({ kind, message, cause: undefined }));
  }
  return failed.length === 0 && !isBroken;
}
