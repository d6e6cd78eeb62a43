/** What a read left out, by kind. Nothing is left out silently. */
export class Skips {
  readonly #names = new Map<string, { count: number; readonly first: string[] }>();

  readonly add = (kind: string, name: string): void => {
    const known = this.#names.get(kind) ?? { count: 0, first: [] };
    known.count++;
    if (known.first.length < MOST_NAMES) known.first.push(name);
    this.#names.set(kind, known);
  };

  /** One line for each kind: how many, and which. */
  *lines(): Generator<string> {
    for (const [kind, { count, first }] of this.#names) {
      const more = count > first.length ? `, and ${String(count - first.length)} more` : '';
      yield `Left out, ${kind}: ${String(count)} (${first.join(', ')}${more})`;
    }
  }
}

const MOST_NAMES = 20;
