export type Cell = string | number;

/** Lines of a table with a rule under its head; numbers stand to the right. `widths` are the least that columns have. */
export class Table {
  readonly #widths: readonly number[];
  readonly #numeric: readonly boolean[];

  constructor(columns: readonly { readonly width: number; readonly numeric?: boolean }[]) {
    this.#widths = columns.map(({ width }) => width);
    this.#numeric = columns.map(({ numeric = false }) => numeric);
  }

  head(...titles: readonly string[]): string {
    return `${this.row(...titles)}\n${this.row(...this.#widths.map((width) => '-'.repeat(width)))}`;
  }

  row(...cells: readonly Cell[]): string {
    const padded = cells.map((cell, index) => {
      const width = this.#widths[index] ?? 0;
      const text = shorten(typeof cell === 'number' ? cell.toLocaleString('en-US') : cell, width);
      return this.#numeric[index] === true ? text.padStart(width) : text.padEnd(width);
    });
    return `  ${padded.join('  ')}`.trimEnd();
  }
}

function shorten(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

/** Text in lines of at most `width` characters, each after `indent`. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + word.length + 1 > width) {
      lines.push(indent + line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, indent + line].join('\n');
}
