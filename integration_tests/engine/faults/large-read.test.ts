import { largeRead } from './support/settings.ts';
import { tryFaults } from './support/suite.ts';

await tryFaults(largeRead(), {
  kinds: ({ name }) => name.endsWith('later page'),
  faults: ({ isFinal, name }) => isFinal !== true && !name.startsWith('Date'),
});
