import type { TestGroup } from "#contract/field-tests.ts";
import type { ReEntryRule } from "#contract/node-definition.ts";
import type { ReadyFlow } from "./flow-graph.ts";

/** Whom a flow lets in. */
export interface EntryRule {
  reEntry: ReEntryRule;
  /** Only contacts who pass these tests. */
  onlyIf: TestGroup | undefined;
}

const everybody: EntryRule = { reEntry: { rule: "any_time" }, onlyIf: undefined };

/** The entry rule of a flow. A version that cannot be read lets everybody in; each execution then shows what is wrong with it. */
export function ruleOf(flow: ReadyFlow | undefined): EntryRule {
  if (!flow || flow.problem !== undefined) return everybody;
  const entry = flow.nodes.get(flow.entry);
  return {
    reEntry: entry?.definition.reEntry?.(entry.config) ?? everybody.reEntry,
    onlyIf: entry?.definition.entersIf?.(entry.config),
  };
}

/** Whether it matters to the rule who is or was in the flow. Then entrances are judged one after the other. */
export const asksWhoIsIn = ({ reEntry }: EntryRule): boolean => reEntry.rule !== "any_time";
