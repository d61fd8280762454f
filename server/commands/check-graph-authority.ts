import type { FlowNode } from "#contract/flows.ts";
import { type Role, roleCovers, type Scope } from "#contract/people.ts";
import { neededScopes } from "#nodes/graph/needed-scopes.ts";
import { ApiError } from "../http/errors.ts";
import type { Principal } from "../http/handler.ts";
import { holdsScope, roleForScopes } from "../http/principal.ts";

export interface Authority {
  principal: Principal;
  role: Role;
}

/**
 * Refuses a graph that does more than its author may do. A stored graph runs with the authority of who saved it, so this
 * is asked wherever a graph comes in: when a flow is saved, and when a request brings its own.
 * @throws ApiError forbidden, with every node that needs more
 */
export function checkGraphAuthority({ principal, role }: Authority, nodes: readonly FlowNode[], also: readonly Scope[] = []): void {
  const may = (scope: Scope) => (principal.kind === "key" ? holdsScope(principal.scopes, scope) : roleCovers(role, roleForScopes([scope])));
  const missing = neededScopes(nodes).filter(({ scope }) => !may(scope));
  const lacking = [...new Set([...also.filter((scope) => !may(scope)), ...missing.map(({ scope }) => scope)])];
  if (lacking.length === 0) return;
  const names = lacking.join(", ");
  const sentence =
    principal.kind === "key"
      ? `This API key lacks the ${lacking.length === 1 ? "scope" : "scopes"} ${names}, which this graph needs. Use a key that has ${lacking.length === 1 ? "it" : "them"}.`
      : `Your role ${role} does not include ${names}, which this graph needs.`;
  throw new ApiError("forbidden", sentence, {
    problems: missing.map(({ nodeId, label, scope }) => ({
      path: `nodes.${nodeId}`,
      message: `The step “${label}” needs the scope ${scope}`,
    })),
  });
}
