import type { z } from "zod";
import { firstRoutes } from "#contract/first-routes.ts";
import type { Route } from "#contract/route.ts";
import type { RouteId, Routes } from "#contract/routes.ts";
import { authorization } from "./access-token.ts";
import { ApiError, parseJson, toApiError, unreachable } from "./api-error.ts";
import { currentWorkspaceId } from "./current-workspace.ts";
import { hearServerTime } from "./server-clock.ts";

type Field<Name extends string, Schema extends z.ZodType> =
  undefined extends z.input<Schema>
    ? { [K in Name]?: undefined }
    : Record<string, never> extends z.input<Schema>
      ? { [K in Name]?: z.input<Schema> }
      : { [K in Name]: z.input<Schema> };

/** The input of a route. Parts that may be empty may be left out. */
export type ApiInput<Id extends RouteId> = Field<"params", Routes[Id]["params"]> &
  Field<"query", Routes[Id]["query"]> &
  Field<"body", Routes[Id]["body"]> & {
    /** The file of an `upload` route. */
    file?: Blob;
    idempotencyKey?: string;
    signal?: AbortSignal;
  };
export type ApiOutput<Id extends RouteId> = z.output<Routes[Id]["response"]>;

// Biome reads the rest parameter as optional; it is required exactly when the route needs something.
type Inputs<Id extends RouteId> = Record<string, never> extends ApiInput<Id> ? [input?: ApiInput<Id>] : [input: ApiInput<Id>];

/**
 * Calls a route of the contract: `await api("getFlow", { params: { id } })`. Answers what the contract says, or throws
 * an ApiError; nothing else.
 */
export async function api<Id extends RouteId>(id: Id, ...[input]: Inputs<Id>): Promise<ApiOutput<Id>> {
  const route = await routeOf(id);
  const given: AnyInput = input ?? {};
  const headers = new Headers({ Accept: "application/json", ...(await authorization()) });
  const workspace = currentWorkspaceId();
  if (workspace !== null && route.auth.kind !== "public") headers.set("X-Workspace-Id", workspace);
  if (given.idempotencyKey !== undefined) headers.set("Idempotency-Key", given.idempotencyKey);

  const init: RequestInit = { method: route.method, headers, credentials: "same-origin", cache: "no-store" };
  if (given.signal) init.signal = given.signal;
  if (route.kind === "upload") {
    // The browser writes the content type, because it chooses the boundary of the form.
    const form = new FormData();
    form.set("settings", JSON.stringify(given.body));
    form.set("file", given.file ?? new Blob(), "file");
    init.body = form;
  } else if (given.body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(given.body);
  }

  const { response, text } = await send(path(route.path, given), init);
  if (!response.ok) throw toApiError(response.status, text);
  if (route.kind === "csv" || route.kind === "zip" || route.kind === "page") return text as ApiOutput<Id>;
  const parsed = route.response.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new ApiError(
      "unreadable_answer",
      response.status,
      "The server's answer is not what this page expects. Reload the page to get its newest version.",
    );
  }
  return parsed.data as ApiOutput<Id>;
}

/** The address of a route, for EventSource and downloads, which cannot carry a header: the workspace goes along in it. */
export function apiUrl<Id extends keyof typeof firstRoutes>(id: Id, input: Partial<Pick<ApiInput<Id>, "params" | "query">> = {}): string {
  return urlOf(firstRoutes, id, input as AnyInput);
}

/** The same for a route that no first page needs, of code that is fetched later and brings the routes along. */
export function urlOf<Table extends Record<string, AnyRoute>>(table: Table, id: keyof Table & string, given: AnyInput): string {
  const route = table[id] as AnyRoute;
  const workspace = currentWorkspaceId();
  const query = route.auth.kind === "member" && workspace !== null ? { workspaceId: workspace, ...given.query } : given.query;
  return path(route.path, { params: given.params, query });
}

type AnyRoute = Pick<Route, "auth" | "kind" | "method" | "path" | "response">;

const isFirst = (id: RouteId): id is keyof typeof firstRoutes => Object.hasOwn(firstRoutes, id);

/** The routes that no first page needs are fetched with the first call of one of them. */
async function routeOf(id: RouteId): Promise<AnyRoute> {
  if (isFirst(id)) return firstRoutes[id];
  try {
    const { furtherRoutes } = await import("#contract/further-routes.ts");
    return furtherRoutes[id as keyof typeof furtherRoutes];
  } catch {
    throw unreachable();
  }
}

interface AnyInput {
  params?: object;
  query?: object;
  body?: unknown;
  file?: Blob;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

async function send(url: string, init: RequestInit): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(url, init);
    hearServerTime(response.headers.get("date"));
    return { response, text: await response.text() };
  } catch (error) {
    // A caller that gave up is told so by its own signal; everything else that fetch throws means: no answer.
    if (init.signal?.aborted) throw error;
    throw unreachable();
  }
}

function path(pattern: string, { params = {}, query = {} }: Pick<AnyInput, "params" | "query">): string {
  const filled = pattern.replace(/:([a-zA-Z]+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}
