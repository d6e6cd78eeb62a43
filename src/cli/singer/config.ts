import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConnectorError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { Config } from '../../generated/config.ts';
import { parseConfig, secretsOf } from '../config.ts';
import { readJson } from '../files.ts';
import type { Session } from '../session.ts';
import { optionsOf, readSpec } from '../spec.ts';

/**
 * The configuration from several places, of which the later wins: files, and with `ENV` the variables `TAP_INTERCOM_<SETTING>`, also
 * those of a file `.env` in the working directory.
 *
 * @throws ConnectorError
 */
export async function readConfig(places: readonly string[], session: Session): Promise<Config> {
  if (places.length === 0)
    throw new ConnectorError(
      'config',
      'Reading the configuration: none is given. Add --config FILE, or --config ENV to take it from the variables TAP_INTERCOM_<SETTING>, such as TAP_INTERCOM_ACCESS_TOKEN.',
    );
  let config: JsonObject = {};
  const secrets: string[] = [];
  for (const place of places) {
    const found = place === 'ENV' ? fromEnvironment(session.environment) : await readJson(place, 'configuration');
    if (!isObject(found)) return parseConfig(found);
    secrets.push(...secretsOf(found));
    session.hide(secrets);
    config = { ...config, ...found };
  }
  return parseConfig(config);
}

function fromEnvironment(environment: NodeJS.ProcessEnv): JsonObject {
  const variables = { ...dotenv(), ...environment };
  return Object.fromEntries(
    Object.keys(optionsOf(readSpec()))
      .map((name) => [name, variables[`TAP_INTERCOM_${name.toUpperCase()}`]] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function dotenv(): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch {
    return {};
  }
}
