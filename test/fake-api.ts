import { afterEach, vi } from "vitest";
import type { z } from "zod";
import { type ErrorCode, errorCodes, type Problem } from "#contract/api-errors.ts";
import { type RouteId, type Routes, routes } from "#contract/routes.ts";

/** A call as the browser made it, parsed by the contract. A body that the server would refuse fails here too. */
export interface FakeCall<Id extends RouteId> {
  params: z.output<Routes[Id]["params"]>;
  query: z.output<Routes[Id]["query"]>;
  body: z.output<Routes[Id]["body"]>;
  headers: Headers;
}
type FakeHandlers = {
  [Id in RouteId]?: (call: FakeCall<Id>) => z.input<Routes[Id]["response"]> | Promise<z.input<Routes[Id]["response"]>>;
};

/** A handler throws this as the refusal that the server would answer. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly problems: Problem[];
  constructor(code: ErrorCode, message: string, problems: Problem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}
/** A handler throws this if the server is to be unreachable. */
export class Outage extends Error {}

const unexpected: string[] = [];
afterEach(() => {
  const calls = unexpected.splice(0);
  if (calls.length > 0) throw new Error(`The page called what this test did not foresee: ${calls.join(", ")}`);
});

/**
 * Stands in for the server at fetch. `calls` lists the calls in order. A test may add handlers to the returned object
 * at any time.
 */
export function fakeApi(handlers: FakeHandlers) {
  const calls: { id: RouteId; query: unknown; body: unknown; headers: Headers }[] = [];
  vi.stubGlobal("fetch", async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, "http://localhost");
    const method = init.method ?? "GET";
    const found = match(method, url.pathname);
    const handler = found && handlers[found.id];
    if (!found || !handler) {
      unexpected.push(`${method} ${url.pathname}`);
      throw new TypeError("fetch failed");
    }
    const route = routes[found.id];
    const headers = new Headers(init.headers);
    const sent = route.kind === "upload" ? (init.body as FormData).get("settings") : init.body;
    const body = sent === undefined ? undefined : JSON.parse(String(sent));
    calls.push({ id: found.id, query: Object.fromEntries(url.searchParams), body, headers });
    try {
      const parsed = {
        params: route.params.parse(found.params),
        query: route.query.parse(Object.fromEntries(url.searchParams)),
        body: route.body.parse(body),
        headers,
      };
      const answer = await (handler as (call: unknown) => unknown)(parsed);
      if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
      return route.kind === "csv" ? new Response(String(answer)) : Response.json(answer, { status: route.status });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return Response.json(
        { success: false, error: error.message, code: error.code, problems: error.problems },
        { status: errorCodes[error.code] },
      );
    }
  });
  return Object.assign(handlers, { calls });
}

function match(method: string, pathname: string): { id: RouteId; params: Record<string, string> } | undefined {
  const matches = Object.entries(routes).flatMap(([id, route]) => {
    if (route.method !== method) return [];
    const names = [...route.path.matchAll(/:([a-zA-Z]+)/g)].map((found) => found[1] as string);
    const values = new RegExp(`^${route.path.replace(/:[a-zA-Z]+/g, "([^/]+)")}$`).exec(pathname);
    if (!values) return [];
    const params = Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index + 1] as string)]));
    return [{ id: id as RouteId, params }];
  });
  // "/contacts/count" comes before "/contacts/:id".
  return matches.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0];
}
