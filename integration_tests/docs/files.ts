import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/pages.ts';

/** The files in a folder of the repository and below it, by their paths from there. */
export function filesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(root, path)).isFile());
}
