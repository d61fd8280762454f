import type { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { isolated, plural } from "#ui/format.ts";

/** What a step is called: by its author, or else by its type. */
export const stepName = ({ type, data }: Pick<FlowNode, "type" | "data">): string =>
  data.label?.trim() || (findDefinition(type)?.label ?? type);

/** What the step of this id is called, for a sentence; the id, where there is none. */
export const nameIn = ({ nodes }: { nodes: readonly FlowNode[] }, id: string): string => {
  const node = nodes.find((one) => one.id === id);
  return isolated(node ? stepName(node) : id);
};

/** “Send SMS”, or "3 steps". */
export const namesIn = (content: Parameters<typeof nameIn>[0], ids: readonly string[]): string =>
  ids.length === 1 ? `“${nameIn(content, ids[0] as string)}”` : plural(ids.length, "step");
