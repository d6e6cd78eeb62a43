#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { main } from './cli/main.ts';

// Pages of rows live for moments. Left to itself, V8 makes ever more room for them; a small nursery is as fast, and a third smaller.
setFlagsFromString('--semi-space-growth-factor=1');

await main(process.argv.slice(2));
