import type { Clock } from '../clock.ts';
import type { Json } from '../json.ts';
import type { Quirks } from '../options.ts';
import type { Scroll } from '../scroll.ts';
import type { SearchEngine } from '../search/engine.ts';
import type { Calendar } from '../timezone.ts';
import type { World } from '../world/world.ts';

/** A request that a route answers. */
export interface ApiRequest {
  readonly url: URL;
  /** The values of the `{names}` in the route's path. */
  readonly params: Record<string, string>;
  readonly body: Json | undefined;
  /** Whether the token has a scope. */
  readonly may: (scope: string) => boolean;
}

/** What routes work with. */
export interface Services {
  readonly world: World;
  readonly clock: Clock;
  readonly quirks: Quirks;
  readonly engine: SearchEngine;
  readonly calendar: Calendar;
  readonly scroll: Scroll;
  /** How often an order was chosen that is not settled. */
  readonly shuffles: { count: number };
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** With `{names}` for what varies. */
  readonly path: string;
  /** The scope that the token needs, or one of several. */
  readonly scope?: string | readonly string[];
  /** Whether a missing scope is told as 403 `forbidden`, as the endpoints of recent versions do. */
  readonly modern?: true;
  /** The minor version 2.x that brought the endpoint. */
  readonly since?: number;
  /** The JSON to answer with status 200; errors are thrown. */
  readonly handle: (request: ApiRequest, services: Services) => Json;
}

/** Finds routes by method and path. */
export class Router {
  private readonly exact = new Map<string, Route>();
  private readonly patterns: { route: Route; segments: readonly string[] }[] = [];

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (route.path.includes('{')) this.patterns.push({ route, segments: route.path.split('/') });
      else this.exact.set(`${route.method} ${route.path}`, route);
    }
  }

  match(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
    const exact = this.exact.get(`${method} ${path}`);
    if (exact) return { route: exact, params: {} };
    const segments = path.split('/');
    for (const { route, segments: pattern } of this.patterns) {
      if (route.method !== method || pattern.length !== segments.length) continue;
      const params = paramsOf(pattern, segments);
      if (params) return { route, params };
    }
    return undefined;
  }
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index]!;
    if (part.startsWith('{')) params[part.slice(1, -1)] = decoded(segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
