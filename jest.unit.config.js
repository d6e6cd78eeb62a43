import { project } from './jest.config.js';

/** The fast tests alone, as mutation testing runs them: it takes a single project. */
export default project('unit', 'src');
