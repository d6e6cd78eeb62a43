import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { isObject, type Json, type JsonObject, without } from '../json.ts';

/** Intercom's own description of its API, as a judge of answers. */
export class ApiDescription {
  private readonly paths: JsonObject;
  private readonly components: JsonObject;
  private readonly ajv = new Ajv({ strict: false, allErrors: true, verbose: true, validateFormats: false });
  private readonly validators = new Map<JsonObject, ValidateFunction>();
  /** What each part of the description is about, e.g. `contact.name`. */
  private readonly labels = new Map<object, string>();
  /** Schemas that stand for `nullable` alone. */
  private readonly nullables = new Set<object>();

  constructor(document: JsonObject) {
    this.components = (document['components'] as JsonObject)['schemas'] as JsonObject;
    this.paths = document['paths'] as JsonObject;
    for (const [name, schema] of Object.entries(this.components))
      this.components[name] = this.converted(schema as JsonObject, name);
    this.ajv.addSchema({ $id: 'intercom', components: { schemas: this.components } });
  }

  /** The schema of an answer; undefined where the description has none. `{names}` in the path may differ. */
  schemaOf(method: string, path: string, status: number): JsonObject | undefined {
    const operation = this.operation(method, path);
    const responses = operation?.['responses'] as JsonObject | undefined;
    const response = responses?.[String(status)] as
      { content?: { 'application/json'?: { schema?: JsonObject } } } | undefined;
    const schema = response?.content?.['application/json']?.schema;
    if (schema) return this.converted(schema, `${method} ${path}`);
    return status >= 400 ? { $ref: '#/components/schemas/error' } : undefined;
  }

  /** The schema of a component. */
  component(name: string): JsonObject {
    return { $ref: `#/components/schemas/${name}` };
  }

  operation(method: string, path: string): JsonObject | undefined {
    const wanted = path.replaceAll(/\{[^}]*\}/g, '{}');
    const found = Object.entries(this.paths).find(([other]) => other.replaceAll(/\{[^}]*\}/g, '{}') === wanted)?.[1];
    return isObject(found) ? (found[method.toLowerCase()] as JsonObject | undefined) : undefined;
  }

  /** What is wrong with a body, as `schema.property: keyword`, with an example of each. */
  problems(schema: JsonObject, body: Json): Map<string, string> {
    const validate = this.validators.get(schema) ?? this.ajv.compile(rooted(schema) as JsonObject);
    this.validators.set(schema, validate);
    const problems = new Map<string, string>();
    if (validate(body)) return problems;
    for (const error of validate.errors ?? []) {
      if (this.nullables.has(error.parentSchema ?? {})) continue;
      problems.set(
        `${this.labelOf(error)}: ${error.keyword}`,
        `${error.instancePath} is ${JSON.stringify(error.data).slice(0, 120)}`,
      );
    }
    return problems;
  }

  /** Calls back with each property that the schema describes (as `schema.property`) and its value wherever it occurs. */
  walk(
    schema: JsonObject,
    body: Json | undefined,
    visit: (label: string, value: Json | undefined) => void,
    open: ReadonlySet<object> = new Set(),
  ): void {
    const resolved = this.resolved(schema);
    if (body === undefined && open.has(resolved)) return;
    const inside = new Set([...open, resolved]);
    for (const key of ['allOf', 'anyOf', 'oneOf']) {
      for (const part of (resolved[key] as JsonObject[] | undefined) ?? []) this.walk(part, body, visit, inside);
    }
    const items = resolved['items'] as JsonObject | undefined;
    if (items) {
      this.walk(items, undefined, visit, inside);
      if (Array.isArray(body)) for (const item of body) this.walk(items, item, visit, inside);
    }
    for (const [name, property] of Object.entries((resolved['properties'] as JsonObject | undefined) ?? {})) {
      const value = isObject(body) ? body[name] : undefined;
      visit(`${this.labels.get(resolved) ?? ''}.${name}`, value);
      this.walk(property as JsonObject, value, visit, inside);
    }
  }

  private resolved(schema: JsonObject): JsonObject {
    const reference = schema['$ref'];
    return typeof reference === 'string'
      ? this.resolved(this.components[reference.split('/').pop()!] as JsonObject)
      : schema;
  }

  private labelOf(error: ErrorObject): string {
    return this.labels.get(error.parentSchema ?? {}) ?? error.schemaPath;
  }

  /** JSON Schema says null by type, OpenAPI 3.0 by `nullable`. */
  private converted(schema: JsonObject, label: string): JsonObject {
    const { nullable } = schema;
    const result = without(schema, 'nullable', 'discriminator');
    for (const key of ['allOf', 'anyOf', 'oneOf']) {
      if (Array.isArray(result[key]))
        result[key] = result[key].map((part) => this.converted(part as JsonObject, label));
    }
    if (isObject(result['items'])) result['items'] = this.converted(result['items'], `${label}[]`);
    if (isObject(result['properties'])) {
      result['properties'] = Object.fromEntries(
        Object.entries(result['properties']).map(([name, property]) => [
          name,
          this.converted(property as JsonObject, `${label}.${name}`),
        ]),
      );
    }
    if (isObject(result['additionalProperties']))
      result['additionalProperties'] = this.converted(result['additionalProperties'], `${label}{}`);
    const named = nullable === true ? this.orNull(result) : result;
    this.labels.set(named, label);
    this.labels.set(result, label);
    return named;
  }

  private orNull(schema: JsonObject): JsonObject {
    const { type, enum: values } = schema;
    if (typeof type === 'string' && !schema['allOf'] && !schema['anyOf'] && !schema['oneOf']) {
      const result: JsonObject = { ...schema, type: [type, 'null'] };
      if (Array.isArray(values)) result['enum'] = [...values, null];
      return result;
    }
    const nothing = { type: 'null' };
    const wrapper = { anyOf: [schema, nothing] };
    this.nullables.add(nothing).add(wrapper);
    return wrapper;
  }
}

/** The description, where it can be found: at `INTERCOM_OPENAPI`, or beside the repository. */
export function findDescription(): ApiDescription | undefined {
  const file =
    process.env['INTERCOM_OPENAPI'] ??
    fileURLToPath(new URL('../../../shared/openapi/intercom-2.16.yaml', import.meta.url));
  return existsSync(file) ? new ApiDescription(parse(readFileSync(file, 'utf8')) as JsonObject) : undefined;
}

/** References lead into the document that holds all components. */
function rooted(value: Json): Json {
  if (Array.isArray(value)) return value.map(rooted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? `intercom${inner}` : rooted(inner),
    ]),
  );
}
