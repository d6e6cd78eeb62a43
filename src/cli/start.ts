import type { ProgramName } from './arguments.ts';

/**
 * Starts the program, or says that this Node cannot run it. That is found out before anything else is loaded: an older Node fails at what
 * it reads there, with words that nobody understands.
 */
export async function start(name: ProgramName): Promise<void> {
  const words = process.argv.slice(2);
  const problem = problemOfNode(process.versions.node);
  if (problem === undefined) {
    const { main } = await import('./main.ts');
    await main(words, name);
    return;
  }
  process.exitCode = 1;
  if (PROTOCOL.includes(words[0])) {
    const { airbyteEncoder } = await import('../protocol/airbyte.ts');
    const { error } = airbyteEncoder(Date.now, (text) => text);
    process.stdout.write(error({ kind: 'config', message: problem, cause: undefined }));
  } else process.stderr.write(`CRITICAL ${problem}\n`);
}

/** @returns what to do about a Node of this version; nothing, if it will do */
export function problemOfNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return undefined;
  return (
    `source-intercom needs Node ${LEAST.join('.')} or later, and was started with ${version}. ` +
    'Put a newer one first in PATH (https://nodejs.org has it), or use the Docker image, which brings its own.'
  );
}

/** As package.json has it. */
const LEAST = [22, 20] as const;
/** Whoever calls these reads stdout, and perhaps nothing else. */
const PROTOCOL: readonly unknown[] = ['spec', 'check', 'discover', 'read'];
