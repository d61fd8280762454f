import type { z } from "zod";
import type { NewApiKey, Scope } from "#contract/people.ts";
import { type RouteId, routes } from "#contract/routes.ts";

/** Chooses a route that the scopes of the key allow, the most useful one first. */
const examples: [Scope, RouteId][] = [
  ["contacts:read", "countContacts"],
  ["flows:read", "listFlows"],
  ["executions:read", "listSends"],
  ["messages:read", "listMessages"],
  ["admin", "listProviders"],
];

export function curlExample(origin: string, { key, apiKey }: z.output<typeof NewApiKey>): string {
  const authorization = `  -H "Authorization: Bearer ${key}"`;
  if (apiKey.scopes.includes("flows:send")) {
    return [
      `curl -X POST ${origin}${routes.executeForContact.path} \\`,
      `${authorization} \\`,
      `  -H "Content-Type: application/json" \\`,
      `  -d '{"workflowId": "<flow id>", "contactId": "<contact id>"}'`,
    ].join("\n");
  }
  const found = examples.find(([scope]) => apiKey.scopes.includes(scope));
  const path = found ? routes[found[1]].path : routes.health.path;
  return [`curl ${origin}${path} \\`, authorization].join("\n");
}
