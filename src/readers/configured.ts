import { ConnectorError } from '../core/errors.ts';
import type { Kind, Resolution } from './directory.ts';
import type { ReadContext } from './reader.ts';

type Context = Pick<ReadContext, 'config' | 'directory'> & Partial<Pick<ReadContext, 'skip' | 'log'>>;

export type IdOption = 'company_ids' | 'conversation_admin_ids' | 'segment_ids' | 'tag_ids';

/** The kind of object that each option names. */
export const KINDS: Readonly<Record<IdOption, Kind>> = {
  company_ids: 'companies',
  conversation_admin_ids: 'admins',
  segment_ids: 'segments',
  tag_ids: 'tags',
};

/**
 * Intercom's ids of what an option names. Names that stand for nothing, or for several things, are left out, counted and named.
 *
 * @throws ConnectorError when nothing is left: reading everything instead, or nothing, is not what was asked for
 */
export async function configuredIds(option: IdOption, context: Context): Promise<readonly string[]> {
  const resolutions = await context.directory.resolve(KINDS[option], context.config[option]);
  const unclear = resolutions.filter(({ ids }) => ids.length !== 1);
  for (const resolution of unclear) {
    context.skip?.(`${option} that are left out`, resolution.value);
    context.log?.('warn', describe(option, resolution));
  }
  const ids = resolutions.filter(({ ids }) => ids.length === 1).flatMap(({ ids }) => ids);
  if (ids.length === 0)
    throw new ConnectorError('config', unclear.map((resolution) => describe(option, resolution)).join(' '));
  return [...new Set(ids)];
}

/** Says what is wrong with a configured name, and which one may have been meant. */
export function describe(option: IdOption, { value, ids, nearest }: Resolution): string {
  if (ids.length > 1)
    return `${option}: "${value}" is the name of ${String(ids.length)} ${KINDS[option]}; give one of their ids: ${ids.join(', ')}.`;
  const hint = nearest.length === 0 ? '' : ` Did you mean ${nearest.map((name) => `"${name}"`).join(' or ')}?`;
  return `${option}: there is no ${SINGULAR[KINDS[option]]} "${value}" in this workspace.${hint}`;
}

const SINGULAR: Readonly<Record<Kind, string>> = {
  admins: 'admin',
  companies: 'company',
  segments: 'segment',
  tags: 'tag',
};
