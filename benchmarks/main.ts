import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { calls } from './calls.ts';
import { path } from './child.ts';
import { memory } from './memory.ts';
import { mutation } from './mutation.ts';
import { pace } from './pace.ts';
import { soak } from './soak.ts';
import { startup } from './startup.ts';
import { throughput } from './throughput.ts';

interface Benchmark {
  readonly title: string;
  readonly measure: (isQuick: boolean) => Promise<string>;
  /** Takes so long that it is run only when it is asked for by name. */
  readonly isLong?: boolean;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  pace: { title: 'Pace', measure: pace },
  throughput: { title: 'Throughput', measure: throughput },
  memory: { title: 'Memory', measure: memory },
  calls: { title: 'API calls', measure: calls },
  startup: { title: 'Start-up', measure: startup },
  soak: { title: 'Soak', measure: soak, isLong: true },
  mutation: { title: 'Mutation testing', measure: mutation, isLong: true },
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const names = Object.keys(BENCHMARKS);
  if (values.help || values.only.some((name) => !names.includes(name))) {
    console.log(`Measures the built connector, and keeps the figures in docs/benchmarks.md.

  --only NAME   just this one, of ${names.join(', ')}; may be given several times
  --quick       smaller, to see whether it works; the figures are not kept`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const sections = readSections();
  const short = names.filter((name) => BENCHMARKS[name]?.isLong !== true);
  for (const name of values.only.length > 0 ? values.only : short) {
    const { title, measure } = BENCHMARKS[name]!;
    const section = `## ${title}\n\n${await measure(values.quick)}\n\n${origin(name)}`;
    console.log(`\n${section}`);
    sections.set(title, section);
    if (!values.quick) keep(sections);
  }
}

/** The sections of the page as it is, by title; each may be measured anew without the others. */
function readSections(): Map<string, string> {
  const [, ...sections] = readFileSync(PAGE, { encoding: 'utf8', flag: 'a+' }).split(/^(?=## )/m);
  return new Map(sections.map((section) => [/^## (.*)$/m.exec(section)?.[1] ?? '', section.trim()]));
}

function keep(sections: ReadonlyMap<string, string>): void {
  const known = Object.values(BENCHMARKS).map(({ title }) => sections.get(title));
  writeFileSync(PAGE, `${[INTRODUCTION, ...known.filter((section) => section !== undefined)].join('\n\n')}\n`);
}

/** How the figures came about. */
function origin(name: string): string {
  const date = new Date().toISOString().slice(0, 10);
  const [processor] = cpus();
  return `_\`npm run bench -- --only ${name}\`, ${date}, Node ${process.versions.node}, ${cpus().length} cores (${processor?.model.trim() ?? 'unknown'})._`;
}

const PAGE = path('docs/benchmarks.md');
const INTRODUCTION = `# Benchmarks

<!-- Written by \`npm run bench\`: run it instead of changing this. -->

Against the simulator, on one machine. Times depend on the machine and on what else it does; compare only figures of one table.
\`npm run bench\` measures all but the last two, in some minutes; \`npm run soak\` and \`npm run mutation\` those.`;

await main();
