import { fileURLToPath } from 'node:url';
import { project } from '../../jest.config.js';

/** For scripts/verify-image.sh: the tests need an image. */
export default {
  ...project('image', 'integration_tests/image'),
  rootDir: fileURLToPath(new URL('../../', import.meta.url)),
  verbose: true,
  forceExit: true,
};
