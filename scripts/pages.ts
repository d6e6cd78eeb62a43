import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));

/** A file of the repository, by its path from there. */
export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Every document for people. */
export function pages(): readonly string[] {
  return ['.', 'docs', 'examples', 'simulator'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
}

/** What stands between fences in a page. */
export interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  /** What a comment in front of it says: `file: config.json`. */
  readonly mark: string | undefined;
  readonly text: string;
}

/** Every snippet of a page, those inside lists included. @throws Error when a fence is not closed */
export function snippetsOf(page: string, text = read(page)): readonly Snippet[] {
  const lines = text.split('\n');
  const snippets: Snippet[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, indent = '', language] = /^( *)```(.*)$/.exec(lines[index]!) ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf(`${indent}\`\`\``, index + 1);
    if (end < 0) throw new Error(`${page}:${index + 1} opens a snippet that does not end`);
    const inside = lines.slice(index + 1, end).map((line) => line.slice(indent.length));
    const before = lines.slice(Math.max(0, index - 2), index).join('\n');
    const [, mark] = /^ *<!-- ([^>]*) -->\n$/.exec(before) ?? [];
    snippets.push({ page, line: index + 1, language, mark, text: `${inside.join('\n')}\n` });
    index = end;
  }
  return snippets;
}
