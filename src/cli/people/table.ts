import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { visible } from '../../core/visible.ts';

export interface Column {
  readonly title: string;
  /** Figures stand at the right of their column. @default 'left' */
  readonly align?: 'left' | 'right';
}

export interface TableOptions {
  /** Whether titles are bold: only a terminal shows it. */
  readonly isStyled: boolean;
  /** Columns of the screen that a line may take; a column that finds no room is left out. Default: any number. */
  readonly width?: number;
  /** What no cell may be wider than. Default: nothing. */
  readonly widestCell?: number;
}

/** Lines of padded columns: titles, then rows. Widths are those on a screen, where some letters take two places and some none. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { isStyled, width = Infinity, widestCell = Infinity }: TableOptions,
): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => shorten(flat(cell), widestCell)));
  const widths = columns.map(({ title }, index) =>
    Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[index] ?? ''))),
  );
  const fitting = howManyFit(widths, width);
  const shown = columns.slice(0, fitting);
  const line = (row: readonly string[]): string =>
    shown
      .map(({ align = 'left' }, index) => pad(row[index] ?? '', widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd();
  const titles = line(columns.map(({ title }) => title));
  return [isStyled ? bold(titles) : titles, ...cells.map(line)];
}

/** How many columns `table` shows; the others have no room. */
export function columnsShown(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width = Infinity, widestCell = Infinity }: Omit<TableOptions, 'isStyled'>,
): number {
  const widths = columns.map(({ title }, index) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(shorten(flat(row[index] ?? ''), widestCell)))),
  );
  return howManyFit(widths, width);
}

/** Whether output to a stream may be styled: it is a terminal, and nobody asked for none (`NO_COLOR`). */
export function isStyled(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}

/** Without what would move the cursor, or hide text from view. */
export function flat(text: string): string {
  return visible(text.replace(/\s+/g, ' '));
}

/** At least one column, and of the others those that fit. */
function howManyFit(widths: readonly number[], width: number): number {
  let used = 0;
  const tooMany = widths.findIndex((each, index) => {
    used += each + (index === 0 ? 0 : GAP.length);
    return index > 0 && used > width;
  });
  return tooMany === -1 ? widths.length : tooMany;
}

function shorten(text: string, most: number): string {
  if (stringWidth(text) <= most) return text;
  let short = '';
  let width = 0;
  for (const { segment } of letters.segment(text)) {
    width += stringWidth(segment);
    if (width > most - 1) break;
    short += segment;
  }
  return `${short}…`;
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'left' ? text + space : space + text;
}

function bold(text: string): string {
  return styleText('bold', text, { validateStream: false });
}

const letters = new Intl.Segmenter();
const GAP = '  ';
