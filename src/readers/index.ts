/** The vocabulary in which streams are declared. */
export { configuredIds } from './configured.ts';
export { derivedKeys } from './derived-key.ts';
export { each, rows } from './each.ts';
export { expandable, type Expansion } from './expandable.ts';
export { fewerCalls } from './fewer-calls.ts';
export { forEach } from './for-each.ts';
export { get } from './get.ts';
export { list } from './list.ts';
export { lookup } from './lookup.ts';
export type { Filter, FilterSource, ReadContext, Source } from './reader.ts';
export { scroll } from './scroll.ts';
export { countChanged, search } from './search.ts';
export { having, where } from './source.ts';
export { stream, type Stream } from './stream.ts';
export { isComplete, whole } from './whole.ts';
export { windows } from './windows.ts';
