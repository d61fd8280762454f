import { z } from "zod";
import { executionStatuses } from "#contract/executions.ts";
import { defineNode } from "#contract/node-definition.ts";
import { missingFieldsResult, startedFlowResult } from "#contract/node-result.ts";
import { type Reason, reasons } from "#contract/reasons.ts";
import { missingFact, textFact } from "../results/facts.ts";
import { noFlow } from "../values/no-flow.ts";
import { templateText } from "../values/template-text.ts";

const Value = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "A name has up to 40 small letters, digits and underscores, and begins with a letter"),
  value: templateText(5000),
});

export const startFlow = defineNode({
  type: "start_flow",
  label: "Start another flow",
  description: "Starts another flow for the same contact, and waits for its end or not.",
  category: "logic",
  // It begins or ends executions of other flows than the one that is started.
  needs: () => ["flows:send"],
  config: z.strictObject({
    flowId: z.uuid("Choose a flow"),
    /** The values that the other flow is given. It reads them as `trigger.<name>`. */
    values: z
      .array(Value)
      .max(20)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "Two values have the same name")
      .default([]),
    wait: z.boolean().default(false),
    waitDays: z.number().int().min(1).max(366).default(30),
  }),
  defaults: { flowId: noFlow },
  output: z
    .strictObject({
      ...startedFlowResult,
      /** How the other flow ended, where its end was waited for. */
      status: z.enum(executionStatuses).nullable(),
      reason: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]).nullable(),
      ...missingFieldsResult,
    })
    .partial(),
  personal: [],
  describeResult: ({ execution_id, status, reason, fields }) => [
    ...textFact("Answer", status && `The other flow: ${status.replace("_", " ")}`),
    ...textFact("Reason", reason && reasons[reason].text),
    ...missingFact(fields),
    ...(execution_id === undefined ? [] : [{ kind: "execution", label: "Open the enrollment it began", value: execution_id } as const]),
  ],
  names: { templates: ["values.*.value"], flows: ["flowId"] },
  exits: ({ wait }) => [
    wait ? { handle: "finished", label: "Finished" } : { handle: "started", label: "Started" },
    { handle: "not_allowed", label: "Not allowed", optional: true },
    { handle: "failed", label: "Failed" },
  ],
  startsFlow: ({ flowId }) => flowId,
});
