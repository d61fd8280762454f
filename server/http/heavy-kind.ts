import type { Route } from "#contract/route.ts";
import type { HeavyKind } from "./heavy-statements.ts";
import type { ParsedRequest } from "./parse-request.ts";

/** What a request is to the limits of heavy ones; undefined where it is none of them. */
export function heavyKindOf(route: Pick<Route, "heavy" | "kind" | "waitsOutside" | "rate">, request: ParsedRequest): HeavyKind | undefined {
  if (route.heavy === false || (route.heavy === "by_filter" && !choosesByFilter(request)))
    return route.rate === "send" && !route.waitsOutside ? "act" : undefined;
  if (route.heavy === "walks") return "walk";
  // A file is streamed for as long as its reader takes, and what waits for something else uses no core meanwhile.
  return route.kind !== "json" || route.waitsOutside ? "long" : "short";
}

/** Contacts that are named by their ids are read by these. A list without a filter is read in its order, until a page is full. */
function choosesByFilter({ query, body }: ParsedRequest): boolean {
  const { filter } = (query ?? {}) as { filter?: { search?: string; tests: readonly unknown[] } };
  const { selection } = (body ?? {}) as { selection?: { type: string } };
  return selection?.type === "filter" || (filter !== undefined && (filter.search !== undefined || filter.tests.length > 0));
}
