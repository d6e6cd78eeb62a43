import type { Config } from '../generated/config.ts';
import type { RateLimit } from '../intercom/api.ts';
import { parseCatalog, parseState } from '../protocol/airbyte-input.ts';
import { airbyteEncoder } from '../protocol/airbyte.ts';
import { streams } from '../streams/index.ts';
import { readJson, readOptionalLines } from './files.ts';
import { watch } from './progress.ts';
import { runSync } from './run-sync.ts';
import type { Session } from './session.ts';

/** Reads the selected streams. @returns whether all of them were read whole */
export async function read(
  config: Config,
  paths: { readonly catalog: string; readonly state: string | undefined },
  session: Session,
): Promise<boolean> {
  const { clock, output, log, redact } = session;
  const encoder = airbyteEncoder(() => clock.now(), redact);
  const selection = parseCatalog(await readJson(paths.catalog, 'catalog'), streams);
  const states = parseState(await readOptionalLines(paths.state, 'state'));
  for (const name of selection.unknown) {
    log('warn', `There is no stream "${name}"; the others are read. Run discover to see the streams that there are.`);
    await output.write(encoder.status(name, 'INCOMPLETE'));
  }
  for (const { stream, isIncremental } of selection.streams)
    if (isIncremental && stream.cursor === undefined)
      log('info', `${stream.name}: has no cursor, so it is read whole.`);

  const open = new Map<string, 'started' | 'running'>();
  let limit: RateLimit | undefined;
  const progress = await watch(session.stderr, clock, () => limit);
  const isWhole = await runSync(
    {
      selected: selection.streams.map((each) => ({ ...each, state: states.get(each.stream.name) ?? {} })),
      config,
      onWait: (until) => {
        for (const [stream, phase] of open) {
          // What has only started will say that it runs by itself.
          if (until !== undefined || phase === 'running') void output.write(encoder.status(stream, 'RUNNING', until));
        }
      },
      onEvent: (event, current) => {
        limit = current;
        if (event.type === 'stream_started') open.set(event.stream, 'started');
        if (event.type === 'stream_running') open.set(event.stream, 'running');
        if (event.type === 'stream_ended') open.delete(event.stream);
        progress.follow(event);
        return output.write(encoder.event(event));
      },
    },
    session,
  );
  progress.end();
  return isWhole;
}
