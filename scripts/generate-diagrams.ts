import { factsOf, referencesOf, twinOf, type Reference, type Stream } from '../src/cli/people/stream-facts.ts';
import { loadSchema, type JsonSchema } from '../src/core/schema.ts';
import { streams } from '../src/streams/index.ts';

export interface Diagram {
  readonly title: string;
  /** Mermaid's `erDiagram`. */
  readonly text: string;
}

/** What the pictures show, each by the first words of the paths at which its streams are read. */
const PICTURES: readonly { readonly title: string; readonly paths: readonly string[] }[] = [
  { title: 'Contacts and companies', paths: ['contacts', 'companies'] },
  { title: 'Conversations, tickets and teams', paths: ['conversations', 'tickets', 'calls', 'teams'] },
  {
    title: 'The workspace and its help center',
    paths: ['admins', 'articles', 'internal_articles', 'help_center', 'news', 'brands', 'data_attributes'],
  },
];

/** How streams refer to each other, in a few pictures. */
export function diagrams(): readonly Diagram[] {
  return PICTURES.map(({ title, paths }) => {
    const relations = streams.filter((stream) => paths.includes(pathOf(stream))).flatMap(drawnReferencesOf);
    return {
      title,
      text: ['erDiagram', '  direction LR', ...entities(relations), ...relations.map(relation)].join('\n'),
    };
  });
}

/** Streams that no picture shows. */
export function undrawn(): readonly Stream[] {
  const relations = streams.flatMap(drawnReferencesOf);
  return streams.filter(({ name }) => !relations.some(({ from, to }) => name === from || name === to));
}

/** A stream with rows of another one has its references too; only what it adds is drawn. */
function drawnReferencesOf(stream: Stream): readonly Reference[] {
  const twin = twinOf(stream);
  if (twin === undefined) return referencesOf(stream);
  const known = new Set(referencesOf(twin).map(({ column }) => column));
  const added = referencesOf(stream).filter(({ column }) => !known.has(column));
  return added.length === 0 ? [] : [{ from: stream.name, column: 'id', to: twin.name }, ...added];
}

/** Each stream once, in the registry's order, with its key and the columns that refer to others. */
function entities(relations: readonly Reference[]): readonly string[] {
  return streams
    .filter(({ name }) => relations.some(({ from, to }) => name === from || name === to))
    .map((stream) => {
      const foreign = relations.filter(({ from }) => from === stream.name).map(({ column }) => column);
      const columns = [...new Set([...stream.primaryKey, ...foreign])];
      const lines = columns.map((column) => {
        const marks = [
          ...(stream.primaryKey.includes(column) ? ['PK'] : []),
          ...(foreign.includes(column) ? ['FK'] : []),
        ];
        return `    ${typeOf(stream, column)} ${column} ${marks.join(', ')}`;
      });
      return [`  ${stream.name} {`, ...lines, '  }'].join('\n');
    });
}

/** A row that is made from another one, or has it in its key, always has it. If it is all of its key, it is the only one. */
function relation({ from, column, to }: Reference): string {
  const stream = streams.find(({ name }) => name === from);
  const key = stream?.primaryKey ?? [];
  const isSure = key.includes(column) || (stream !== undefined && factsOf(stream).parents.includes(to));
  const isOnly = key.length === 1 && key[0] === column;
  return `  ${to} ${isSure ? '||' : '|o'}--${isOnly ? 'o|' : 'o{'} ${from} : ${column}`;
}

function typeOf(stream: Stream, column: string): string {
  const schema: JsonSchema | undefined = loadSchema(stream.name).properties?.[column];
  if (schema === undefined) throw new Error(`${stream.name} has no column ${column}.`);
  return [schema.type].flat().find((type) => type !== 'null') ?? 'null';
}

function pathOf(stream: Stream): string {
  return /\/(\w+)/.exec(factsOf(stream).endpoints[0] ?? '')?.[1] ?? '';
}
