import type { compile } from 'json-schema-to-typescript';
import { schemaFile, schemaNames, type ConnectionSpecification, type SchemaFile } from './generate-sources.ts';

/** What json-schema-to-typescript takes: draft-04 types, and `extends`. */
export type TypedSchema = Parameters<typeof compile>[0];

/**
 * One schema for all streams, its properties being their names.
 *
 * Objects shared by several streams become one interface each. A stream that adds nothing to such an object is that
 * interface; one that adds columns extends it.
 */
export function recordsSchema(): TypedSchema {
  const definitions: Record<string, TypedSchema> = {};
  const define = (file: SchemaFile, schema: TypedSchema): TypedSchema => {
    const name = typeName(file.title);
    if (name in definitions) throw new Error(`Two schemas are titled "${file.title}".`);
    definitions[name] = schema;
    return reference(name);
  };

  for (const name of schemaNames('shared/')) define(schemaFile(name), objectType(schemaFile(name)));
  const streams = schemaNames().map((name): [string, TypedSchema] => {
    const file = schemaFile(name);
    if (file.extends === undefined) return [name, define(file, objectType(file))];
    const base = reference(typeName(schemaFile(file.extends.replace('.json', '')).title));
    const addsNothing = file.properties === undefined && file.required === undefined;
    return [name, addsNothing ? base : define(file, { ...objectType(file), extends: base } as TypedSchema)];
  });

  return {
    description: "Every stream's record type, by stream name.",
    type: 'object',
    properties: Object.fromEntries(streams),
    required: schemaNames(),
    additionalProperties: false,
    definitions,
  };
}

/**
 * The configuration as the code sees it: checked, and with every default filled in. Lists are of text, also where only
 * some texts are allowed: a type of sixty names helps nobody who asks whether a list includes a column.
 */
export function configSchema({ required, properties }: ConnectionSpecification): TypedSchema {
  const present = Object.keys(properties).filter((key) => properties[key]?.default !== undefined);
  const untitled = Object.entries(properties).map(([key, { items, ...option }]) => [
    key,
    { ...option, title: undefined, ...(items === undefined ? {} : { items: { type: items.type } }) },
  ]);
  return {
    description: 'The configuration, checked, and with every default filled in.',
    type: 'object',
    properties: Object.fromEntries(untitled) as Record<string, TypedSchema>,
    required: [...required, ...present],
    additionalProperties: false,
  };
}

/** The protocol's schema, which describes a message, rearranged so that what a source is given gets types as well. */
export function protocolSchema({ definitions, oneOf }: TypedSchema): TypedSchema {
  return {
    description: 'What passes between a platform and a source.',
    type: 'object',
    properties: {
      message: reference('AirbyteMessage'),
      configuredCatalog: reference('ConfiguredAirbyteCatalog'),
      state: reference('InputState'),
    },
    required: ['message', 'configuredCatalog', 'state'],
    definitions: { ...definitions, AirbyteMessage: { oneOf: oneOf ?? [] } },
  };
}

function objectType({ properties = {}, required = [] }: SchemaFile): TypedSchema {
  return {
    type: 'object',
    properties: withTypeNames(properties) as Record<string, TypedSchema>,
    required: required.filter((key) => key in properties),
  };
}

/**
 * The same schema, with references to files turned into references to definitions. An object met there may be null.
 * Lists are typed as holding no nulls: Intercom sends none, and every loop over a list would have to doubt it.
 */
function withTypeNames(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withTypeNames);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = schema as Readonly<Record<string, unknown>>;
  const inner = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === 'items' ? withoutNull(withTypeNames(value)) : withTypeNames(value),
    ]),
  );
  if (typeof $ref !== 'string') return inner;
  const file = schemaFile(`shared/${$ref.replace('shared/', '').replace('.json', '')}`);
  return { anyOf: [{ type: 'null' }, reference(typeName(file.title))], ...inner };
}

function withoutNull(schema: unknown): unknown {
  const { anyOf, type, ...rest } = schema as { anyOf?: readonly TypedSchema[]; type?: readonly string[] };
  return anyOf === undefined ? { type: type?.filter((name) => name !== 'null'), ...rest } : anyOf[1];
}

function reference(name: string): TypedSchema {
  return { $ref: `#/definitions/${name}` };
}

function typeName(title: string): string {
  return title.replace(/(?:^|\W+)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
