import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../index.ts';
import type { Json, JsonObject } from '../json.ts';
import { ROUTES } from '../routes/index.ts';
import { findDescription } from './description.ts';
import { DEVIATIONS, NEVER_SEEN } from './deviations.ts';
import { probes, type Probe } from './probes.ts';

const description = findDescription();
if (!description)
  console.warn('Answers are NOT compared with the OpenAPI description: it is not there. Set INTERCOM_OPENAPI.');

(description ? describe : describe.skip)('answers against the OpenAPI description', () => {
  let simulator: Simulator;
  let answers: { probe: Probe; status: number; body: Json }[];

  beforeAll(async () => {
    simulator = await startSimulator({ sizes: { contacts: 300, conversations: 200, tickets: 40 } });
    answers = [];
    for (const probe of probes(simulator.world)) answers.push({ probe, ...(await ask(simulator, probe)) });
  });

  afterAll(() => simulator.close());

  test('every route is one of the description and is probed', () => {
    const probed = new Set(answers.map(({ probe }) => probe.route));
    const missing = ROUTES.filter(
      ({ method, path }) => !description!.operation(method, path) || !probed.has(`${method} ${path}`),
    );
    expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  test('answers have the expected status', () => {
    const wrong = answers.filter(({ probe, status }) => status !== (probe.status ?? 200));
    expect(wrong.map(({ probe, status }) => `${status} ${probe.url}`)).toEqual([]);
  });

  test('answers are valid but for the known deviations, each of which occurs', () => {
    const unknown = new Map<string, string>();
    const used = new Set<string>();
    for (const { probe, status, body } of answers) {
      for (const [problem, example] of description!.problems(schemaOf(probe, status), body)) {
        if (problem in DEVIATIONS) used.add(problem);
        else unknown.set(problem, `${probe.url}: ${example}`);
      }
    }
    expect(Object.fromEntries(unknown)).toEqual({});
    expect(Object.keys(DEVIATIONS).filter((problem) => !used.has(problem))).toEqual([]);
  });

  test('every described property has a value in some answer, or a reason why not', () => {
    const described = new Set<string>();
    const seen = new Set<string>();
    for (const { probe, status, body } of answers) {
      description!.walk(schemaOf(probe, status), body, (label, value) => {
        described.add(label);
        if (value !== undefined && value !== null) seen.add(label);
      });
    }
    const excused = (label: string): boolean =>
      Object.keys(NEVER_SEEN).some(
        (excuse) => label === excuse || (excuse.endsWith('*') && label.startsWith(excuse.slice(0, -1))),
      );
    expect([...described].filter((label) => !seen.has(label) && !excused(label))).toEqual([]);
    expect(Object.keys(NEVER_SEEN).filter((label) => seen.has(label))).toEqual([]);
  });
});

function schemaOf({ route, schema: component }: Probe, status: number): JsonObject {
  const [method = '', path = ''] = route.split(' ');
  const key = `${route} ${status} ${component ?? ''}`;
  const schema =
    SCHEMAS.get(key) ??
    (component === undefined ? undefined : description!.component(component)) ??
    description!.schemaOf(method, path, status) ??
    {};
  SCHEMAS.set(key, schema);
  return schema;
}

async function ask({ url, token }: Simulator, probe: Probe): Promise<{ status: number; body: Json }> {
  const response = await fetch(url + probe.url, {
    method: probe.route.split(' ')[0]!,
    headers: { authorization: `Bearer ${token}`, 'intercom-version': '2.16', 'content-type': 'application/json' },
    ...(probe.body === undefined ? {} : { body: JSON.stringify(probe.body) }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

const SCHEMAS = new Map<string, JsonObject>();
