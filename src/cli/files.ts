import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { parseJson } from '../core/parse-json.ts';

/**
 * Reads a JSON file that the user named.
 *
 * @param what - What it is, for messages: `configuration`
 * @throws ConnectorError
 */
export async function readJson(path: string, what: string): Promise<unknown> {
  return parse(await readText(path, what), path, what);
}

/** The same, where an empty file stands for nothing, and each line may be an object of its own, as in what a read prints: a list of them. */
export async function readOptionalLines(path: string | undefined, what: string): Promise<unknown> {
  if (path === undefined) return undefined;
  const text = await readText(path, what);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return undefined;
  const isOneEach = lines.length > 1 && lines.every((line) => line.startsWith('{"'));
  return isOneEach ? lines.map((line) => parse(line, path, what)) : parse(text, path, what);
}

/** The text of a file that need not be there. @throws ConnectorError */
export async function readTextIfThere(path: string, what: string): Promise<string | undefined> {
  return existsSync(path) ? readText(path, what) : undefined;
}

/** The same for a JSON file that is to be written again: numbers keep all their digits. An empty file stands for nothing. */
export async function readJsonIfThere(path: string, what: string): Promise<unknown> {
  const text = await readTextIfThere(path, what);
  return text === undefined || text.trim() === '' ? undefined : parse(text, path, what);
}

/**
 * Writes a file whole or not at all: whoever reads it meanwhile, or breaks this off, is left with what there was.
 *
 * @param mode - Who may read it. Default: as before, or as the system has it
 * @throws ConnectorError
 */
export async function writeWhole(path: string, text: string, what: string, mode?: number): Promise<void> {
  const { default: write } = await import('write-file-atomic');
  try {
    await write(path, text, mode === undefined ? {} : { mode });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = WRITING[code] ?? REASONS[code] ?? `cannot be written (${messageOf(error)})`;
    throw new ConnectorError('config', `Writing the ${what}: ${path} ${reason}. Check the path.`);
  }
}

function parse(text: string, path: string, what: string): unknown {
  try {
    return parseJson(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConnectorError(
      'config',
      `Reading the ${what}: ${path} is not JSON (${positionOf(error)}). Correct the file.`,
    );
  }
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new ConnectorError(
      'config',
      `Reading the ${what}: ${path} ${REASONS[code] ?? `cannot be read (${messageOf(error)})`}. Check the path.`,
    );
  }
}

/** Where JSON goes wrong, without quoting the file, which may hold a token. */
function positionOf(error: unknown): string {
  const message = messageOf(error);
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return `at character ${position}`;
  return message.includes('end of JSON') ? 'it ends too early' : 'it does not begin as JSON does';
}

const WRITING: Readonly<Record<string, string>> = {
  ENOENT: 'is in a folder that does not exist',
  EACCES: 'may not be written by this user',
  EROFS: 'is in a file system that is read-only',
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a folder',
};
