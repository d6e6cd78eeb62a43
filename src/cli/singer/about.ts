import type { Session } from '../session.ts';
import { optionsOf, readSpec } from '../spec.ts';
import { readVersion } from '../version.ts';

/** Prints what the tap is, can do and can be told. */
export async function about(format: string, { output }: Session): Promise<boolean> {
  const facts = factsOf();
  await output.write(`${format === 'json' ? JSON.stringify(facts, undefined, 2) : inWords(facts)}\n`);
  return true;
}

/** As the Meltano SDK gives them. */
function factsOf() {
  const { connectionSpecification } = readSpec();
  const settings = Object.entries(optionsOf(readSpec())).map(([name, option]) => [
    name,
    option.airbyte_secret === true ? { ...option, secret: true, writeOnly: true } : option,
  ]);
  return {
    name: 'tap-intercom',
    description: 'Reads everything a workspace has in Intercom.',
    version: readVersion(),
    sdk_version: null,
    supported_python_versions: [],
    capabilities: ['catalog', 'discover', 'state', 'about'],
    settings: { ...connectionSpecification, properties: Object.fromEntries(settings) as Record<string, object> },
  };
}

/** Text that is Markdown, too. */
function inWords({ name, version, description, capabilities }: ReturnType<typeof factsOf>): string {
  const options = Object.entries(optionsOf(readSpec())).map(
    ([option, { title, description }]) => `- \`${option}\` (${title}): ${description}`,
  );
  return [
    `# ${name} ${version}`,
    description,
    '## Capabilities',
    capabilities.map((capability) => `- ${capability}`).join('\n'),
    '## Settings',
    options.join('\n'),
  ].join('\n\n');
}
