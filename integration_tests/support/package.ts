import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a package of this project holds, and nothing else: paths relative to its own folder, in order. */
export function packageFiles(): readonly string[] {
  const compiled = filesIn('src')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('/testing/'))
    .flatMap((file) => ['js', 'd.ts'].map((ending) => file.replace(/^src\/(.*)ts$/, `dist/$1${ending}`)));
  return [...DOCUMENTS, ...filesIn('schemas'), ...compiled].sort();
}

/** The paths of all files in a folder of the project, relative to the project. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
}

const DOCUMENTS = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'spec.json'];
