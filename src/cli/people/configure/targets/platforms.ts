import type { Target } from '../given.ts';
import { airbyte } from './airbyte.ts';
import { meltano } from './meltano.ts';
import type { Platform } from './platform.ts';
import { singer } from './singer.ts';

export const PLATFORMS: Readonly<Record<Target, Platform>> = { airbyte, meltano, singer };
