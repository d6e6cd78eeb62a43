/** Checks of the protocol that no test here makes, and why. */
export const NOT_APPLICABLE: Readonly<Record<number, string>> = {
  61: 'The specification has no advanced_auth: a token is all there is.',
  62: 'The specification has no advanced_auth: a token is all there is.',
  63: 'No release precedes this one.',
  89: 'No release precedes this one.',
  136: 'A silence of an hour needs a clock that a program of its own does not share; src/sync/sync.test.ts has one.',
};
