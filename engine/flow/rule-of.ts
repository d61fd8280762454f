import type { ReEntryRule } from "#contract/node-definition.ts";
import type { ReadyFlow } from "./flow-graph.ts";

/** The re-entry rule of a flow. A version that cannot be read lets everybody in; each execution then shows what is wrong with it. */
export function ruleOf(flow: ReadyFlow | undefined): ReEntryRule {
  if (!flow || flow.problem !== undefined) return { rule: "any_time" };
  const entry = flow.nodes.get(flow.entry);
  return entry?.definition.reEntry?.(entry.config) ?? { rule: "any_time" };
}
