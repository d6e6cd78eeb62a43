import { textOf, type JsonObject } from '../core/json.ts';
import type { JsonSchema } from '../core/schema.ts';
import type { Request } from '../intercom/api.ts';
import { recordsAt } from '../readers/records.ts';
import type { Attributed } from '../readers/stream.ts';
import type { AttributeTypes } from './shape.ts';

/** The types of the attributes that the workspace has defined for one kind of object, archived ones included. */
export async function attributeTypes(
  model: Attributed,
  once: (request: Request) => Promise<JsonObject>,
): Promise<AttributeTypes> {
  const purpose = `Reading the attributes of a ${model}`;
  const query = { include_archived: true };
  const answer = await once(
    model === 'conversation'
      ? { method: 'GET', path: '/conversations/attributes', query, purpose }
      : { method: 'GET', path: '/data_attributes', query: { ...query, model }, purpose },
  );
  return Object.fromEntries(
    recordsAt(answer, 'data', purpose)
      .filter(({ custom }) => custom !== false)
      .map((attribute) => [textOf(attribute['name']), TYPES.get(textOf(attribute['data_type'])) ?? TEXT])
      .filter(([name]) => name !== ''),
  ) as AttributeTypes;
}

const TEXT: JsonSchema = { type: ['null', 'string'] };

/** Intercom's names of types. What is not here comes as text. */
const TYPES: ReadonlyMap<string, JsonSchema> = new Map(
  Object.entries<JsonSchema>({
    boolean: { type: ['null', 'boolean'] },
    date: { type: ['null', 'integer'], unit: 'unix_seconds' },
    datetime: { type: ['null', 'integer'], unit: 'unix_seconds' },
    decimal: { type: ['null', 'number'] },
    float: { type: ['null', 'number'] },
    integer: { type: ['null', 'integer'] },
  }),
);
