import { parseAirbyteArguments } from './airbyte-arguments.ts';
import type { Command, Notice } from './command.ts';
import { ASKS_FOR_WORDS } from './completion.ts';
import { parseSingerArguments } from './singer/arguments.ts';
import { readVersion } from './version.ts';

/** The names under which the program is installed. Either understands both dialects. */
export type ProgramName = 'source-intercom' | 'tap-intercom';

/**
 * Understands a command line. A command word means the Airbyte protocol, an option in front means Singer; where neither decides,
 * the program's own name does. Leading `--` are dropped: some launchers put one there.
 */
export function parseArguments(words: readonly string[], name: ProgramName): Promise<Command | Notice> {
  const start = words.findIndex((word) => word !== '--');
  const given = start === -1 ? [] : words.slice(start);
  const parse = isSinger(given, name) ? parseSingerArguments : parseAirbyteArguments;
  return parse(given, readVersion());
}

function isSinger([first, ...others]: readonly string[], name: ProgramName): boolean {
  const isUndecided = first === undefined || first === ASKS_FOR_WORDS || (others.length === 0 && NOTICES.has(first));
  return isUndecided ? name === 'tap-intercom' : first.startsWith('-');
}

const NOTICES = new Set(['--help', '-h', '--version']);
