import type { Child, NodeContext, NodeExecutor, Outcome } from "#engine/flow/node-executor.ts";
import { failBy, next, startFlow as start } from "#engine/flow/node-executor.ts";
import type { startFlow } from "./definition.ts";

/** The engine starts the other flow. Where the node waits for its end, the engine asks again at that end or when the time is over. */
export const executeStartFlow: NodeExecutor<typeof startFlow> = ({ config, waited, child, fill }) => {
  if (waited) return ended(child);
  const values: Record<string, string> = {};
  for (const { name, value } of config.values) {
    const { text, missing } = fill(value);
    if (text === undefined) return cannotFill(name, missing);
    values[name] = text;
  }
  return start({
    flowId: config.flowId,
    values,
    waitSeconds: config.wait ? config.waitDays * 86_400 : undefined,
    exits: { started: config.wait ? "finished" : "started", notAllowed: "not_allowed", failed: "failed" },
  });
};

function ended(child: Child | undefined): Outcome {
  const output = { status: child?.status ?? null };
  if (child?.status === "completed" || child?.status === "partial_failure") return next("finished", output);
  if (child?.status === "pending" || child?.status === "running") {
    return failBy("failed", "child_timeout", "The other flow did not end in the time it was waited for.", output);
  }
  return failBy("failed", "child_failed", "The other flow did not finish.", { ...output, reason: child?.reason ?? null });
}

function cannotFill(name: string, missing: ReturnType<NodeContext["fill"]>["missing"]): Outcome {
  if (!missing) return failBy("failed", "message_too_long", `The value "${name}" cannot be filled in.`);
  return failBy("failed", "template_missing_value", `These merge fields have no value: ${missing.join(", ")}.`, { fields: missing });
}
