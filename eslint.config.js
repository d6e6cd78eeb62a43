import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** What each layer may not import, and why. Imports point downwards: cli, protocol, sync and streams, readers, intercom, core. */
const layers = [
  {
    target: './src/core',
    from: [
      './src/intercom',
      './src/readers',
      './src/streams',
      './src/sync',
      './src/protocol',
      './src/cli',
      './src/generated',
    ],
    message: 'core holds words that everyone needs; it knows nothing of Intercom, Airbyte or Singer.',
  },
  {
    target: './src/intercom',
    from: ['./src/readers', './src/streams', './src/sync', './src/protocol', './src/cli'],
    message: 'intercom is the API as it is; it knows nothing of streams or of who asks.',
  },
  {
    target: './src/readers',
    from: [
      './src/sync/**/*',
      './src/streams/**/*',
      './src/protocol/**/*',
      './src/cli/**/*',
      './src/intercom/!(api).ts',
    ],
    message: 'readers speak to Intercom only through the Api interface, so that a test can hand them a function.',
  },
  {
    target: './src/streams',
    from: [
      './src/core/**/*',
      './src/intercom/**/*',
      './src/sync/**/*',
      './src/protocol/**/*',
      './src/cli/**/*',
      './src/readers/!(index).ts',
    ],
    message: 'a stream is a declaration; if it needs more, a reader is missing a power.',
  },
  {
    target: './src/sync',
    from: ['./src/streams/**/*', './src/protocol/**/*', './src/cli/**/*', './src/intercom/!(api).ts'],
    message: 'the engine is handed its streams, and speaks no dialect.',
  },
  {
    target: './src/protocol',
    from: ['./src/streams', './src/cli', './src/intercom'],
    message: 'a dialect turns facts into lines; it fetches nothing and knows no stream by name.',
  },
  {
    target: './simulator',
    from: ['./src'],
    message: 'the simulator shares no code with the connector: shared code would hide shared bugs.',
  },
  {
    target: './src',
    from: ['./simulator', './scripts', './benchmarks', './integration_tests'],
    message: 'what is shipped does not need what is not.',
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'src/generated/', '**/*.cjs'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: layers, basePath: import.meta.dirname }],
      'import-x/no-default-export': 'error',
      'import-x/order': ['error', { 'newlines-between': 'ignore', alphabetize: { order: 'asc' } }],
      'no-console': 'error',
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-eval': 'error',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: ['child_process', 'cluster', 'inspector', 'module', 'vm', 'worker_threads']
            .flatMap((name) => [name, `node:${name}`])
            .map((name) => ({ name, message: 'What is read is data. The connector runs nothing but itself.' })),
        },
      ],
    },
  },
  {
    files: [
      'src/core/**/*.ts',
      'src/readers/**/*.ts',
      'src/streams/**/*.ts',
      'src/sync/**/*.ts',
      'src/protocol/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: 'got', message: 'Only intercom/client speaks HTTP.' }] }],
    },
  },
  {
    files: ['**/*.test.ts', 'integration_tests/**/*.ts', 'benchmarks/**/*.ts', 'scripts/**/*.ts', 'simulator/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
