import { expect, test } from '@jest/globals';
import { read } from '../../scripts/pages.ts';
import { record, withRecording } from '../../scripts/record-configure.ts';

test('the README shows configure as it is; node scripts/record-configure.ts records it anew', async () => {
  const readme = read('README.md');
  expect(withRecording(readme, await record())).toBe(readme);
});
