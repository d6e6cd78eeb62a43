/** The folder whose code is changed, and whose own tests have to find that; `npm run mutation` goes through several. */
const folder = process.env.MUTATED ?? 'src/readers';

export default {
  mutate: [`${folder}/*.ts`, '!src/**/*.test.ts'],
  // Texts are for people: what tests ask of them is that they name what matters, not how.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: { configFile: 'jest.mutation.config.js' },
  coverageAnalysis: 'perTest',
  ignorePatterns: ['dist', 'coverage', 'integration_tests', 'simulator', 'benchmarks'],
  incremental: true,
  incrementalFile: `coverage/mutation/${folder}.json`,
  tempDirName: 'coverage/mutation/tmp',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { reportTests: false },
  timeoutFactor: 2,
  timeoutMS: 8000,
  // Each run leaves its modules behind in memory, which slows those that follow.
  maxTestRunnerReuse: 30,
  concurrency: 2,
};
