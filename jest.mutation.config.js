import { project } from './jest.config.js';

/** The tests beside the code that mutation testing changes: it takes a single project, and loads all of its tests for each change. */
export default project('unit', process.env.MUTATED ?? 'src/readers');
