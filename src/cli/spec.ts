import { readFileSync } from 'node:fs';
import type { ConnectorSpecification } from '../generated/airbyte.ts';

/** One option, as spec.json describes it. */
export interface Option {
  readonly type: 'array' | 'boolean' | 'integer' | 'number' | 'string';
  readonly title: string;
  readonly description: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
  readonly pattern_descriptor?: string;
  readonly airbyte_secret?: boolean;
  readonly airbyte_hidden?: boolean;
}

/** spec.json: every option, default and secret. */
export function readSpec(): ConnectorSpecification {
  return JSON.parse(readFileSync(new URL('../../spec.json', import.meta.url), 'utf8')) as ConnectorSpecification;
}

export function optionsOf({ connectionSpecification }: ConnectorSpecification): Readonly<Record<string, Option>> {
  return connectionSpecification['properties'] as Readonly<Record<string, Option>>;
}
