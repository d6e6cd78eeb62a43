import { firstRead } from './support/settings.ts';
import { tryFaults } from './support/suite.ts';

await tryFaults(firstRead());
