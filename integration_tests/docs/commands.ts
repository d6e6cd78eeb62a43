import { ok } from 'node:assert/strict';
import { startChild } from '../support/child.ts';

type Program = 'source' | 'tap';

const helps = new Map<string, Promise<string>>();

/** @throws Error when a command line of ours has a command or an option that there is not */
export async function commandExists(line: string): Promise<void> {
  const [name = '', ...words] = line.split(/\s+/);
  ok(name === 'source-intercom' || name === 'tap-intercom', `${name} is no program of ours`);
  const program = name === 'source-intercom' ? 'source' : 'tap';
  const [command = ''] = words;
  const isNamed = program === 'source' && !command.startsWith('-');
  if (isNamed) ok(new RegExp(`^  ${name} ${command} `, 'm').test(await helpOf(program)), `there is no ${command}`);
  const help = await helpOf(program, ...(isNamed ? [command] : []));
  for (const [option] of line.matchAll(/(?<= )--[a-z-]+/g)) ok(help.includes(option), `${command} has no ${option}`);
}

function helpOf(program: Program, ...words: readonly string[]): Promise<string> {
  const key = [program, ...words].join(' ');
  const help = helps.get(key) ?? startChild(program, [...words, '--help']).ended.then(({ stdout }) => stdout);
  helps.set(key, help);
  return help;
}
