import type { Config } from '../generated/config.ts';
import { permissionFor } from '../intercom/permissions.ts';
import type { Stream } from '../readers/stream.ts';
import type { Needs } from '../sync/probes.ts';

/** What the token must be allowed to, for a stream to be read under a configuration. */
export function needsOf({ name, permission, source }: Stream, config: Config): Needs {
  const { walk, childEndpoint, childCalls } = source(config);
  const children = childEndpoint === undefined ? [] : permissionsFor(childEndpoint);
  const always = new Set([permission, ...permissionsFor(walk.endpoint), ...(childCalls === 'each' ? children : [])]);
  const sometimes = new Set(children.filter((each) => !always.has(each)));
  return { name, permission, always: [...always], sometimes: [...sometimes] };
}

/** For `POST /contacts/search`, or several of these. */
function permissionsFor(endpoints: string): readonly string[] {
  return [...endpoints.matchAll(/\/[^\s,]+/g)]
    .map(([path]) => permissionFor(path))
    .filter((each) => each !== undefined);
}
