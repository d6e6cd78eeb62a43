const typescript = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' }, sourceMaps: 'inline' },
  ],
};

const project = (displayName, ...roots) => ({
  displayName,
  roots: roots.map((root) => `<rootDir>/${root}`),
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: typescript,
  testEnvironment: 'node',
});

export default {
  projects: [project('unit', 'src', 'simulator', 'scripts'), project('integration', 'integration_tests')],
  // Whole reads take their time on a busy machine.
  testTimeout: 60_000,
  collectCoverageFrom: ['src/**/*.ts', '!src/generated/**'],
};
