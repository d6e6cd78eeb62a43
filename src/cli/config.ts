import { Ajv, type ErrorObject } from 'ajv';
import { ConnectorError } from '../core/errors.ts';
import { isObject, textOf, type JsonObject } from '../core/json.ts';
import type { Config } from '../generated/config.ts';
import { optionsOf, readSpec, type Option } from './spec.ts';

/**
 * The configuration, with every default filled in. Unknown keys are ignored, null and empty text mean "not set", and numbers,
 * booleans and lists may come as text, since environment variables and forms know nothing else.
 *
 * @throws ConnectorError that names the options that are wrong, never their values
 */
export function parseConfig(raw: unknown): Config {
  if (!isObject(raw)) throw refuse(['it must be a JSON object, such as {"access_token": "..."}']);
  const { connectionSpecification } = readSpec();
  const options = optionsOf(readSpec());
  const config = normalised(raw, options);
  const validate = new Ajv({ allErrors: true, useDefaults: true, strict: false }).compile<Config>(
    connectionSpecification,
  );
  if (!validate(config)) throw refuse([...new Set((validate.errors ?? []).map((error) => explain(error, options)))]);
  return checked(config);
}

/** What a configuration sets, without defaults. What is wrong is left out, and told. */
export function settingsIn(raw: JsonObject): {
  readonly settings: Partial<Config>;
  readonly problems: readonly string[];
} {
  const options = optionsOf(readSpec());
  const settings = normalised(raw, options);
  const schema = { ...readSpec().connectionSpecification, required: [] };
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  const errors = validate(settings) ? [] : (validate.errors ?? []);
  const problems = new Set(errors.map((error) => explain(error, options)));
  for (const { instancePath } of errors) Reflect.deleteProperty(settings, instancePath.split('/')[1] ?? '');
  const { start_date: start } = settings as Partial<Config>;
  if (start !== undefined && !isDate(start)) {
    problems.add(NO_DAY);
    Reflect.deleteProperty(settings, 'start_date');
  }
  return { settings, problems: [...problems] };
}

function normalised(raw: JsonObject, options: Readonly<Record<string, Option>>): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    const value = normalise(raw[name], option);
    const isNothing = name === 'request_timeout' && value === 0; // so in the configurations of singer-io's tap
    if (value !== undefined && !isNothing) config[name] = value;
  }
  return config;
}

/** The values that must never be shown, whether or not the configuration is otherwise right. */
export function secretsOf(raw: unknown): readonly string[] {
  const secrets = Object.entries(optionsOf(readSpec())).filter(([, { airbyte_secret: isSecret }]) => isSecret === true);
  return secrets
    .map(([name]) => (isObject(raw) ? raw[name] : undefined))
    .flatMap((value) => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []));
}

function normalise(value: unknown, { type }: Option): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string') return type === 'array' && Array.isArray(value) ? value.map(asText) : value;
  const text = value.trim();
  if (text === '') return undefined;
  switch (type) {
    case 'integer':
    case 'number':
      return Number.isNaN(Number(text)) ? value : Number(text);
    case 'boolean':
      return { true: true, false: false }[text.toLowerCase()] ?? value;
    case 'array':
      return listOf(text);
    case 'string':
      return text;
  }
}

/** `["a","b"]` or `a,b`. */
function listOf(text: string): unknown {
  if (text.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list)) return list.map(asText);
    } catch {
      // A name may begin with a bracket.
    }
  }
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function asText(value: unknown): unknown {
  return typeof value === 'number' || JSON.isRawJSON(value) ? textOf(value) : value;
}

/** What a schema cannot say. */
function checked(config: Config): Config {
  const { start_date: start, conversation_admin_type: type, conversation_admin_ids: ids } = config;
  if (start !== undefined && !isDate(start)) throw refuse([NO_DAY]);
  if (type === 'specific' && ids.length === 0)
    throw refuse(['conversation_admin_type is "specific", so conversation_admin_ids must name at least one admin']);
  return type === 'all' && ids.length > 0 ? { ...config, conversation_admin_type: 'specific' } : config;
}

/** 31 February would pass for 3 March. */
function isDate(text: string): boolean {
  const day = text.slice(0, 10);
  return !Number.isNaN(Date.parse(text)) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

function explain({ keyword, instancePath, params }: ErrorObject, options: Readonly<Record<string, Option>>): string {
  if (keyword === 'required') return `${String(params['missingProperty'])} is missing`;
  const [, name = '', index] = instancePath.split('/');
  const option = options[name];
  const where = index === undefined ? name : `${name} (item ${String(Number(index) + 1)})`;
  const parameters = params as JsonObject;
  switch (keyword) {
    case 'enum':
      return `${where} must be one of: ${(option?.items?.enum ?? option?.enum ?? []).join(', ')}`;
    case 'type':
      return `${where} must be ${article(String(parameters['type']))}`;
    case 'pattern':
      return `${where} must look like ${option?.pattern_descriptor ?? 'the description says'}`;
    case 'minimum':
      return `${where} must be at least ${String(parameters['limit'])}`;
    case 'maximum':
      return `${where} must be at most ${String(parameters['limit'])}`;
    default:
      return `${where} is not valid (${keyword})`;
  }
}

function article(type: string): string {
  return (
    { array: 'a list', boolean: 'true or false', integer: 'a whole number', number: 'a number', string: 'text' }[
      type
    ] ?? type
  );
}

function refuse(problems: readonly string[]): ConnectorError {
  return new ConnectorError('config', `Checking the configuration: ${problems.join('; ')}. Correct it and try again.`);
}

const NO_DAY = 'start_date is not a day of the calendar';
