import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../simulator/index.ts';
import { catalogOf } from './dialects.ts';
import type { Stage } from './scene.ts';

/** Writes the files. @returns the words of the command line */
export function wordsFor(streams: readonly string[], { plan, simulator, folder, state }: Stage): readonly string[] {
  const write = (name: string, value: unknown): string => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const config: JsonObject = { access_token: simulator.token, ...plan.config };
  const modes = streams.map((name) => [name, plan.modes[name] ?? 'full_refresh'] as const);
  return [
    ...(plan.dialect === 'airbyte' ? ['read'] : []),
    '--config',
    write('config', config),
    '--catalog',
    write('catalog', catalogOf(plan.dialect, modes)),
    ...(state === undefined ? [] : ['--state', write('state', state)]),
  ];
}
