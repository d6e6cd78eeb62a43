import { kindsOf } from './support/matrix.ts';
import { chosenRead, firstRead } from './support/settings.ts';
import { tryFaults } from './support/suite.ts';

const usual = new Set((await kindsOf(firstRead())).map(({ name }) => name));

await tryFaults(chosenRead(), { kinds: ({ name }) => !usual.has(name) });
