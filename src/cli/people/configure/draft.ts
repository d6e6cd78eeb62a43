import { ConnectorError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json.ts';
import type { Config } from '../../../generated/config.ts';
import { secretsOf, settingsIn } from '../../config.ts';
import { readJsonIfThere } from '../../files.ts';
import type { Session } from '../../session.ts';
import { optionsOf, readSpec } from '../../spec.ts';

/** A configuration that is being written: what its file says, and what is to change. */
export interface Draft {
  /** Whether there was a file. */
  readonly isNew: boolean;
  readonly raw: JsonObject;
  /** What it sets, as far as it is right. */
  readonly settings: Partial<Config>;
}

/** New values by option; undefined takes the option out. */
export type Changes = Readonly<Record<string, unknown>>;

/** What a file says that may not be there. Its secrets are masked from now on. @throws ConnectorError when it is no configuration */
export async function readDraft(path: string, session: Session): Promise<Draft> {
  const raw = await readJsonIfThere(path, 'configuration');
  if (raw === undefined) return { isNew: true, raw: {}, settings: {} };
  if (!isObject(raw))
    throw new ConnectorError(
      'config',
      `Reading the configuration: ${path} holds no JSON object. Give another --output.`,
    );
  session.hide(secretsOf(raw));
  const { settings, problems } = settingsIn(raw);
  for (const problem of problems) session.log('warn', `${path}: ${problem}. Taken for not set.`);
  return { isNew: false, raw, settings };
}

/**
 * The file's content with changes made: what does not change stays as it is written, what it says besides is kept, and new options
 * come last, in the order of the specification. Defaults are not spelt out.
 */
export function edited({ raw, settings }: Pick<Draft, 'raw' | 'settings'>, changes: Changes): JsonObject {
  const options = optionsOf(readSpec());
  const result: Record<string, unknown> = { ...raw };
  for (const [name, option] of Object.entries(options)) {
    if (!(name in changes)) continue;
    const value = changes[name];
    const before = (settings as JsonObject)[name];
    if (isNothing(value) || (!(name in raw) && isSame(value, option.default))) Reflect.deleteProperty(result, name);
    else if (!isSame(value, before)) result[name] = value;
  }
  return result;
}

export function isNothing(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function isSame(value: unknown, other: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(other);
}
