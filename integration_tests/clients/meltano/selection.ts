import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AirbyteStream, JsonObject } from '../../../src/generated/airbyte.ts';

/** How Meltano shows that a column comes, or does not. */
type Mark = 'automatic' | 'selected' | 'excluded';

/** Patterns of Meltano's `select`, of the kinds that our `meltano.yml` has: `stream.*` (or `*.*`) and `!stream.column`. */
export class Selection {
  readonly #included: readonly string[];
  readonly #excluded: ReadonlySet<string>;
  /** Variables that make Meltano select so. */
  readonly settings: Readonly<Record<string, string>>;

  /** @throws Error if a pattern is of another kind, or nothing is deselected */
  constructor(patterns: readonly string[], settings: Readonly<Record<string, string>> = {}) {
    const strange = patterns.filter((pattern) => !/^(\w+|\*)\.\*$|^!\w+\.\w+$/.test(pattern));
    if (strange.length > 0) throw new Error(`Nobody said what these patterns select: ${strange.join(', ')}`);
    this.#included = patterns.filter((pattern) => !pattern.startsWith('!'));
    this.#excluded = new Set(patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)));
    this.settings = settings;
    if (this.#excluded.size === 0) throw new Error('No column is deselected');
  }

  /** The selection of the extractor in a meltano.yml. */
  static in(path: string): Selection {
    const { plugins } = parse(readFileSync(path, 'utf8')) as MeltanoYml;
    return new Selection(plugins.extractors.flatMap(({ select }) => select));
  }

  /** All streams, without the same columns. */
  ofAllStreams(): Selection {
    const patterns = ['*.*', ...this.deselected.map((column) => `!${column}`)];
    return new Selection(patterns, { TAP_INTERCOM__SELECT: JSON.stringify(patterns) });
  }

  /** `stream.column` of each column that may not come. */
  get deselected(): readonly string[] {
    return [...this.#excluded];
  }

  /** The streams that are selected, without the columns that are not. */
  narrow(streams: readonly AirbyteStream[]): readonly AirbyteStream[] {
    return streams
      .filter(({ name }) => this.#includes(name))
      .map((stream) => {
        const columns = Object.entries(stream.json_schema['properties'] as JsonObject);
        const properties = Object.fromEntries(columns.filter(([column]) => this.#mark(stream, column) !== 'excluded'));
        return { ...stream, json_schema: { ...stream.json_schema, properties } };
      });
  }

  /** What Meltano has to say of each column of these streams, by `stream.column`. */
  marks(streams: readonly AirbyteStream[]): ReadonlyMap<string, Mark> {
    return new Map(
      streams.flatMap((stream) =>
        Object.keys(stream.json_schema['properties'] as JsonObject).map(
          (column) => [`${stream.name}.${column}`, this.#mark(stream, column)] as const,
        ),
      ),
    );
  }

  #mark(
    { name, source_defined_primary_key: keys = [], default_cursor_field: cursor = [] }: AirbyteStream,
    column: string,
  ): Mark {
    if (!this.#includes(name)) return 'excluded';
    if ([...keys.flat(), ...cursor].includes(column)) return 'automatic';
    return this.#excluded.has(`${name}.${column}`) ? 'excluded' : 'selected';
  }

  #includes(stream: string): boolean {
    return this.#included.includes(`${stream}.*`) || this.#included.includes('*.*');
  }
}

/** The marks that `meltano select --list --all` prints, of columns; not of what is inside of them. */
export function marksIn(output: string): ReadonlyMap<string, string> {
  const lines = output.matchAll(/^\s*\[(\w+) *\] (\w+\.\w+)$/gm);
  return new Map([...lines].map(([, mark = '', column = '']) => [column, mark]));
}

interface MeltanoYml {
  readonly plugins: { readonly extractors: readonly { readonly select: readonly string[] }[] };
}
