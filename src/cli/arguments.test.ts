import { describe, expect, test } from '@jest/globals';
import { streams } from '../streams/index.ts';
import { parseArguments } from './arguments.ts';

const COMMANDS = ['spec', 'check', 'discover', 'read', 'streams', 'configure', 'plan', 'preview'];

async function noticeOf(...words: string[]): Promise<{ readonly text: string; readonly isError: boolean }> {
  const understood = await parseArguments(words, 'source-intercom');
  return 'text' in understood ? understood : { text: 'a command', isError: false };
}

describe('a word that is nearly right', () => {
  test.each([
    [['raed'], 'Unknown argument: raed. Did you mean read?'],
    [['stream'], 'Unknown argument: stream. Did you mean streams?'],
    [['read', '--catalogue', 'c'], 'Unknown argument: catalogue. Did you mean --catalog?'],
    [['preview', '--strem', 'tags', '--config', 'c'], 'Unknown argument: strem. Did you mean --stream?'],
    [['nothing-like-it'], 'Unknown argument: nothing-like-it'],
  ])('%j', async (words, message) => {
    const { text, isError } = await noticeOf(...words);
    expect([text.split('\n')[0], isError]).toEqual([message, true]);
  });
});

describe('the help', () => {
  test('lists the commands, and what the exit codes mean', async () => {
    const { text } = await noticeOf('--help');
    for (const command of COMMANDS) expect(text).toMatch(new RegExp(`^  source-intercom ${command} +\\w`, 'm'));
    expect(text).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}130 /);
  });

  test.each(COMMANDS)('of %s has examples', async (command) => {
    const { text, isError } = await noticeOf(command, '--help');
    expect(isError).toBe(false);
    expect(text).toMatch(new RegExp(`Examples:\n  source-intercom ${command}\\b`));
  });
});

test('the shell is told commands, options and what they may be', async () => {
  const next = async (...words: string[]): Promise<readonly string[]> =>
    (await noticeOf('--get-yargs-completions', 'source-intercom', ...words)).text.trim().split('\n');
  expect(await next('')).toEqual([...COMMANDS, 'completion']);
  expect(await next('read', '--')).toEqual(expect.arrayContaining(['--config', '--catalog', '--state']));
  expect(await next('streams', '--format', '')).toEqual(['table', 'json', 'markdown']);
  expect(await next('preview', '--stream', 'con')).toEqual(streams.map(({ name }) => name));
});
