import type { Route } from "#contract/route.ts";
import { type RouteId, routes } from "#contract/routes.ts";
import type { Answer, Client } from "./http-client.ts";
import { routeSamples, type Sample, type SampleIds } from "./route-samples.ts";

export const routeTable = routes as unknown as Record<RouteId, Route>;
export const routeIds = Object.keys(routes) as RouteId[];

/** Calls a route with its sample, changed where a test wants to. */
export function callRoute(
  client: Client,
  id: RouteId,
  ids: SampleIds,
  change: (sample: Sample) => Sample = (sample) => sample,
): Promise<Answer> {
  const { params = {}, query = {}, ...ask } = change(routeSamples[id](ids));
  const route = routeTable[id];
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const search = new URLSearchParams(query).toString();
  return client.request(route.method, search ? `${path}?${search}` : path, ask);
}

const notOfWorkspace = new Set<keyof SampleIds>(["session", "invitationToken", "resetToken", "memberEmail", "instanceAdmin"]);

/** The ids of a workspace that a route's sample names. */
export function idsNamedBy(id: RouteId, ids: SampleIds): (keyof SampleIds)[] {
  const named = new Set<keyof SampleIds>();
  const watched = new Proxy(ids, {
    get(target, name) {
      named.add(name as keyof SampleIds);
      return target[name as keyof SampleIds];
    },
  });
  routeSamples[id](watched);
  return [...named].filter((name) => !notOfWorkspace.has(name));
}
