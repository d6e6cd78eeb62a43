// CommonJS and old syntax on purpose: it must run, and speak clearly, on any Node.
var parts = process.versions.node.split('.').map(Number);
if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 20)) {
  console.error(
    'source-intercom needs Node >= 22.20, this is ' +
      process.versions.node +
      '. `npm ci` normally brings Node 24 along ' +
      '(the dev dependency "node"); its install script may have been blocked. Run `npm rebuild node --ignore-scripts=false`, ' +
      'or install Node 24 and try again.',
  );
  process.exit(1);
}
