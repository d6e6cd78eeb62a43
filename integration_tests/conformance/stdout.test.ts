import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { configure } from '../support/catalogs.ts';
import { check, discover, read, spec } from '../support/commands.ts';
import { faultsOf, type Expected } from '../support/discipline.ts';
import { duplicateKeys } from '../support/json-text.ts';
import { Run, type Facts, type JsonObject } from '../support/run.ts';
import { fullConfig, startWorkspace } from '../support/workspace.ts';

const LONE = '\ud83d lone \udc00';
const LINES = 'a\u2028b\u2029c\u0085d\re\nf\u000bg\u000ch\u001ci';
const NUL = 'zero\u0000zero';

describe('the watch over every run', () => {
  const LOG = '{"type":"LOG","log":{"level":"INFO","message":"x"}}\n';
  const ERROR = trace('ERROR', { error: { message: 'x', failure_type: 'config_error' } });

  function trace(type: string, more: JsonObject, emittedAt: unknown = 5): string {
    return `${JSON.stringify({ type: 'TRACE', trace: { type, emitted_at: emittedAt, ...more } })}\n`;
  }

  function record(data: string, emittedAt: unknown = 5): string {
    return `{"type":"RECORD","record":{"stream":"tags","emitted_at":${String(emittedAt)},"data":${data}}}\n`;
  }

  function faults(facts: Partial<Facts>, expected?: Expected): readonly string[] {
    const plain = { words: [], stdout: '', stderr: '', exitCode: 0, signal: null, startedAt: 1, endedAt: 9 };
    return faultsOf(new Run({ ...plain, ...facts }), expected);
  }

  test('#27 #28 #29 lets good output pass', () => {
    expect(faults({ stdout: LOG + record('{"a":"\\u2028 \\\\u0000 \\ud83d\\ude00"}') })).toEqual([]);
    expect(faults({ stdout: LOG + ERROR, exitCode: 1, stderr: 'x' })).toEqual([]);
    expect(faults({ stdout: `${LOG}{"ty`, signal: 'SIGKILL', exitCode: null }, { cut: true })).toEqual([]);
  });

  test.each([
    ['#27', 'no JSON', 'hello\n'],
    ['#27', 'no message', '{}\n'],
    ['#27', 'an unknown type', '{"type":"DEBUG","message":"x"}\n'],
    ['#27', 'an empty line', `${LOG}\n`],
    ['#28', 'two payloads', '{"type":"LOG","log":{"level":"INFO","message":"x"},"state":{}}\n'],
    [
      '#28',
      'a state without counts',
      '{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{}}}}\n',
    ],
    ['#29', 'an open last line', LOG.trimEnd()],
    ['#29', 'a byte order mark', `\uFEFF${LOG}`],
    ['#29', 'a carriage return', LOG.replace('\n', '\r\n')],
    ['#30', 'a raw line separator', record('{"a":"\u2028"}')],
    ['#30', 'a raw next line', record('{"a":"\u0085"}')],
    ['#31', 'half a pair', record('{"a":"\\ud83d"}')],
    ['#31', 'half a pair in a key', record('{"a\\udc00":1}')],
    ['#32', 'a number beyond all', record('{"a":[1e400]}')],
    ['#32', 'NaN', record('{"a":NaN}')],
    ['#32', 'a key twice', record('{"a":1,"b":{"c":"\\"","c":2}}')],
    ['#33', 'a time before the run', record('{}', 0)],
    [
      '#33',
      'a time after the run',
      trace('STREAM_STATUS', { stream_status: { stream_descriptor: { name: 'a' }, status: 'STARTED' } }, 10),
    ],
    ['#33', 'a time with a fraction', record('{}', 5.5)],
    ['#34', 'an unknown level', LOG.replace('INFO', 'WARNING')],
    [
      '#35',
      'null for nothing',
      trace('STREAM_STATUS', {
        stream_status: { stream_descriptor: { name: 'a', namespace: null }, status: 'STARTED' },
      }),
    ],
    ['#18', 'success after an error', ERROR],
  ])('%s finds %s', (_number, _what, stdout) => {
    expect(faults({ stdout })).not.toEqual([]);
  });

  test('#37 #135 finds words on stderr and after the last error', () => {
    expect(faults({ stdout: LOG, stderr: 'Warning' })).not.toEqual([]);
    expect(faults({ exitCode: 1, stderr: 'x'.repeat(65_536) })).not.toEqual([]);
    expect(faults({ exitCode: 1, stdout: ERROR + LOG })).not.toEqual([]);
    expect(duplicateKeys('{"a":{"b":1},"c":[{"b":1},{"b":":"}],"d":"{\\"a\\":1,\\"a\\":1}"}')).toEqual([]);
  });
});

describe('odd values', () => {
  let simulator: Simulator;
  let run: Run;
  let rows: ReadonlyMap<unknown, JsonObject>;
  let ids: readonly string[];

  beforeAll(async () => {
    simulator = await startWorkspace({ sizes: { contacts: 12 } });
    const { world, trouble } = simulator;
    ids = [...world.contacts.all()].map(({ id }) => id);
    const [lone, lines, nul, custom] = ids;
    world.contacts.update(lone!, { name: LONE });
    world.contacts.update(lines!, { name: LINES });
    world.contacts.update(nul!, { name: NUL });
    world.contacts.update(custom!, { name: 'custom', custom_attributes: { marker: 'here' } });
    trouble.add({
      match: { route: 'POST /contacts/search' },
      effect: { kind: 'rewrite', change: (text) => text.replace('"marker":"here"', ODD) },
    });
    const [conversation] = [...world.conversations.all()];
    world.conversations.addPart(conversation!.id, { body: `<p>${LINES}${LONE}${NUL}</p>` });
    const catalog = configure(['contacts', 'conversation_parts', 'conversation_details'], 'full_refresh');
    run = await read({ config: { access_token: simulator.token }, catalog }, { api: simulator.url });
    rows = new Map(run.rows('contacts').map((row) => [row['id'], row]));
  });

  afterAll(async () => {
    await simulator.close();
  });

  /** Numbers and keys that JSON allows and few programs expect; what is wrong with them only Intercom could say. */
  const ODD =
    '"big":12345678901234567890,"negative":-98765432109876543210,"huge":1e999,"exact":0.1,"float":2.0,' +
    '"twice":1,"twice":2,"__proto__":{"x":1},"constructor":"c","\\ud83d key":"\\ud83d","list":[9007199254740993]';

  test('#30 the ends of lines that Unicode knows are escaped', () => {
    expect(rows.get(ids[1])?.['name']).toBe(LINES);
    const bodies = run.rows('conversation_parts').map(({ body }) => body);
    expect(bodies).toContain(`<p>${LINES}${LONE.toWellFormed()}${NUL.replaceAll('\0', '')}</p>`);
  });

  test('#31 half of a surrogate pair is replaced, and U+0000 left out', () => {
    expect(rows.get(ids[0])?.['name']).toBe('\ufffd lone \ufffd');
    expect(rows.get(ids[2])?.['name']).toBe('zerozero');
    expect(rows.get(ids[3])?.['custom_attributes']).toMatchObject({ '\ufffd key': '\ufffd' });
  });

  test('#32 numbers keep their digits and stay finite, keys come once', () => {
    const line = run.lines.find((each) => each.includes('"name":"custom"')) ?? '';
    expect(duplicateKeys(line)).toEqual([]);
    for (const text of [
      '12345678901234567890',
      '-98765432109876543210',
      '"exact":0.1',
      '9007199254740993',
      '"twice":2',
      '"__proto__":{"x":1}',
    ])
      expect(line).toContain(text);
    expect(line).toMatch(/"huge":(null|1e999|1e\+999)/i);
  });
});

test('#36 no line is torn or mixed while streams run side by side', async () => {
  const simulator = await startWorkspace({ sizes: { contacts: 4_000, conversations: 600 } });
  const names = [
    'contacts',
    'users',
    'leads',
    'conversations',
    'conversation_parts',
    'conversations_by_admin',
    'notes_by_user',
  ];
  const input = { config: { access_token: simulator.token }, catalog: configure(names, 'full_refresh') };
  const run = await read(input, { api: simulator.url });
  await simulator.close();
  const changes = run.records().filter(({ stream }, index, all) => stream !== all[index - 1]?.stream).length;
  expect(run.exitCode).toBe(0);
  expect(run.rows('contacts').length).toBe(4_000);
  expect(run.rows('users').length + run.rows('leads').length).toBe(4_000);
  expect(run.rows('conversation_parts').length).toBeGreaterThan(3_000);
  expect(changes).toBeGreaterThan(2 * names.length);
});

test('#37 #38 neither the program nor what it is built on prints anything else', async () => {
  const simulator = await startWorkspace({ sizes: { contacts: 5, companies: 2 } });
  const options = {
    api: simulator.url,
    env: { NODE_OPTIONS: '--trace-deprecation --trace-warnings --pending-deprecation' },
  };
  const config = fullConfig(simulator);
  const offered = (await discover(config, options)).catalogs.flatMap(({ streams }) => streams);
  const runs = await Promise.all([
    spec(options),
    check(config, options),
    read({ config, catalog: configure(offered, 'incremental') }, options),
  ]);
  await simulator.close();
  expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(runs.map(() => [0, '']));
});
