import { describe, expect, test } from "vitest";
import { type Role, roles, type Scope, scopes } from "#contract/people.ts";
import type { Outcome } from "#engine/flow/node-executor.ts";
import { type NodeType, nodeDefinitions } from "#nodes/definitions.ts";
import { nodeExecutors } from "#nodes/executors.ts";
import { neededScopes } from "#nodes/graph/needed-scopes.ts";
import { nodeContext } from "#test/node-context.ts";
import { ApiError } from "../http/errors.ts";
import type { Principal } from "../http/handler.ts";
import { checkGraphAuthority } from "./check-graph-authority.ts";

// Effect × caller. The rows are all node types, with every configuration that has an effect of its own; the columns are
// every role and every combination of the scopes that a graph may need.

const graphScopes = ["flows:write", "flows:send", "contacts:read", "contacts:write", "secrets:use"] as const satisfies Scope[];

const combinations: Scope[][] = Array.from({ length: 2 ** graphScopes.length }, (_, bits) =>
  graphScopes.filter((_scope, place) => bits & (1 << place)),
);
const others = scopes.filter((scope) => scope !== "admin" && !(graphScopes as readonly Scope[]).includes(scope));
const keys: Scope[][] = [...combinations, others, [...others, "flows:write"], ["admin"]];

const key = (held: readonly Scope[]): Principal => ({
  ...{ kind: "key", userId: "k", madeBy: null, name: "Key", keyId: "k", workspaceId: "w" },
  scopes: held,
});
const person: Principal = { kind: "user", userId: "u", name: "Ana", email: "ana@example.com", sessionId: "s" };

/** What the effects of a node need, written here once more and by hand: a change of a definition has to change this too. */
const effects: Record<string, { type: NodeType; config?: object; needs: Scope[] }> = {
  ...Object.fromEntries(Object.keys(nodeDefinitions).map((type) => [type, { type: type as NodeType, needs: [] }])),
  update_contact: { type: "update_contact", needs: ["contacts:write"] },
  consent: { type: "consent", needs: ["contacts:write"] },
  "consent that opts in": { type: "consent", config: { sms: "opt_in", reason: "Asked" }, needs: ["contacts:write"] },
  start_flow: { type: "start_flow", needs: ["flows:send"] },
  leave_flows: { type: "leave_flows", needs: ["flows:send"] },
  webhook: { type: "webhook", needs: ["contacts:read"] },
  "webhook with a plain header": {
    type: "webhook",
    config: { url: "https://example.com/", headers: [{ name: "X-Plan", value: "{{ firstname }}" }] },
    needs: ["contacts:read"],
  },
  "webhook with a secret": {
    type: "webhook",
    config: {
      url: "https://example.com/",
      headers: [
        { name: "X-A", value: "a" },
        { name: "Authorization", value: "Bearer {{ secrets.x }}" },
      ],
    },
    needs: ["contacts:read", "secrets:use"],
  },
};

const graphOf = ({ type, config = nodeDefinitions[type].defaults }: { type: NodeType; config?: object }) => [
  { id: "start", type: "start", position: { x: 0, y: 0 }, data: {} },
  { id: "it", type, position: { x: 0, y: 0 }, data: { config: config as Record<string, unknown> } },
];

function passes(principal: Principal, role: Role, nodes: ReturnType<typeof graphOf>, also: Scope[] = []): boolean {
  try {
    checkGraphAuthority({ principal, role }, nodes, also);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === "forbidden") return false;
    throw error;
  }
}

describe.each(Object.entries(effects))("%s", (_name, effect) => {
  const nodes = graphOf(effect);
  const holds = (held: readonly Scope[], needed: readonly Scope[]) =>
    held.includes("admin") || needed.every((scope) => held.includes(scope));

  test("is saved by a key with exactly the scopes of its effects", () => {
    const wrong = keys.filter((held) => passes(key(held), "editor", nodes) !== holds(held, effect.needs));
    expect(wrong).toEqual([]);
  });

  test("is sent along by a key that may write flows too", () => {
    const wrong = keys.filter(
      (held) => passes(key(held), "editor", nodes, ["flows:write"]) !== holds(held, ["flows:write", ...effect.needs]),
    );
    expect(wrong).toEqual([]);
  });

  test("is for editors and above, where it has effects", () => {
    const may = roles.filter((role) => passes(person, role, nodes, ["flows:write"]));
    expect(may).toEqual(["editor", "admin", "owner"]);
  });
});

test("a node declares what the outcomes of its executor do", () => {
  const needsOf: Partial<Record<Outcome["type"], Scope>> = {
    change: "contacts:write",
    call: "contacts:read",
    start: "flows:send",
    leave: "flows:send",
  };
  for (const [type, definition] of Object.entries(nodeDefinitions)) {
    const executor = nodeExecutors[type as NodeType] as (context: unknown) => Outcome;
    const outcome = executor(nodeContext({ config: definition.config.parse(definition.defaults) }));
    const needed = needsOf[outcome.type];
    const declared = neededScopes(graphOf({ type: type as NodeType })).map(({ scope }) => scope);
    expect([type, outcome.type, declared]).toEqual([type, outcome.type, needed === undefined ? [] : expect.arrayContaining([needed])]);
  }
});

test("the refusal names every step and what it needs", () => {
  const nodes = graphOf(effects["webhook with a secret"] as { type: NodeType; config: object });
  try {
    checkGraphAuthority({ principal: key(["flows:send"]), role: "editor" }, nodes, ["flows:write"]);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      code: "forbidden",
      message: "This API key lacks the scopes flows:write, contacts:read, secrets:use, which this graph needs. Use a key that has them.",
      problems: [
        { path: "nodes.it", message: "The step “Webhook” needs the scope contacts:read" },
        { path: "nodes.it", message: "The step “Webhook” needs the scope secrets:use" },
      ],
    });
  }
});
