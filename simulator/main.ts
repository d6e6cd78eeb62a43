import { parseArgs } from 'node:util';
import { startSimulator } from './index.ts';
import type { SimulatorOptions, Sizes } from './options.ts';
import { DEFAULT_SIZES } from './options.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    now: { type: 'string' },
    timezone: { type: 'string', default: 'UTC' },
    region: { type: 'string', default: 'US' },
    token: { type: 'string' },
    limit: { type: 'string' },
    window: { type: 'string' },
    latency: { type: 'string', default: '0' },
    'index-lag': { type: 'string', default: '0' },
    running: { type: 'boolean', default: false },
    'no-gzip': { type: 'boolean', default: false },
    size: { type: 'string', multiple: true, default: [] },
    contacts: { type: 'string' },
    companies: { type: 'string' },
    conversations: { type: 'string' },
    tickets: { type: 'string' },
    'until-stdin-closes': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`Runs an Intercom workspace on a loopback port.

  --port N --token TEXT --region US|EU|AU --timezone ZONE --seed N
  --now SECONDS          unix seconds at which simulated time starts
  --running              simulated time runs with real time
  --contacts N --companies N --conversations N --tickets N
  --size NAME=N          any other size: ${Object.keys(DEFAULT_SIZES).join(', ')}
  --limit N --window S   requests per window of S seconds
  --latency MS           added to each answer
  --index-lag S          until a change can be found by search
  --no-gzip
  --until-stdin-closes   stops when standard input ends`);
} else {
  const simulator = await startSimulator(optionsFromArguments());
  console.log(`Intercom simulator at ${simulator.url} with access token ${simulator.token}`);
  const stop = (): void => void simulator.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (values['until-stdin-closes']) process.stdin.once('end', stop).once('close', stop).resume();
}

function optionsFromArguments(): SimulatorOptions {
  const options: SimulatorOptions = {
    port: number('port', values.port),
    seed: number('seed', values.seed),
    timezone: values.timezone,
    region: regionOf(values.region),
    latency: number('latency', values.latency),
    indexLag: number('index-lag', values['index-lag']),
    frozen: !values.running,
    sizes: sizes(),
    quirks: { gzip: !values['no-gzip'] },
  };
  if (values.now !== undefined) options.now = number('now', values.now);
  if (values.token !== undefined) options.token = values.token;
  if (values.limit !== undefined)
    options.rateLimit = {
      limit: number('limit', values.limit),
      windowSeconds: number('window', values.window ?? '10'),
    };
  return options;
}

function sizes(): Partial<Sizes> {
  const wanted: Record<string, string> = {};
  for (const name of ['contacts', 'companies', 'conversations', 'tickets'] as const)
    if (values[name] !== undefined) wanted[name] = values[name];
  for (const pair of values.size) {
    const [name = '', value = ''] = pair.split('=');
    if (!(name in DEFAULT_SIZES)) throw new Error(`There is no size ${name}.`);
    wanted[name] = value;
  }
  return Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, number(name, value)]));
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) throw new Error(`--${name} must be a number, not ${text}.`);
  return value;
}

function regionOf(text: string): 'US' | 'EU' | 'AU' {
  if (text !== 'US' && text !== 'EU' && text !== 'AU') throw new Error(`--region must be US, EU or AU, not ${text}.`);
  return text;
}
