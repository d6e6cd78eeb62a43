import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, gone when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'source-intercom-'));
  folders.push(folder);
  return folder;
}

/** Text that goes into a file as it is, whether or not it is JSON. */
export class Verbatim {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Writes a value as JSON, or a text as it is. @returns the path */
export function writeInput(folder: string, name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, value instanceof Verbatim ? value.text : JSON.stringify(value));
  return path;
}

/** Paths and contents of everything in a folder. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isFile() ? readFileSync(path, 'utf8') : 'not a file'];
    }),
  );
}
