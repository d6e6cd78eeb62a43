export const project = (displayName, ...roots) => ({
  displayName,
  roots: roots.map((root) => `<rootDir>/${root}`),
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip-types.js' },
  testEnvironment: 'node',
});

export default {
  projects: [
    project('unit', 'src', 'simulator', 'scripts'),
    // Those of the image need one: scripts/verify-image.sh builds it and runs them.
    { ...project('integration', 'integration_tests'), testPathIgnorePatterns: ['/integration_tests/image/'] },
  ],
  // Whole reads take their time on a busy machine.
  testTimeout: 60_000,
};
