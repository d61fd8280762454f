import { expect, test } from "vitest";
import type { HttpAnswer, NodeContext, Outcome } from "#engine/flow/node-executor.ts";
import type { ContextValues } from "#test/node-context.ts";
import { nodeContext } from "#test/node-context.ts";
import { type NodeType, nodeDefinitions } from "../definitions.ts";
import { nodeExecutors } from "../executors.ts";

type Given = Partial<ContextValues<unknown>> & Partial<Pick<NodeContext, "waiting" | "drawnFrom">>;

const holds = { tests: [{ field: "email", operator: "is_not_empty" }] };
const fails = { tests: [{ field: "email", operator: "is_empty" }] };
const over = { since: new Date("2026-11-01T00:00:00Z"), until: new Date("2026-11-02T00:00:00Z") };
const flowId = "00000000-0000-4000-8000-000000000001";
const answered = (more: Partial<Extract<HttpAnswer, { outcome: "answered" }>> = {}) => ({
  tries: 9,
  answer: {
    outcome: "answered" as const,
    status: 200,
    excerpt: "ok",
    fields: { id: 7, goal: "x" },
    retryAfterMs: undefined,
    durationMs: 3,
    ...more,
  },
});
const unanswered = (outcome: "refused" | "unreachable" | "timeout", tries = 1) => ({
  tries,
  answer: { outcome, message: "No.", durationMs: 3 },
});
const url = "https://example.com/";

/** Configurations and circumstances that lead to the outcomes of a node type beside the one of its defaults. */
const cases: Partial<Record<NodeType, [config: Record<string, unknown>, given?: Given][]>> = {
  end: [[{ result: "reached" }], [{}]],
  delay: [
    [{ mode: "duration", amount: 1, unit: "days", spreadSeconds: 60 }],
    [{ mode: "duration", amount: 1, unit: "business_days" }],
    [{ mode: "duration", amount: 1, unit: "days" }, { waited: true }],
    [{ mode: "until_time", time: "09:00" }],
    [{ mode: "until_date", field: "created_at", yearly: true }],
    ...["exit", "go_on", "next_possible"].map((past): [Record<string, unknown>] => [{ mode: "until_date", field: "created_at", past }]),
    ...["exit", "next_possible"].map((past): [Record<string, unknown>] => [{ mode: "until_date", field: "metadata.none", past }]),
  ],
  time_window: [
    [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }],
    [{ days: [1], from: "01:00", to: "02:00" }],
    [{ days: [1], from: "01:00", to: "02:00", outside: "drop" }],
  ],
  wait_for_reply: [
    [{ limitSeconds: 60 }],
    [{ limitSeconds: 60 }, { waited: true, waiting: over }],
    [{ limitSeconds: 60, cases: [{ id: "n", is: "number", from: 1 }] }, { replies: [{ id: flowId, channel: "sms", text: "4" }] }],
    [{ limitSeconds: 60 }, { replies: [{ id: flowId, channel: "sms", text: "hm" }] }],
  ],
  wait_until: [
    [{ ...holds, limitSeconds: 60 }],
    [{ ...fails, limitSeconds: 60 }],
    [
      { ...fails, limitSeconds: 60 },
      { waited: true, waiting: over },
    ],
  ],
  update_contact: [
    [{ changes: [{ field: "lead_status", operation: "set", value: "New" }] }],
    [{ changes: [{ field: "email", operation: "set", value: "nobody" }] }],
  ],
  consent: [[{ sms: "opt_out", reason: "Asked" }], [{ doNotContact: true }]],
  condition: [[{ branches: [{ id: "a", ...holds }] }], [{ branches: [{ id: "a", ...fails }] }]],
  split: [
    [
      {
        shares: [
          { id: "a", percent: 50 },
          { id: "b", label: "B", percent: 50 },
        ],
      },
    ],
  ],
  set_variable: [[{ name: "a", value: "{{ firstname }}" }], [{ name: "a", value: "" }], [{ name: "a", value: "{{ metadata.none }}" }]],
  go_to: [
    [{ target: "start", times: 2 }],
    [{ target: "start", times: 2, pauseSeconds: 60 }],
    [{ target: "start", times: 2 }, { place: { earlierVisits: 2 } }],
  ],
  goal: [
    [holds, { drawnFrom: "a" }],
    [holds],
    ...["continue", "wait", "end"].map((otherwise): [Record<string, unknown>] => [{ ...fails, otherwise }]),
    [
      { ...fails, otherwise: "wait" },
      { waited: true, waiting: over },
    ],
  ],
  webhook: [
    [{ url }],
    [{ url: `${url}{{ metadata.none }}` }],
    [{ url }, { answer: answered() }],
    [{ url }, { answer: answered({ fields: undefined }) }],
    [{ url }, { answer: answered({ status: 404 }) }],
    [{ url }, { answer: { ...answered({ status: 503 }), tries: 1 } }],
    [{ url }, { answer: unanswered("refused") }],
    [{ url }, { answer: unanswered("timeout") }],
    [{ url }, { answer: unanswered("unreachable", 9) }],
  ],
  start_flow: [
    [{ flowId }],
    [{ flowId, values: [{ name: "a", value: "{{ metadata.none }}" }] }],
    ...(["completed", "partial_failure", "failed", "cancelled", "running"] as const).map((status): [Record<string, unknown>, Given] => [
      { flowId, wait: true },
      { waited: true, child: { executionId: flowId, status, reason: status === "failed" ? "internal" : null } },
    ]),
    [{ flowId, wait: true }, { waited: true }],
  ],
};

/** What the node itself gives as result: with its outcome, or when it is asked what a change comes to. */
function outputOf(outcome: Outcome, context: NodeContext): unknown {
  if (outcome.type === "change") return outcome.decide({ ...context, spellStatus: (name) => name }).output;
  if (outcome.type === "next" && outcome.variables) return { ...outcome.output, variables: outcome.variables };
  return "output" in outcome ? outcome.output : undefined;
}

const all = (Object.keys(nodeDefinitions) as NodeType[]).flatMap((type) =>
  [[nodeDefinitions[type].defaults, undefined] as const, ...(cases[type] ?? [])].map(
    ([config, given], index) => [type, index, config, given] as const,
  ),
);

test.each(all)("%s gives nothing but what it declares, case %d", (type, _case, config, given) => {
  const definition = nodeDefinitions[type];
  const context = {
    ...nodeContext({ ...given, config: definition.config.parse(config) }),
    waiting: given?.waiting,
    drawnFrom: given?.drawnFrom,
  };
  const outcome = (nodeExecutors[type] as (context: NodeContext<unknown>) => Outcome)(context);
  const stored = JSON.parse(JSON.stringify(outputOf(outcome, context) ?? {}));
  expect(definition.output.safeParse(stored).error?.issues).toBeUndefined();
});
