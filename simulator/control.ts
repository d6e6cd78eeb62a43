import type { Effect } from './effects.ts';
import { jsonAnswer, textAnswer, type Answer } from './http/answer.ts';
import type { RequestEntry } from './http/service.ts';
import { isObject, type Json, type JsonObject, type Patch, textOf } from './json.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Match, Trouble } from './trouble.ts';
import type { Store } from './world/table.ts';
import type { World } from './world/world.ts';

/** What the control paths work on. */
export interface Controlled {
  readonly world: World;
  readonly trouble: Trouble;
  readonly requests: RequestEntry[];
  now(): number;
  advance(seconds: number): void;
}

/** Answers the paths under `/_simulator`, by which other processes steer the simulator. */
export function controlOf(simulator: Controlled): (method: string, url: URL, body: Json | undefined) => Answer {
  return (method, url, body) => {
    const [, , command = '', name = ''] = url.pathname.split('/');
    const asked = isObject(body) ? body : {};
    switch (`${method} ${command}`) {
      case 'POST advance':
        simulator.advance(Number(asked['seconds'] ?? 0));
        return jsonAnswer(200, { now: simulator.now() });
      case 'POST trouble':
        simulator.trouble.add({ ...asked, match: matchOf(asked['match']), effect: asked['effect'] as Effect });
        return jsonAnswer(200, {});
      case 'DELETE trouble':
        simulator.trouble.clear();
        return jsonAnswer(200, {});
      case 'GET requests':
        return jsonAnswer(200, requestReport(simulator.requests, url.searchParams.get('log') === 'true'));
      case 'DELETE requests':
        simulator.requests.length = 0;
        return jsonAnswer(200, {});
      case 'GET truth':
        return truth(simulator.world, name);
      case 'POST change':
        return jsonAnswer(200, change(simulator.world, asked));
      case 'POST scenario':
        return jsonAnswer(200, scenario(simulator, textOf(asked['name'])));
      default:
        return jsonAnswer(404, { error: `There is no ${method} ${url.pathname}.` });
    }
  };
}

function matchOf(value: Json | undefined): Match {
  if (!isObject(value)) return {};
  const { path, route, ...numbers } = value;
  const match: Match = { ...numbers };
  if (typeof path === 'string') match.path = new RegExp(path);
  if (typeof route === 'string') match.route = /^\/.*\/$/.test(route) ? new RegExp(route.slice(1, -1)) : route;
  return match;
}

function requestReport(requests: readonly RequestEntry[], withLog: boolean): JsonObject {
  const counts: Record<string, number> = {};
  const statuses: Record<string, number> = {};
  for (const { route, status } of requests) {
    counts[route] = (counts[route] ?? 0) + 1;
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  const report: JsonObject = { total: requests.length, counts, statuses };
  if (withLog) report['log'] = requests.map((entry) => ({ ...entry, body: entry.body ?? null }));
  return report;
}

function truth(world: World, collection: string): Answer {
  const lines: string[] = [];
  for (const row of storeOf(world, collection).all()) lines.push(JSON.stringify(row), '\n');
  return textAnswer(200, lines.join(''), { 'Content-Type': 'application/x-ndjson' });
}

/** Does what the request asks for; answers the record as it is then. */
function change(world: World, { collection, action, id, patch, to }: JsonObject): Json {
  const target = textOf(id);
  const fields = (isObject(patch) ? patch : {}) as Patch;
  const special = ACTIONS[textOf(action)];
  if (special) return special(world, target, textOf(to), fields) ?? {};
  const store = storeOf(world, textOf(collection));
  if (!('update' in store)) throw new Error(`The collection ${textOf(collection)} cannot be changed this way.`);
  if (action === 'add') return (store as Store<JsonObject>).add(fields);
  if (action === 'update') return (store as Store<JsonObject>).update(target, fields);
  if (action !== 'delete') throw new Error(`There is no action ${textOf(action)}.`);
  (store as Store<JsonObject>).delete(target);
  return {};
}

function scenario({ world }: Controlled, name: string): JsonObject {
  const run = SCENARIOS[name];
  if (!run) throw new Error(`There is no scenario ${name}; there are ${Object.keys(SCENARIOS).join(', ')}.`);
  return run(world);
}

function storeOf(world: World, name: string): { all(): Iterable<JsonObject> } {
  const property = name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const store = (world as unknown as Record<string, unknown>)[property];
  if (typeof store !== 'object' || store === null || !('all' in store))
    throw new Error(`The world has no collection ${name}.`);
  return store as { all(): Iterable<JsonObject> };
}

type Action = (world: World, id: string, to: string, fields: Patch) => Json | undefined;

const ACTIONS: Record<string, Action> = {
  add_part: (world, id, _to, fields) => world.conversations.addPart(id, fields),
  add_note: (world, id, _to, fields) => world.addNote(id, fields),
  add_event: (world, id, _to, fields) => world.addEvent(id, fields),
  archive: quietly((world, id) => {
    world.contacts.archive(id);
  }),
  unarchive: quietly((world, id) => {
    world.contacts.unarchive(id);
  }),
  merge: quietly((world, id, to) => {
    world.contacts.merge(id, to);
  }),
  tag: quietly((world, id, to) => {
    world.tagContact(id, to);
  }),
  untag: quietly((world, id, to) => {
    world.untagContact(id, to);
  }),
  attach_company: quietly((world, id, to) => {
    world.attachCompany(id, to);
  }),
  detach_company: quietly((world, id, to) => {
    world.detachCompany(id, to);
  }),
  add_to_segment: quietly((world, id, to) => {
    world.addToSegment(id, to);
  }),
  remove_from_segment: quietly((world, id, to) => {
    world.removeFromSegment(id, to);
  }),
  subscribe: quietly((world, id, to) => {
    world.subscribe(id, to);
  }),
  unsubscribe: quietly((world, id, to) => {
    world.unsubscribe(id, to);
  }),
};

function quietly(act: (world: World, id: string, to: string) => void): Action {
  return (world, id, to) => {
    act(world, id, to);
    return undefined;
  };
}
