import { readdirSync, readFileSync } from 'node:fs';
import { loadSchema, type JsonSchema } from '../src/core/schema.ts';

export const root = new URL('../', import.meta.url);

/** An option of the connector, as spec.json describes it. */
export interface Option extends Omit<JsonSchema, 'type' | 'items' | 'properties'> {
  readonly title: string;
  readonly description: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array';
  readonly order: number;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly items?: { readonly type: 'string'; readonly enum?: readonly string[] };
  readonly pattern?: string;
  readonly pattern_descriptor?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly airbyte_secret?: boolean;
  readonly airbyte_hidden?: boolean;
}

export interface ConnectionSpecification {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Option>>;
}

export interface ConnectorSpec {
  readonly documentationUrl: string;
  readonly changelogUrl: string;
  readonly protocol_version: string;
  readonly connectionSpecification: ConnectionSpecification;
}

/** A file of schemas/ as written, before `extends` and `$ref` are followed. */
export interface SchemaFile {
  readonly title: string;
  readonly extends?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Names of all streams, sorted; with `shared`, of all objects inside streams. */
export function schemaNames(folder: '' | 'shared/' = ''): string[] {
  return readdirSync(new URL(`schemas/${folder}`, root))
    .filter((file) => file.endsWith('.json'))
    .map((file) => `${folder}${file.slice(0, -'.json'.length)}`)
    .sort();
}

export function schemaFile(name: string): SchemaFile {
  return JSON.parse(readFileSync(new URL(`schemas/${name}.json`, root), 'utf8')) as SchemaFile;
}

/**
 * What `expand` may name: every column of any stream that holds an object or a list of objects, and the two lists of a
 * contact that come only when they are asked for.
 */
export function expandableColumns(): string[] {
  const columns = [...schemaNames(), 'shared/contact_expanded'].flatMap((name) =>
    Object.entries(loadSchema(name).properties ?? {})
      .filter(
        ([, column]) => isType(column, 'object') || (column.items !== undefined && isType(column.items, 'object')),
      )
      .map(([column]) => column),
  );
  return [...new Set(columns)].sort();
}

function isType({ type }: JsonSchema, name: 'object'): boolean {
  return [type].flat().includes(name);
}
