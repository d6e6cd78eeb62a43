import { fileURLToPath } from 'node:url';
import { startSimulator } from '../../simulator/index.ts';
import type { Bench, Client } from './support/client.ts';
import { run } from './support/process.ts';

/** Airbyte's standard tests, which airbyte-cdk brings for connectors written in Python, made to run the packed connector. */
export const airbyteCdk: Client = {
  name: 'airbyte-cdk',
  requirements: ['airbyte-cdk'],
  run: runStandardTests,
};

async function runStandardTests({ connector, folder, program, env, say }: Bench): Promise<void> {
  const simulator = await startSimulator();
  try {
    const { stdout } = await run({
      words: [program('airbyte-cdk', 'pytest'), '--verbose', ...PLUGINS, ...STRICT, TESTS],
      cwd: folder,
      env: { ...env(simulator), CONNECTOR: connector.program('source-intercom'), PYTHONDONTWRITEBYTECODE: '1' },
    });
    const outcomes = [...stdout.matchAll(/::(test_\w+)(?:\[(.*)\])? (PASSED|SKIPPED)/g)];
    const passed = outcomes.filter(([, , , outcome]) => outcome === 'PASSED').map(([, name = '']) => name);
    // A test is for some of the configurations in the file; one that is for none has not been run.
    const missed = outcomes.filter(([, name = '']) => !passed.includes(name)).map(([line]) => line);
    if (passed.length === 0 || missed.length > 0) throw new Error(`Not run: ${missed.join(', ')}\n${stdout}`);
    say(`the standard tests: ${passed.length} passed: ${passed.join(', ')}`);
  } finally {
    await simulator.close();
  }
}

const PLUGINS = ['-p', 'airbyte_cdk.test.standard_tests.pytest_hooks', '-p', 'no:cacheprovider'];
// Those of the image need Docker; scripts/verify-image.sh tries the image. What will be a failure in a later version is one now.
const STRICT = ['-m', 'not image_tests', '-W', 'error::airbyte_cdk.test.standard_tests.DiscoveredCatalogWarning'];
const TESTS = fileURLToPath(new URL('python/test_standards.py', import.meta.url));
