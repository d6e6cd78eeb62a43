/**
 * An environment in which a program of ours says at its end, on stderr, what of the prototypes that all values share has been
 * added or changed. A run that succeeds has an empty stderr, and the tap's has lines of another form, so that it fails the run.
 */
export const WATCHED_PROTOTYPES = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(watch())}` };

function watch(): string {
  return `
    const kinds = [Object, Array, String, Number, Boolean, Function, Map, Set, Promise, Date];
    const members = () => kinds.flatMap(({ name, prototype }) =>
      Reflect.ownKeys(prototype).map((key) => [name + '.' + String(key), Object.getOwnPropertyDescriptor(prototype, key)?.value]));
    const before = new Map(members());
    process.on('exit', () => {
      const changed = members().filter(([name, value]) => !before.has(name) || !Object.is(before.get(name), value));
      if (changed.length > 0) process.stderr.write('POLLUTED ' + changed.map(([name]) => name).join(' ') + '\\n');
    });`;
}
