import { read } from './connector.ts';
import { startSimulated, type Logged } from './simulated.ts';
import { count, percent, table } from './table.ts';

/** How much of the permitted rate is used: one call for each conversation, behind the latency and the limit of a slow workspace. */
export async function pace(isQuick: boolean): Promise<string> {
  const conversations = isQuick ? 400 : 1_000;
  const words = ['--conversations', String(conversations), '--tickets', '0', '--running'];
  words.push('--latency', String(LATENCY), '--limit', String(LIMIT), '--window', String(WINDOW));
  const simulator = await startSimulated(words);
  try {
    const { exitCode, seconds } = await read({
      url: simulator.url,
      streams: [{ name: 'conversation_details', mode: 'full_refresh' }],
    });
    if (exitCode !== 0) throw new Error('The connector failed.');
    return report(await simulator.requests(), conversations, seconds);
  } finally {
    await simulator.close();
  }
}

function report(requests: readonly Logged[], conversations: number, seconds: number): string {
  const refused = requests.filter(({ status }) => status === 429).length;
  const windows = windowsOf(requests);
  const whole = windows.slice(1, -1);
  const used = sum(whole) / (LIMIT * whole.length);
  const begun = windows.slice(0, -1);
  return [
    table(
      ['What', 'Measured', 'Aim'],
      [
        ['Share of the permitted rate, in whole windows', percent(used), '> 95 %'],
        ['The same, with the window in which the read began', percent(sum(begun) / (LIMIT * begun.length)), ''],
        ['Answers with status 429', String(refused), '0'],
        ['Calls', count(requests.length), ''],
        ['Seconds from start to exit', seconds.toFixed(1), ''],
      ],
    ),
    `${count(conversations)} conversation details; the simulator answers after ${LATENCY} ms and permits ${LIMIT} calls in each ` +
      `${WINDOW} s by the clock. Calls in each window: ${windows.join(', ')}. The share is calls made divided by calls permitted in the ` +
      `${whole.length} windows that lie wholly between the first call and the last; the first window had begun before the read, and ` +
      'in the last one there was less left to do than was permitted.',
  ].join('\n\n');
}

/** Served calls in each window, from the one with the first call to the one with the last. */
function windowsOf(requests: readonly Logged[]): readonly number[] {
  const numbers = requests.filter(({ status }) => status !== 429).map(({ at }) => Math.floor(at / WINDOW));
  const first = Math.min(...numbers);
  const counts = new Array<number>(Math.max(...numbers) - first + 1).fill(0);
  for (const number of numbers) counts[number - first]!++;
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Milliseconds. */
const LATENCY = 150;
/** Calls in a window of so many seconds: what Intercom permits an app at the least. */
const LIMIT = 166;
const WINDOW = 10;
