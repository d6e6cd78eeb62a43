import { nextRead } from './support/settings.ts';
import { tryFaults } from './support/suite.ts';

await tryFaults(await nextRead());
