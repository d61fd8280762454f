import { CircleHelp, type LucideIcon } from "lucide-react";
import type { FlowNode } from "#contract/flows.ts";
import type { NodeExit } from "#contract/node-definition.ts";
import { findDefinition, type NodeType } from "./definitions.ts";
import { nodeForms } from "./forms.tsx";
import type { NodeForm } from "./node-form.tsx";

export interface NodeDescription {
  /** False for a type this Sluice does not have; it is shown, and marked, never dropped. */
  known: boolean;
  Icon: LucideIcon;
  /** What its author called it, else what its type is called. */
  label: string;
  /** What it does, in a line. */
  summary: string;
  /** Empty when the type is unknown or its settings are not complete. */
  exits: readonly NodeExit[];
}

const notSetUp = "Not set up yet";

/** A stored node as people see it, whatever state it is in. */
export const describeNode = (node: Pick<FlowNode, "type" | "data">): NodeDescription => {
  const definition = findDefinition(node.type);
  const label = node.data.label?.trim();
  if (!definition) {
    return { known: false, Icon: CircleHelp, label: label || node.type, summary: `Unknown node type “${node.type}”`, exits: [] };
  }
  const form: NodeForm = nodeForms[node.type as NodeType];
  const config = definition.config.safeParse(node.data.config ?? {});
  const summary = config.success ? form.summary(config.data) : notSetUp;
  return {
    known: true,
    Icon: form.Icon,
    label: label || definition.label,
    // A node called "Wait 1 day" need not say so twice.
    summary: summary === label ? definition.label : summary,
    exits: config.success ? definition.exits(config.data) : [],
  };
};

/** The icon of a type alone, for records that name a type without its settings. */
export const nodeIcon = (type: string): LucideIcon => (findDefinition(type) ? nodeForms[type as NodeType].Icon : CircleHelp);

/** What a type is called, for a record of a node that has no name of its own. */
export const nodeTypeLabel = (type: string): string => findDefinition(type)?.label ?? type;
