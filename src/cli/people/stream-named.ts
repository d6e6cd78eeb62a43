import { ConnectorError } from '../../core/errors.ts';
import { nearest } from '../../readers/directory.ts';
import { streams, type Stream } from '../../streams/index.ts';

/** The stream of a name that somebody typed. @throws ConnectorError that says which one may have been meant */
export function streamNamed(name: string): Stream {
  const stream = streams.find((each) => each.name === name);
  if (stream !== undefined) return stream;
  const [meant] = nearest(
    name,
    streams.map((each) => each.name),
  );
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  throw new ConnectorError('config', `There is no stream "${name}".${hint} source-intercom streams lists them all.`);
}
