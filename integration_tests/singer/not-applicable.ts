/** Checks of the Singer checklist that no test here makes, and why. */
export const NOT_APPLICABLE: Readonly<Record<string, string>> = {
  S61: 'Targets are programs of Python, which these tests do without; integration_tests/clients/meltano.ts loads into them.',
};
