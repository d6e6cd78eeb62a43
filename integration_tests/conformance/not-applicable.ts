/** Checks of the protocol that no test here makes, and why. */
export const NOT_APPLICABLE: Readonly<Record<number, string>> = {
  61: 'The specification has no advanced_auth: a token is all there is.',
  62: 'The specification has no advanced_auth: a token is all there is.',
  63: 'No release precedes this one.',
  89: 'No release precedes this one.',
  136: 'A silence of an hour needs a clock that a program of its own does not share; the engine is tested with one.',
  142: 'The image is tested with the image.',
  143: 'The image is tested with the image.',
  144: 'The image is tested with the image.',
  145: 'The image is tested with the image.',
  146: 'The image is tested with the image.',
  147: 'The image is tested with the image.',
};
