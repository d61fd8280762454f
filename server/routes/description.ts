import type { Route } from "#contract/route.ts";
import { routes } from "#contract/routes.ts";
import { describeApi } from "../docs/openapi.ts";
import { renderDocs } from "../docs/page.ts";
import type { Handlers } from "../http/handler.ts";

const table: Record<string, Route> = routes;

export const descriptionRoutes = {
  openapi: async ({ resources }) => describeOnce(resources.publicUrl).openapi,

  docs: async ({ resources, res }) => {
    res.type("html").send(describeOnce(resources.publicUrl).docs);
    return undefined;
  },
} satisfies Pick<Handlers, "openapi" | "docs">;

interface Description {
  openapi: Record<string, unknown>;
  docs: string;
}

const made = new Map<string, Description>();

/**
 * Both descriptions are made once per address. They take 150 ms to make and are open to everybody, so making them for
 * each request would let strangers keep the server busy.
 */
function describeOnce(publicUrl: string): Description {
  let description = made.get(publicUrl);
  if (!description) {
    description = { openapi: describeApi(table, publicUrl), docs: renderDocs(table, publicUrl) };
    made.set(publicUrl, description);
  }
  return description;
}
