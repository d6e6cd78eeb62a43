import { join } from 'node:path';
import { readTextIfThere, writeWhole } from '../../files.ts';

/** Puts the token where Meltano looks for secrets: the project's `.env`. @returns its path */
export async function writeToken(folder: string, token: string): Promise<string> {
  const path = join(folder, '.env');
  const before = (await readTextIfThere(path, 'environment of Meltano')) ?? '';
  await writeWhole(path, withToken(before, token), 'environment of Meltano', PRIVATE);
  return path;
}

/** The lines of a `.env` with the token in place of another one, or at the end. */
export function withToken(text: string, token: string): string {
  const line = `${VARIABLE}='${token}'`;
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const index = lines.findLastIndex((each) => PATTERN.test(each));
  const changed = index === -1 ? [...lines, line] : lines.with(index, line);
  return `${changed.join('\n')}\n`;
}

const VARIABLE = 'TAP_INTERCOM_ACCESS_TOKEN';
const PATTERN = new RegExp(`^\\s*(export\\s+)?${VARIABLE}\\s*=`);
/** Whoever has the token can read the workspace. */
const PRIVATE = 0o600;
