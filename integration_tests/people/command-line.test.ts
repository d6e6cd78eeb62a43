import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { PROGRAM, runConnector } from '../support/connector.ts';
import { temporaryFolder, writeInput } from '../support/folder.ts';

test('a stream whose name is nearly right', async () => {
  const config = writeInput(temporaryFolder(), 'config.json', { access_token: 'none' });
  const run = await runConnector(['preview', '--config', config, '--stream', 'convrsations'], { text: true });
  expect([run.exitCode, run.stderr]).toEqual([
    1,
    'Error: There is no stream "convrsations". Did you mean "conversations"? source-intercom streams lists them all.\n',
  ]);
});

test('bash completes with the script that it is given', async () => {
  const folder = temporaryFolder();
  const program = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`;
  writeFileSync(join(folder, 'source-intercom'), program, { mode: 0o755 });
  const script = `
    eval "$(source-intercom completion)"
    complete_last() { COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _source-intercom_yargs_completions; echo "\${COMPREPLY[@]}"; }
    COMP_WORDS=(source-intercom prev); complete_last
    COMP_WORDS=(source-intercom preview --stream conversation_ha); complete_last`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script], {
    env: { PATH: [folder, process.env['PATH']].join(delimiter), SHELL: '/bin/bash' },
  });
  expect(stdout).toBe('preview\nconversation_handling_events\n');
});
