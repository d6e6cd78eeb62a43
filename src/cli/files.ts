import { readFile } from 'node:fs/promises';
import { ConnectorError, messageOf } from '../core/errors.ts';

/**
 * Reads a JSON file that the user named.
 *
 * @param what - What it is, for messages: `configuration`
 * @throws ConnectorError
 */
export async function readJson(path: string, what: string): Promise<unknown> {
  return parse(await readText(path, what), path, what);
}

/** The same, where an empty file stands for nothing. */
export async function readOptionalJson(path: string | undefined, what: string): Promise<unknown> {
  if (path === undefined) return undefined;
  const text = await readText(path, what);
  return text.trim() === '' ? undefined : parse(text, path, what);
}

/** The same, where each line may also be an object of its own, as in what a read prints: a list of them. */
export async function readOptionalLines(path: string | undefined, what: string): Promise<unknown> {
  if (path === undefined) return undefined;
  const text = await readText(path, what);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return undefined;
  const isOneEach = lines.length > 1 && lines.every((line) => line.startsWith('{"'));
  return isOneEach ? lines.map((line) => parse(line, path, what)) : parse(text, path, what);
}

function parse(text: string, path: string, what: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
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

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a folder',
};
